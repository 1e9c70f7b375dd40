using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>rustc's diagnostics: in text a line with the message and below it one with the place; or an object in JSON a line, cargo's around it or not.</summary>
internal sealed partial class RustDiagnostics(DiagnosticTally tally) : ILineReader
{
    private const int MaxLineLength = 4096;

    private Diagnostic? _pending;

    public void Read(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("{\"", StringComparison.Ordinal))
        {
            ReadJson(line);
        }
        else if (line.Length <= MaxLineLength)
        {
            ReadText(line);
        }
    }

    /// <summary>What has no place is cargo's own, or another program's.</summary>
    public void End()
    {
        if (_pending is not null)
        {
            tally.AddLoose(_pending);
            _pending = null;
        }
    }

    // error[E0308]: mismatched types
    //  --> src/main.rs:3:5
    private void ReadText(ReadOnlySpan<char> line)
    {
        if (_pending is not null && line.TrimStart().StartsWith("--> ", StringComparison.Ordinal))
        {
            var place = Place().Match(line.ToString());
            tally.Add(place.Success ? _pending with { File = place.Groups["file"].Value, Line = Number(place, "line"), Column = Number(place, "column") } : _pending);
            _pending = null;
        }
        else if (line.StartsWith("error", StringComparison.Ordinal) || line.StartsWith("warning", StringComparison.Ordinal))
        {
            var head = Head().Match(line.ToString());
            var isEcho = !head.Success || DiagnosticLines.IsEcho(head.Groups["message"].Value) || Generated().IsMatch(head.Groups["message"].Value);
            End();
            _pending = isEcho ? null : new Diagnostic(
                head.Groups["severity"].Value == "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
                null, null, null, head.Groups["code"] is { Success: true } code ? code.Value : null, head.Groups["message"].Value);
        }
    }

    private void ReadJson(ReadOnlySpan<char> line)
    {
        if (line.IndexOf("\"compiler-message\"", StringComparison.Ordinal) < 0 && line.IndexOf("\"$message_type\":\"diagnostic\"", StringComparison.Ordinal) < 0)
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(line.ToString());
            var message = document.RootElement.Member("message") is { ValueKind: JsonValueKind.Object } inner ? inner : document.RootElement;
            var (level, text) = (message.Text("level"), message.Text("message"));
            if (text is null || level is not ("error" or "warning" or "error: internal compiler error") || DiagnosticLines.IsEcho(text) || Generated().IsMatch(text))
            {
                return;
            }

            var span = message.Items("spans").FirstOrDefault(candidate => candidate.Member("is_primary").ValueKind == JsonValueKind.True);
            tally.Add(new Diagnostic(
                level == "warning" ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
                span.Text("file_name"), span.Integer("line_start"), span.Integer("column_start"), message.Member("code").Text("code"), text));
        }
        catch (JsonException)
        {
            // A line that only begins like one.
        }
    }

    private static int? Number(Match match, string name) => int.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(?<severity>error|warning)(?:\[(?<code>\w+)\])?: (?<message>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Head();

    [GeneratedRegex(@"--> (?<file>.+?):(?<line>\d+):(?<column>\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    // `name` (lib) generated 1 warning; 3 warnings emitted
    [GeneratedRegex(@"generated \d+ warning|^\d+ warnings? emitted", RegexOptions.CultureInvariant)]
    private static partial Regex Generated();
}
