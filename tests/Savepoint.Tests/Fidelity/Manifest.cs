namespace Savepoint.Tests.Fidelity;

/// <summary>What a tree holds, as find and sha256sum see it. Text that a failed comparison can show.</summary>
internal static class Manifest
{
    // What git owns is held in a manifest of its own; an unreadable file has no hash to compare.
    private const string Recorded = "-mindepth 1 -name .git -prune -o -name unreadable";

    /// <summary>Type, mode, path and link target of each file, directory and link; SHA-256 of each file.</summary>
    public static string OfTree(string root) => Sorted(Shell.Run(root, $"""
        find . {Recorded} -o \( -type f -o -type d -o -type l \) -printf '%y %m %p -> %l\0' 2>/dev/null || true
        find . {Recorded} -o -type f -print0 2>/dev/null | xargs -0 -r sha256sum --zero -- || true
        """));

    /// <summary>All that stands in any <c>.git</c>, times included.</summary>
    public static string OfGit(string root) => Sorted(Shell.Run(root, """
        find . -path '*/.git*' -printf '%y %m %T@ %p -> %l\0'
        find . -path '*/.git/*' -type f -print0 | xargs -0 -r sha256sum --zero --
        """));

    /// <summary>When each file and link was last written.</summary>
    public static string OfTimes(string root) => Sorted(Shell.Run(root, $"find . {Recorded} -o ! -type d -printf '%T@ %p\\0'"));

    private static string Sorted(string entries) => string.Join('\n', entries.Split('\0').Order(StringComparer.Ordinal));
}
