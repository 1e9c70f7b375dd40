namespace Savepoint.Cli.ConfigText;

/// <summary>A table's header or a key with its value.</summary>
/// <param name="Path">The full path of keys: of the table, or of the value within all tables.</param>
/// <param name="IsHeader">Whether it is a header, <c>[a.b]</c> or <c>[[a.b]]</c>.</param>
/// <param name="IsArray">Whether it is the header of an element of an array of tables, <c>[[a.b]]</c>.</param>
/// <param name="Start">The offset of its first byte.</param>
/// <param name="ValueStart">The offset of the value's first byte; the end, for a header.</param>
/// <param name="End">The offset behind its last byte, before a comment or the line's end.</param>
internal sealed record TomlStatement(IReadOnlyList<string> Path, bool IsHeader, bool IsArray, int Start, int ValueStart, int End)
{
    public bool IsWithin(params ReadOnlySpan<string> path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (i >= Path.Count || Path[i] != path[i])
            {
                return false;
            }
        }

        return true;
    }
}
