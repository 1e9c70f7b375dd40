using System.IO.Enumeration;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Workspaces.Portable;

/// <summary>A directory read by .NET's enumeration. A name that .NET could not decode is shown with U+FFFD, and its stat is an error.</summary>
internal sealed class PortableDirectoryReader : DirectoryReader
{
    private readonly string _place;
    private readonly WorkspacePath _directory;
    private readonly string[] _names;
    private int _current = -1;
    private byte[] _name = [];

    /// <param name="place">Where the directory is.</param>
    /// <param name="directory">Its path, for messages.</param>
    public PortableDirectoryReader(string place, WorkspacePath directory)
    {
        _place = place;
        _directory = directory;
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, MatchType = MatchType.Simple };
        _names = [.. new FileSystemEnumerable<string>(place, (ref FileSystemEntry entry) => entry.FileName.ToString(), options)];
    }

    public override ReadOnlySpan<byte> Name => _name;

    public override EntryType? Type => null;

    public override bool MoveNext()
    {
        if (_current + 1 >= _names.Length)
        {
            return false;
        }

        _current++;
        _name = Encoding.UTF8.GetBytes(_names[_current]);
        return true;
    }

    public override void Rewind() => _current = -1;

    public override EntryStat? Stat()
    {
        var path = _directory.Append(_name);
        try
        {
            var stat = PortableStat.Of(Path.Join(_place, _names[_current]));
            return stat is null && _names[_current].Contains(PortableName.Replacement)
                ? throw PortableName.Unrepresentable(path, "its name is not UTF-8")
                : stat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TreeErrors.FromException("stat", path, e);
        }
    }

    public override void Dispose()
    {
    }
}
