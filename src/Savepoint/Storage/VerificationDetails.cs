using System.Buffers;
using System.Text;
using System.Text.Json;
using Savepoint.Model;

namespace Savepoint.Storage;

/// <summary>What a verification says beyond numbers, as an object in JSON, so that any tool can read it in the database.</summary>
internal static class VerificationDetails
{
    /// <summary>Names of failing tests that are kept, and their characters in all; of a state in which more fail, none.</summary>
    private const int MaxNames = 10_000;

    private const int MaxNameCharacters = 1_000_000;

    private const int MaxErrors = 50;

    /// <summary>The text; null if there is nothing to say.</summary>
    public static string? Write(Verification verification)
    {
        var (failing, errors, commands) = (verification.FailingTests, verification.Errors, verification.Commands);
        if (failing is null && errors.Count == 0 && verification.ErrorCount == 0 && commands.IsEmpty)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteNames(json, failing);
            json.WriteNumber("errorCount", verification.ErrorCount);
            json.WriteStartArray("errors");
            foreach (var error in errors.Take(MaxErrors))
            {
                Write(json, error);
            }

            json.WriteEndArray();
            WriteIfAny(json, "build", commands.Build);
            WriteIfAny(json, "test", commands.Test);
            WriteIfAny(json, "bench", commands.Bench);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The verification with what the text says of it; null says nothing.</summary>
    /// <exception cref="SavepointException">It is not what <see cref="Write(Verification)"/> wrote.</exception>
    public static Verification Read(string? text, Verification verification)
    {
        if (text is null)
        {
            return verification;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement;
            return verification with
            {
                FailingTests = json.TryGetProperty("failing", out var names) ? [.. names.EnumerateArray().Select(name => name.GetString() ?? "")] : null,
                ErrorCount = json.GetProperty("errorCount").GetInt64(),
                Errors = [.. json.GetProperty("errors").EnumerateArray().Select(ReadError)],
                Commands = new CheckCommands(Text(json, "build"), Text(json, "test"), Text(json, "bench")),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SavepointException(ErrorCode.Damaged, "The details of a verification cannot be read.", "Run 'savepoint verify' to see what is lost and 'savepoint repair' to mend it.", e);
        }
    }

    private static void WriteNames(Utf8JsonWriter json, IReadOnlyList<string>? names)
    {
        if (names is null || names.Count > MaxNames || names.Sum(name => (long)name.Length) > MaxNameCharacters)
        {
            return;
        }

        json.WriteStartArray("failing");
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Diagnostic error)
    {
        json.WriteStartObject();
        WriteIfAny(json, "file", error.File);
        WriteIfAny(json, "line", error.Line);
        WriteIfAny(json, "column", error.Column);
        WriteIfAny(json, "code", error.Code);
        json.WriteString("message", error.Message);
        json.WriteEndObject();
    }

    private static Diagnostic ReadError(JsonElement json) =>
        new(DiagnosticSeverity.Error, Text(json, "file"), Number(json, "line"), Number(json, "column"), Text(json, "code"), Text(json, "message") ?? "");

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt32() : null;
}
