namespace Savepoint.Model;

/// <summary>How far a policy may go by itself.</summary>
public enum PolicyMode
{
    /// <summary>Its trigger is not looked at.</summary>
    Off,

    /// <summary>It says what should be done, and does nothing.</summary>
    Suggest,

    /// <summary>It does it.</summary>
    Act,
}
