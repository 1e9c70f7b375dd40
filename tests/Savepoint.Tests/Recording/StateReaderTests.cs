using Savepoint.Model;
using Savepoint.Recording;
using Savepoint.Tests.Restoring;
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

    [Fact]
    public void A_file_that_is_written_while_it_is_read_is_recorded_and_named()
    {
        using var workspace = new Workspace();
        workspace.Write("a", Bytes(100));
        using var tree = new InterruptedTree(WorkspaceTree.Open(workspace.Root), _ => { }) { TearsReads = true };
        var coverage = new CoverageBuilder();
        var reader = new StateReader(tree, HashingSink.Instance, new RecordingLimits(long.MaxValue, MaxWholeBytes: 1000), coverage);

        Assert.IsType<FileState.Regular>(reader.Read(WorkspacePath.Parse("a"), FileState.None));

        Assert.Equal(new SkippedEntry(WorkspacePath.Parse("a"), SkipReason.Torn), Assert.Single(coverage.Build().Skipped));
        Assert.True(coverage.Build().IsComplete);
    }

    [Theory]
    [InlineData(5000, 5000 + 700)]
    [InlineData(5000, 300)]
    public void A_file_that_grows_or_shrinks_while_it_is_read_is_recorded_as_it_was_read(int sizeBytes, int laterBytes)
    {
        using var workspace = new Workspace();
        workspace.Write("a", Bytes(sizeBytes));
        using var tree = WorkspaceTree.Open(workspace.Root);
        var sink = new SinkThatResizes(workspace.At("a"), laterBytes);
        var reader = new StateReader(tree, sink, new RecordingLimits(long.MaxValue, MaxWholeBytes: 1000), new CoverageBuilder());

        var state = Assert.IsType<FileState.Regular>(reader.Read(WorkspacePath.Parse("a"), FileState.None));

        Assert.Equal(Math.Min(sizeBytes, laterBytes), state.SizeBytes);
        Assert.Equal(ContentId.Of(sink.Kept), state.Content);
        Assert.Equal(Bytes(sizeBytes)[..(int)state.SizeBytes], sink.Kept);
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    /// <summary>Changes the file's length once its first bytes were read.</summary>
    private sealed class SinkThatResizes(string file, int laterBytes) : IContentSink
    {
        public byte[] Kept { get; private set; } = [];

        public bool Contains(ContentId id) => false;

        public void Add(ContentId id, byte[] content, ContentId? previous, ContentId? similar = null) => Assert.Fail("The file is too large to be read whole.");

        public (ContentId Id, long SizeBytes) Add(Stream content)
        {
            var first = new byte[100];
            content.ReadExactly(first);
            using (var open = File.OpenWrite(file))
            {
                open.SetLength(laterBytes);
            }

            using var rest = new MemoryStream();
            content.CopyTo(rest);
            Kept = [.. first, .. rest.ToArray()];
            return (ContentId.Of(Kept), Kept.Length);
        }
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
