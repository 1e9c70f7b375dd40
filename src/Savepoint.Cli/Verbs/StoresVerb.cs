using Savepoint.Cli.Output;
using Savepoint.Cli.Settings;

namespace Savepoint.Cli.Verbs;

/// <summary><c>stores</c>: every workspace that has a history, and what each takes on disk.</summary>
internal sealed class StoresVerb() : Verb("stores", "List all stores with their sizes, and those whose workspace is gone.")
{
    public override IReadOnlyList<string> Examples =>
    [
        "savepoint stores",
        "savepoint untrack -C /old/project --delete    # delete one whose workspace is gone",
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        await invocation.FinishInterruptedAsync(cancellationToken).ConfigureAwait(false);
        var options = EffectiveSettings.Load(null).ToOptions();
        var stores = SnapshotManager.Stores(options);
        if (invocation.Terminal.IsJson)
        {
            Write(invocation.Terminal, options.StoreHome, stores);
        }
        else
        {
            Show(invocation.Terminal, stores);
        }

        return ExitCode.Done;
    }

    private static void Write(Terminal terminal, string home, IReadOnlyList<StoreSummary> stores) => terminal.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("storeHome", home);
        json.WriteStartArray("stores");
        foreach (var store in stores)
        {
            json.WriteStartObject();
            json.WriteString("workspace", store.Root);
            json.WriteString("store", store.StoreDirectory);
            json.WriteNumber("bytes", store.SizeBytes);
            json.WriteBoolean("tracked", store.IsTracked);
            json.WriteBoolean("orphan", store.IsOrphan);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("totalBytes", stores.Sum(store => store.SizeBytes));
        json.WriteEndObject();
    });

    private static void Show(Terminal terminal, IReadOnlyList<StoreSummary> stores)
    {
        foreach (var store in stores)
        {
            terminal.Line($"{Quantity.Bytes(store.SizeBytes),10}  {SafeText.Of(store.Root)}{Remark(store)}");
        }

        terminal.Line($"{Quantity.Bytes(stores.Sum(store => store.SizeBytes)),10}  {Quantity.Of(stores.Count, "store")}");
        foreach (var unused in stores.Where(store => store.IsOrphan || !store.IsTracked))
        {
            var name = CommandText.Quote(NameOf(unused, stores));
            terminal.Note($"'savepoint untrack -C {name} --delete' deletes {(name == unused.Root ? "that history" : $"the unused history of {unused.Root}")}, 'savepoint init --adopt {name}' gives it to the current directory");
        }
    }

    /// <summary>What means this history alone: its workspace's root, but where a directory stands there again, or another history was begun, the store's folder.</summary>
    private static string NameOf(StoreSummary store, IReadOnlyList<StoreSummary> stores) =>
        (store.IsTracked && Directory.Exists(store.Root)) || stores.Count(other => other.Root == store.Root) > 1 ? store.StoreDirectory : store.Root;

    private static string Remark(StoreSummary store) => store switch
    {
        { IsTracked: false } => "  (no longer tracked)",
        { IsOrphan: true } => "  (the workspace is gone)",
        _ => "",
    };
}
