using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Workspaces;
using Xunit;

namespace Savepoint.Tests.Recording;

public sealed class StateReaderTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void A_store_that_fails_is_an_error_and_not_an_unreadable_file(int sizeBytes)
    {
        using var workspace = new Workspace();
        workspace.Write("a", new byte[sizeBytes]);
        using var tree = WorkspaceTree.Open(workspace.Root);
        var coverage = new CoverageBuilder();
        var reader = new StateReader(tree, new FailingSink(), new RecordingLimits(long.MaxValue, MaxWholeBytes: 1000), coverage);
        var path = WorkspacePath.Parse("a");

        Assert.Throws<SavepointException>(() => reader.Read(path, FileState.None));
        Assert.Throws<SavepointException>(() => reader.Read(path, new FileState.Regular(UnixMode.DefaultFile, ContentId.Of("b"u8), 1)));
        Assert.Empty(coverage.Build().Skipped);
    }

    private sealed class FailingSink : IContentSink
    {
        public bool Contains(ContentId id) => false;

        public void Add(ContentId id, byte[] content, ContentId? previous, ContentId? similar = null) => throw Failure();

        public (ContentId Id, long SizeBytes) Add(Stream content)
        {
            content.CopyTo(Stream.Null);
            throw Failure();
        }

        private static SavepointException Failure() => new(ErrorCode.Environment, "The store failed.", "");
    }
}
