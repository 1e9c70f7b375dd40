using System.Text;
using System.Text.Json;

namespace Savepoint.Cli.ConfigText;

/// <summary>
/// What has to be put into a JSON text so that it also holds a given object: members that are missing are added, elements
/// are appended to the arrays that are there, and what is there stays as it is.
/// </summary>
internal sealed class JsonMerge
{
    private readonly JsonText _text;
    private readonly JsonStyle _style;
    private readonly List<TextInsertion> _insertions = [];

    private JsonMerge(JsonText text)
    {
        _text = text;
        _style = new JsonStyle(text);
    }

    /// <returns>In ascending order.</returns>
    /// <exception cref="JsonException">An object or array is needed where something else stands.</exception>
    public static List<TextInsertion> Insertions(JsonText text, JsonElement wanted)
    {
        var merge = new JsonMerge(text);
        if (text.Root is null)
        {
            merge.AddWhole(wanted);
        }
        else
        {
            merge.Merge(text.Root, wanted, "the whole");
        }

        merge._insertions.Sort((x, y) => x.At.CompareTo(y.At));
        return merge._insertions;
    }

    private void Merge(JsonSpan there, JsonElement wanted, string what)
    {
        if (there.Kind != wanted.ValueKind && (IsContainer(there.Kind) || IsContainer(wanted.ValueKind)))
        {
            throw new JsonException($"{what} is no {(wanted.ValueKind == JsonValueKind.Array ? "array" : "object")}");
        }

        if (there.Kind == JsonValueKind.Array)
        {
            Add(there, [.. wanted.EnumerateArray().Select(element => ((string?)null, element))]);
        }
        else if (there.Kind == JsonValueKind.Object)
        {
            var missing = new List<(string? Name, JsonElement Value)>();
            foreach (var member in wanted.EnumerateObject())
            {
                if (there.Member(member.Name) is { } present)
                {
                    Merge(present, member.Value, $"'{member.Name}'");
                }
                else
                {
                    missing.Add((member.Name, member.Value));
                }
            }

            Add(there, missing);
        }
    }

    private static bool IsContainer(JsonValueKind kind) => kind is JsonValueKind.Object or JsonValueKind.Array;

    private void AddWhole(JsonElement wanted)
    {
        var afterLine = _text.Bytes.Length == 0 || _text.Bytes[^1] == (byte)'\n' || _text.Bytes.AsSpan().SequenceEqual("\uFEFF"u8);
        Insert(_text.Bytes.Length, (afterLine ? "" : _style.NewLine) + _style.Format(null, wanted, "") + _style.NewLine);
    }

    private void Add(JsonSpan container, List<(string? Name, JsonElement Value)> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        var indent = _style.IsMultiline(container) ? _style.IndentWithin(container) : null;
        var texts = items.Select(item => (indent is null ? "" : _style.NewLine + indent) + _style.Format(item.Name, item.Value, indent));
        if (container.Children is [.., var last])
        {
            AddBehind(last, string.Join(indent is null ? ", " : ",", texts), isMultiline: indent is not null);
        }
        else
        {
            // What stands between the brackets, white space or comments, stays behind.
            var isOpen = indent is null || _text.Bytes.AsSpan(container.ValueStart..container.End).Contains((byte)'\n');
            Insert(container.ValueStart + 1, string.Join(indent is null ? ", " : ",", texts) + (isOpen ? "" : _style.NewLine + _style.IndentAt(container.Start)));
        }
    }

    /// <summary>A comment at the end of the last child's line stays with that child, and a trailing comma remains one.</summary>
    private void AddBehind(JsonSpan last, string items, bool isMultiline)
    {
        if (_text.CommaAfter(last) is { } comma)
        {
            Insert(isMultiline ? _text.SkipCommentsOfLine(comma + 1) : comma + 1, (isMultiline ? "" : " ") + items + ",");
            return;
        }

        var at = isMultiline ? _text.SkipCommentsOfLine(last.End) : last.End;
        if (at == last.End)
        {
            Insert(at, (isMultiline ? "," : ", ") + items);
        }
        else
        {
            Insert(last.End, ",");
            Insert(at, items);
        }
    }

    private void Insert(int at, string text) => _insertions.Add(new TextInsertion(at, Encoding.UTF8.GetBytes(text)));
}
