using Savepoint.Diffs;
using Savepoint.Model;

namespace Savepoint.Cli.Clients;

/// <summary>An edit of a client's file as a patch, for people to see what would be written.</summary>
internal static class ConfigPatch
{
    public static Patch Of(FileEdit edit)
    {
        var contents = new Contents();
        var path = WorkspacePath.Parse(edit.File.TrimStart('/'));
        return Patch.Create([new FileChange(path, contents.StateOf(edit.Before), contents.StateOf(edit.After))], contents);
    }

    private sealed class Contents : IContentSource
    {
        private readonly Dictionary<ContentId, byte[]> _bytes = [];

        public FileState StateOf(byte[]? bytes)
        {
            if (bytes is null)
            {
                return FileState.None;
            }

            var id = ContentId.Of(bytes);
            _bytes[id] = bytes;
            return new FileState.Regular(UnixMode.DefaultFile, id, bytes.Length);
        }

        public byte[] Read(ContentId id) => _bytes[id];

        public void CopyTo(ContentId id, Stream destination) => destination.Write(_bytes[id]);
    }
}
