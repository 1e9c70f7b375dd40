using System.Globalization;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>
/// What go's compiler and vet say: places and messages without a word for how bad they are, since go has no warnings. The compiler's stand below a
/// line <c># package</c>.
/// </summary>
internal sealed partial class GoDiagnostics(DiagnosticTally tally) : ILineReader
{
    private const int MaxLineLength = 4096;

    private bool _isBelowPackage;

    public void Read(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("# ", StringComparison.Ordinal))
        {
            _isBelowPackage = true;
        }
        else if (line.Length is > 8 and <= MaxLineLength && line.IndexOf(".go:", StringComparison.Ordinal) > 0 && line[0] is not (' ' or '\t'))
        {
            // Without a package above it: a file that cannot be read at all, or an import that is not there.
            var match = Form().Match(line.ToString());
            if (match.Success && (_isBelowPackage || Loading().IsMatch(match.Groups["message"].Value)))
            {
                tally.Add(new Diagnostic(DiagnosticSeverity.Error, match.Groups["file"].Value, Number(match, "line"), Number(match, "column"), null, match.Groups["message"].Value));
            }
        }
        else if (!line.IsEmpty && line[0] is not ('\t' or ' '))
        {
            _isBelowPackage = false;
        }
    }

    private static int? Number(Match match, string name) => int.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(?:vet: )?(?<file>[^\s:][^:]*\.go):(?<line>\d+)(?::(?<column>\d+))?: (?<message>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?:expected |no required module|package .+ is not in std|cannot find |import cycle|found packages |use of internal)", RegexOptions.CultureInvariant)]
    private static partial Regex Loading();
}
