using System.Runtime.InteropServices;
using Savepoint.Model;

namespace Savepoint.Workspaces;

/// <summary>
/// One directory of a scan: its entries, and its subdirectories to scan next. All directories of a scan, each sorted by
/// the thread that read it, are joined in path order without another comparison.
/// </summary>
/// <remarks>
/// In path order <c>a.txt</c> stands between the directory <c>a</c> and <c>a/b</c>, for '.' is less than '/'. So a
/// directory is sorted in twice: as an entry under its name, and as a place for its contents under its name and a '/'.
/// </remarks>
internal sealed class ScannedDirectory(WorkspacePath path, ITreeScope? parentScope)
{
    // Most directories of source trees hold fewer entries; two lists of this size cost less than growing to it.
    private const int UsualEntryCount = 16;

    private readonly List<ScannedEntry> _entries = new(UsualEntryCount);
    private readonly List<Slot> _slots = new(UsualEntryCount);

    /// <summary>Where it is.</summary>
    public WorkspacePath Path { get; } = path;

    /// <summary>The rules of the directory that holds it; those the scan was given, for the root.</summary>
    public ITreeScope? ParentScope { get; } = parentScope;

    /// <summary>Its subdirectories.</summary>
    public List<ScannedDirectory> Subdirectories { get; } = [];

    /// <summary>How many entries it has itself.</summary>
    public int EntryCount => _entries.Count;

    /// <summary>Takes an entry; for a directory to be scanned, with <paramref name="contents"/>.</summary>
    public void Add(in ScannedEntry entry, ScannedDirectory? contents)
    {
        _slots.Add(new Slot(entry.Path, _entries.Count, null));
        _entries.Add(entry);
        if (contents is not null)
        {
            _slots.Add(new Slot(entry.Path, -1, contents));
            Subdirectories.Add(contents);
        }
    }

    /// <summary>Forgets everything: what is known of it is only a part.</summary>
    public void Clear()
    {
        _entries.Clear();
        _slots.Clear();
        Subdirectories.Clear();
    }

    /// <summary>Puts what was added in order.</summary>
    public void Sort()
    {
        var nameStart = Path.IsRoot ? 0 : Path.Bytes.Length + 1;
        CollectionsMarshal.AsSpan(_slots).Sort(new SlotOrder(nameStart));
    }

    /// <summary>The entries of this directory and of all below it, in path order. Not recursive: a tree may be deeper than the stack.</summary>
    public ScannedEntry[] Flatten(int totalCount)
    {
        var all = new ScannedEntry[totalCount];
        var filled = 0;
        var open = new Stack<(ScannedDirectory Directory, int Next)>();
        open.Push((this, 0));
        while (open.TryPop(out var place))
        {
            var (directory, next) = place;
            while (next < directory._slots.Count && directory._slots[next].Contents is null)
            {
                all[filled++] = directory._entries[directory._slots[next++].EntryIndex];
            }

            if (next < directory._slots.Count)
            {
                open.Push((directory, next + 1));
                open.Push((directory._slots[next].Contents!, 0));
            }
        }

        return all;
    }

    // Either an entry or, with Contents, the place of what a subdirectory holds.
    private readonly record struct Slot(WorkspacePath Path, int EntryIndex, ScannedDirectory? Contents);

    /// <summary>Path order within one directory, whose own path all have in common. A struct, so that the sort inlines it.</summary>
    private readonly struct SlotOrder(int nameStart) : IComparer<Slot>
    {
        public int Compare(Slot x, Slot y)
        {
            var a = x.Path.Bytes[nameStart..];
            var b = y.Path.Bytes[nameStart..];
            var common = Math.Min(a.Length, b.Length);
            var order = a[..common].SequenceCompareTo(b[..common]);
            return order != 0 ? order : ByteAt(a, common, x) - ByteAt(b, common, y);
        }

        private static int ByteAt(ReadOnlySpan<byte> name, int index, in Slot slot) =>
            index < name.Length ? name[index] : slot.Contents is null ? -1 : '/';
    }
}
