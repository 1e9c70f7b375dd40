using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>A failure as an answer: what, why, and what to do instead. Never a stack trace.</summary>
internal static class ToolFailure
{
    public static ToolAnswer Answer(Exception failure) => failure switch
    {
        SavepointException known => Answer(JsonNamingPolicy.KebabCaseLower.ConvertName(known.Code.ToString()), known.Message, known.Hint),
        UsageException usage => Answer("invalid-argument", usage.Message, usage.Hint),
        _ => Answer("unexpected", $"Unexpected failure: {failure.Message}", "Call the tool again; if it fails again, 'savepoint doctor' may say why."),
    };

    public static ToolAnswer Answer(string code, string message, string? hint)
    {
        var said = string.IsNullOrEmpty(hint) ? message : $"{message} {hint}";
        return new ToolAnswer(said, json =>
        {
            json.WriteString("error", code);
            json.WriteString("message", said);
        })
        { IsError = true };
    }
}
