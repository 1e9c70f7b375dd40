namespace Savepoint.Model;

/// <summary>What a check is for.</summary>
public enum CheckKind
{
    /// <summary>Whether the state builds.</summary>
    Build,

    /// <summary>Whether its tests pass.</summary>
    Test,

    /// <summary>How fast it is.</summary>
    Bench,
}
