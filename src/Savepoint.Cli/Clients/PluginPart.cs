using System.Text;
using System.Text.Json;
using System.Text.Encodings.Web;
using Savepoint.Cli.ConfigText;

namespace Savepoint.Cli.Clients;

/// <summary>A file that is ours as a whole: the plug-in by which opencode tells us of its work.</summary>
internal sealed class PluginPart(string file, Installation target) : ConfigPart(file)
{
    private const string Resource = "opencode-plugin.js";
    private const string CommandBegin = "const command = ";

    /// <summary>The first words of the file, by which it is known.</summary>
    private static ReadOnlySpan<byte> Mark => "// Savepoint's plug-in for opencode"u8;

    public override IReadOnlyList<string> Wanted => OursIn(Source());

    public override IReadOnlyList<string> OursIn(byte[] text) => IsOurs(text) ? [Encoding.UTF8.GetString(text)] : [];

    public override IReadOnlyList<string> ProgramsIn(byte[] text)
    {
        var line = Encoding.UTF8.GetString(text).Split('\n').FirstOrDefault(line => line.StartsWith(CommandBegin, StringComparison.Ordinal));
        if (!IsOurs(text) || line is null)
        {
            return [];
        }

        using var command = JsonDocument.Parse(line[CommandBegin.Length..]);
        return command.RootElement is { ValueKind: JsonValueKind.Array } words && words.GetArrayLength() > 0 ? [words[0].ToString()] : [];
    }

    public override IReadOnlyList<TextInsertion> InsertionsInto(byte[] text) => text.Length == 0
        ? [new TextInsertion(0, Source())]
        : throw new JsonException("it is another plug-in of that name");

    public override byte[] Without(byte[] text) => IsOurs(text) ? [] : text;

    public override bool IsEmpty(byte[] text) => text.Length == 0;

    private static bool IsOurs(ReadOnlySpan<byte> text) => text.StartsWith(Mark);

    private byte[] Source()
    {
        using var resource = typeof(PluginPart).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        var words = new List<string> { target.Program, "hook", "opencode" };
        if (target.IsUser)
        {
            words.Add("--user");
        }

        var command = $"[{string.Join(", ", words.Select(word => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(word)}\""))}]";
        return Encoding.UTF8.GetBytes(reader.ReadToEnd().Replace("""["savepoint", "hook", "opencode"]""", command, StringComparison.Ordinal));
    }
}
