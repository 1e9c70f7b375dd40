using System.Globalization;
using System.Text;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Savepoint.Cli.Mcp.Tools;
using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Mcp;

/// <summary>What a user can put into a conversation: the history, and what a snapshot did.</summary>
internal sealed class HistoryResources(OpenWorkspace open)
{
    private const string HistoryUri = "savepoint://history";
    private const string DiffPrefix = "savepoint://snapshot/";
    private const string DiffSuffix = "/diff";
    private const int HistoryCount = 50;

    public static ValueTask<ListResourcesResult> List(RequestContext<ListResourcesRequestParams> request, CancellationToken cancellationToken) => ValueTask.FromResult(new ListResourcesResult
    {
        Resources = [new Resource { Uri = HistoryUri, Name = "history", Title = "History of changes", Description = $"The last {HistoryCount} snapshots of the workspace, newest first.", MimeType = "application/json" }],
    });

    public static ValueTask<ListResourceTemplatesResult> ListTemplates(RequestContext<ListResourceTemplatesRequestParams> request, CancellationToken cancellationToken) => ValueTask.FromResult(new ListResourceTemplatesResult
    {
        ResourceTemplates = [new ResourceTemplate { UriTemplate = $"{DiffPrefix}{{number}}{DiffSuffix}", Name = "diff", Title = "Diff of a snapshot", Description = "What a snapshot changed, as a unified diff that git apply takes.", MimeType = "text/x-diff" }],
    });

    public async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params?.Uri ?? "";
        HeldWorkspace? held = null;
        try
        {
            var number = uri == HistoryUri ? (SnapshotNumber?)null : Number(uri) ?? throw Missing(uri);
            held = await open.TakeAsync(cancellationToken).ConfigureAwait(false);
            var (type, text) = number is { } snapshot ? ("text/x-diff", Diff(held.Workspace, snapshot)) : ("application/json", await HistoryAsync(held.Workspace, cancellationToken).ConfigureAwait(false));
            return new ReadResourceResult { Contents = [new TextResourceContents { Uri = uri, MimeType = type, Text = text }] };
        }
        catch (SavepointException e) when (e.Code == ErrorCode.UnknownRevision)
        {
            throw Missing(uri);
        }
        catch (SavepointException e)
        {
            throw new McpProtocolException($"{e.Message} {e.Hint}", McpErrorCode.InternalError);
        }
        finally
        {
            if (held is not null)
            {
                await held.GiveBackAsync().ConfigureAwait(false);
            }
        }
    }

    private static SnapshotNumber? Number(string uri) =>
        uri.StartsWith(DiffPrefix, StringComparison.Ordinal) && uri.EndsWith(DiffSuffix, StringComparison.Ordinal) && uri.Length > DiffPrefix.Length + DiffSuffix.Length
        && long.TryParse(uri[DiffPrefix.Length..^DiffSuffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new SnapshotNumber(number) : null;

    private static McpProtocolException Missing(string uri) =>
        new($"There is no resource {uri}. {HistoryUri} lists the snapshots; {DiffPrefix}42{DiffSuffix} is the diff of one.", McpErrorCode.ResourceNotFound);

    private static string Diff(SnapshotManager workspace, SnapshotNumber number)
    {
        var changes = workspace.GetSnapshot(number).Changes;
        var compared = PatchAnswer.Comparable(changes);
        var patch = Encoding.UTF8.GetString(Patch.Create(compared, workspace.Contents, PatchAnswer.Options).ToBytes());
        return compared.Count == changes.Count ? patch : $"{changes.Count - compared.Count} of {changes.Count} paths are left out: the tool show gives them, by paths.\n{patch}";
    }

    private static async Task<string> HistoryAsync(SnapshotManager workspace, CancellationToken cancellationToken)
    {
        var (snapshots, _) = await HistoryTool.ReadAsync(workspace, null, HistoryCount, cancellationToken).ConfigureAwait(false);
        var labels = workspace.Labels().ToLookup(label => label.Snapshot);
        return JsonMembers.Of(json =>
        {
            json.WriteStartArray("snapshots");
            foreach (var (snapshot, isUndone) in snapshots)
            {
                json.WriteStartObject();
                SnapshotSummary.WriteMembers(json, snapshot, labels[snapshot.Number], isUndone);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
