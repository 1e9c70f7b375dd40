using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Cli.Output;

/// <summary>What checks found out about a state.</summary>
internal static class VerificationJson
{
    /// <summary>The newest state that passed, as <c>lastVerified</c>.</summary>
    public static void WriteLast(Utf8JsonWriter json, Verification? verification)
    {
        if (verification is null)
        {
            json.WriteNull("lastVerified");
            return;
        }

        json.WriteStartObject("lastVerified");
        WriteMembers(json, verification);
        json.WriteEndObject();
    }

    /// <summary>Writes the members of the object, which the caller opens and closes.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Verification verification)
    {
        json.WriteSnapshot("snapshot", verification.Snapshot);
        json.WriteTime("time", verification.Time);
        json.WriteString("build", JsonNames.Of(verification.Build));
        if (verification.Tests is { } tests)
        {
            json.WriteStartObject("tests");
            json.WriteNumber("passed", tests.Passed);
            json.WriteNumber("failed", tests.Failed);
            json.WriteNumber("skipped", tests.Skipped);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("tests");
        }
    }
}
