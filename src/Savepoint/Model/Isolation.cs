namespace Savepoint.Model;

/// <summary>What keeps work in a branch apart from the workspace.</summary>
public enum Isolation
{
    /// <summary>A directory of its own, which every process sees.</summary>
    Copy,

    /// <summary>A layer over a frozen base, which only the commands see that are run in it. Linux only.</summary>
    Overlay,
}
