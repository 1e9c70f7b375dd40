namespace Savepoint.Editing;

/// <summary>What became of a text: the file's new bytes, or why there are none.</summary>
internal readonly record struct TextEdit(byte[]? File, string? Problem)
{
    public static TextEdit Done(byte[] file) => new(file, null);

    public static TextEdit Failed(string problem) => new(null, problem);

    /// <summary>The replacement has a character that the file's encoding has not.</summary>
    public static TextEdit Unwritable(string name) =>
        Failed($"{name} is written in Latin-1 (one byte a character), which has no place for a character of the new text. Use only characters up to U+00FF, or write the whole file anew: it is then UTF-8.");
}
