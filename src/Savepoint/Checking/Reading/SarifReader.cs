using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>SARIF 2.1.0 (OASIS) and 1.0.0, which compilers and analyzers write: the results of each run.</summary>
internal static class SarifReader
{
    /// <summary>Adds what the document says; a document of another form adds nothing.</summary>
    public static void Read(JsonElement document, DiagnosticTally tally)
    {
        foreach (var run in document.Items("runs"))
        {
            foreach (var result in run.Items("results").Where(result => !IsSuppressed(result)))
            {
                // "warning" is what a missing level means, unless the rule says otherwise, which the writers of it repeat here.
                var level = result.Text("level") ?? "warning";
                if (level is "error" or "warning")
                {
                    Add(result, level == "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning, tally);
                }
            }
        }
    }

    private static void Add(JsonElement result, DiagnosticSeverity severity, DiagnosticTally tally)
    {
        // Version 1, which Roslyn writes unless told otherwise, has a file for the location and a text for the message.
        var location = result.Items("locations").FirstOrDefault();
        var place = location.Member("physicalLocation") is { ValueKind: JsonValueKind.Object } physical ? physical : location.Member("resultFile");
        var region = place.Member("region");
        var message = result.Text("message") ?? result.Member("message").Text("text") ?? result.Member("message").Text("markdown") ?? result.Text("ruleId") ?? "";
        tally.Add(new Diagnostic(severity, place.Member("artifactLocation").Text("uri") ?? place.Text("uri"), region.Integer("startLine"), region.Integer("startColumn"), result.Text("ruleId"), message.ReplaceLineEndings(" ")));
    }

    private static bool IsSuppressed(JsonElement result) => result.Items("suppressions").Any(suppression => suppression.Text("status") is null or "accepted");
}
