using System.CommandLine;
using Savepoint.Cli.Output;
using Savepoint.Model;

namespace Savepoint.Cli.Verbs;

/// <summary><c>verify</c>: compares everything in the store with its hash.</summary>
internal sealed class VerifyVerb() : Verb("verify", "Check every record and content of the store against its hash.")
{
    private readonly Option<bool> _deep = new("--deep") { Description = "Check the structure of the whole database, and every byte of the milestones' archives, as well." };

    public override IReadOnlyList<string> Examples => ["savepoint verify", "savepoint verify --deep --json"];

    public override string Details => "The exit code is 5 if anything is damaged.";

    public override void Declare(Command command) => command.Add(_deep);

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var found = await FindAsync(invocation, cancellationToken).ConfigureAwait(false);
        if (invocation.Terminal.IsJson)
        {
            invocation.Terminal.Json(json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("ok", found.IsClean);
                json.WriteNumber("snapshots", found.SnapshotCount);
                json.WriteNumber("contents", found.ContentCount);
                json.WriteStartArray("problems");
                foreach (var problem in found.Problems)
                {
                    json.WriteStringValue(problem);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
        }
        else
        {
            foreach (var problem in found.Problems)
            {
                invocation.Terminal.Line(SafeText.Of(problem));
            }

            if (found.IsClean)
            {
                invocation.Terminal.Say($"All is well: {Quantity.Of(found.SnapshotCount, "snapshot")} and {Quantity.Of(found.ContentCount, "content")} hold what their hashes say.");
            }
        }

        if (found.IsClean)
        {
            return ExitCode.Done;
        }

        invocation.Terminal.Error($"The store is damaged: {Quantity.Of(found.Problems.Count, "problem")}.", "'savepoint repair' rebuilds what can still be read, and deletes nothing.");
        return ExitCode.Damaged;
    }

    /// <summary>What a verification finds; of a store that cannot even be opened, why.</summary>
    private async Task<StoreDamage> FindAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        using var progress = Progress.Start(invocation.Terminal, "checking the store");
        try
        {
            await using var workspace = await invocation.OpenAsync(cancellationToken).ConfigureAwait(false);
            return workspace.Verify(invocation.Get(_deep), cancellationToken);
        }
        catch (SavepointException e) when (e.Code == ErrorCode.Damaged)
        {
            return new StoreDamage(0, 0, [e.Message]);
        }
    }
}
