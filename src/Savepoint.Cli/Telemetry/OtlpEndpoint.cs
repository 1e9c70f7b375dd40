namespace Savepoint.Cli.Telemetry;

/// <summary>Where metrics and traces go: what <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names, as OpenTelemetry defines it.</summary>
internal static class OtlpEndpoint
{
    public const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether anything is to be exported.</summary>
    public static bool IsSet => Text.Length > 0;

    /// <summary>The collector's base address; null if none is named, or it is none that we can reach.</summary>
    public static Uri? Address => Uri.TryCreate(Text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp ? address : null;

    public static string Text => Environment.GetEnvironmentVariable(Variable)?.Trim() ?? "";
}
