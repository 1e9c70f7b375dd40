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
    public void A_large_file_that_is_written_while_it_is_read_is_read_again(int sizeBytes, int laterBytes)
    {
        var (state, kept, skipped) = ReadWhileResized(sizeBytes, laterBytes);

        Assert.Equal((laterBytes, ContentId.Of(kept)), (state.SizeBytes, state.Content));
        Assert.Equal(Bytes(sizeBytes)[..Math.Min(sizeBytes, laterBytes)], kept[..Math.Min(sizeBytes, laterBytes)]);
        Assert.Empty(skipped);
    }

    [Theory]
    [InlineData(5700, 5800, 5700)]
    [InlineData(5700, 300, 300)]
    public void A_large_file_that_is_written_each_time_is_recorded_as_it_was_read_and_named(int secondBytes, int thirdBytes, int readBytes)
    {
        var (state, kept, skipped) = ReadWhileResized(5000, secondBytes, thirdBytes);

        Assert.Equal((readBytes, ContentId.Of(kept)), (state.SizeBytes, state.Content));
        Assert.Equal(new SkippedEntry(WorkspacePath.Parse("a"), SkipReason.Torn), Assert.Single(skipped));
    }

    private static (FileState.Regular State, byte[] Kept, IReadOnlyList<SkippedEntry> Skipped) ReadWhileResized(int sizeBytes, params int[] laterBytes)
    {
        using var workspace = new Workspace();
        workspace.Write("a", Bytes(sizeBytes));
        using var tree = WorkspaceTree.Open(workspace.Root);
        var (sink, coverage) = (new SinkThatResizes(workspace.At("a"), laterBytes), new CoverageBuilder());
        var reader = new StateReader(tree, sink, new RecordingLimits(long.MaxValue, MaxWholeBytes: 200), coverage);
        var state = Assert.IsType<FileState.Regular>(reader.Read(WorkspacePath.Parse("a"), FileState.None));
        return (state, sink.Kept, coverage.Build().Skipped);
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    /// <summary>Changes the file's length once its first bytes were read, each time to the next.</summary>
    private sealed class SinkThatResizes(string file, int[] laterBytes) : IContentSink
    {
        private int _count;

        public byte[] Kept { get; private set; } = [];

        public bool Contains(ContentId id) => false;

        public void Add(ContentId id, byte[] content, ContentId? previous, ContentId? similar = null) => Assert.Fail("The file is too large to be read whole.");

        public (ContentId Id, long SizeBytes) Add(Stream content)
        {
            var first = new byte[100];
            content.ReadExactly(first);
            if (_count < laterBytes.Length)
            {
                using var open = File.OpenWrite(file);
                open.SetLength(laterBytes[_count++]);
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
