namespace Savepoint.Storage;

/// <summary>Where the folders of branches are in a store's own (docs/file-format.md).</summary>
internal static class BranchFolders
{
    /// <summary>The names of all folders that hold one for each branch or base.</summary>
    public static IReadOnlyList<string> Names { get; } = ["branches", "copies", "layers", "bases"];

    /// <summary>What a branch has for itself of what <c>main</c> has in the store's own folder: lock, watcher's place, scan index.</summary>
    public static string Of(string store, long id) => Numbered(store, "branches", id);

    /// <summary>Those of all branches that have one.</summary>
    public static IReadOnlyList<string> All(string store) => Below(store, "branches");

    /// <summary>The working copies that are not elsewhere.</summary>
    public static IReadOnlyList<string> Copies(string store) => Below(store, "copies");

    /// <summary>Where a branch's working copy is, unless it was wanted elsewhere: named after the branch, as far as a file can be.</summary>
    public static string Copy(string store, string name, long id)
    {
        var safe = new string([.. name.Take(80).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')]);
        var plain = Path.Combine(store, "copies", safe);
        return safe == name && !name.StartsWith('.') && !Path.Exists(plain) ? plain : Path.Combine(store, "copies", $"{safe.TrimStart('.')}-{id}");
    }

    /// <summary>The folder of an overlay's own layer.</summary>
    public static string Layer(string store, long id) => Numbered(store, "layers", id);

    /// <summary>The folder of a frozen base.</summary>
    public static string Base(string store, long id) => Numbered(store, "bases", id);

    private static IReadOnlyList<string> Below(string store, string kind) =>
        Path.Combine(store, kind) is var folder && Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)] : [];

    private static string Numbered(string store, string kind, long number) => Path.Combine(store, kind, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
