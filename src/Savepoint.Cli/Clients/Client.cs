namespace Savepoint.Cli.Clients;

/// <summary>An agent's client: where its configuration is, and what of ours belongs into it.</summary>
/// <param name="name">As <c>install</c> and <c>hook</c> call it.</param>
/// <param name="title">As its makers write it.</param>
internal abstract class Client(string name, string title)
{
    /// <summary>How long a hook may take before the client gives it up. It gives up by itself after five seconds.</summary>
    protected const int TimeoutSeconds = 10;

    public static IReadOnlyList<string> Names { get; } = ["claude-code", "codex", "gemini", "opencode"];

    public string Name { get; } = name;

    public string Title { get; } = title;

    /// <summary>The client of this name; null if none is known.</summary>
    public static Client? Find(string? name) => name switch
    {
        "claude-code" => new ClaudeCode(),
        "codex" => new Codex(),
        "gemini" => new GeminiCli(),
        "opencode" => new OpenCode(),
        _ => null,
    };

    /// <summary>What belongs into which of its files.</summary>
    public abstract IReadOnlyList<ConfigPart> Parts(Installation target);

    /// <summary>Which of its files ours may stand in, where they are to be taken out.</summary>
    public virtual IReadOnlyList<ConfigPart> PartsToTakeOut(Installation target) => Parts(target);

    /// <summary>What the user has to know or do before it works; a sentence each.</summary>
    public abstract IReadOnlyList<string> Advice(Installation target);
}
