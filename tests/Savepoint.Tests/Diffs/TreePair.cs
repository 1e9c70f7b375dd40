using System.Text;
using Savepoint.Diffs;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Diffs;

/// <summary>
/// Two trees and the changes between them, drawn from a seed: edits of text of all kinds, binaries, modes, links, moves,
/// kinds that change, and the oddest names that a file system allows.
/// </summary>
internal sealed class TreePair
{
    private static readonly UnixMode Program = new(0b111_101_101);

    private static readonly byte[][] OddNames =
    [
        "plain.txt"u8.ToArray(), "with space"u8.ToArray(), "tab\there"u8.ToArray(), "quo\"te"u8.ToArray(), "new\nline"u8.ToArray(),
        "back\\slash"u8.ToArray(), "\u00fcml\u00e4ut"u8.ToArray(), [0xff, 0xfe, 0x80], "-dash"u8.ToArray(), "end "u8.ToArray(),
        "b/c d"u8.ToArray(), " b"u8.ToArray(), "cr\r"u8.ToArray(), "x b"u8.ToArray(), [0x01, 0x7f],
    ];

    private readonly Random _random;

    public TreePair(int seed, int changeCount, IReadOnlyList<byte[]>? realTexts = null)
    {
        _random = new Random(seed);
        Texts = new RandomText(_random, realTexts ?? []);
        for (var i = 0; i < changeCount; i++)
        {
            Add(i);
        }
    }

    public MemoryContents Contents { get; } = new();

    public Dictionary<WorkspacePath, FileState> Before { get; } = [];

    public Dictionary<WorkspacePath, FileState> After { get; } = [];

    public List<FileChange> Changes { get; } = [];

    private RandomText Texts { get; }

    /// <summary>The tree after the changes of a following pair: every file changed once more, removed or moved.</summary>
    public static TreePair Following(TreePair first, int seed)
    {
        var second = new TreePair(seed, 0) { };
        foreach (var (path, state) in first.After)
        {
            second.Before[path] = state;
            second.Continue(path, state, first.Contents);
        }

        return second;
    }

    /// <summary>Where a patch is applied: the tree before.</summary>
    public static FileVersion Version(IReadOnlyDictionary<WorkspacePath, FileState> tree, WorkspacePath path, IContentSource contents)
    {
        var state = tree.GetValueOrDefault(path, FileState.None);
        return new FileVersion(state, state.ContentId is { } id ? contents.Read(id) : default);
    }

    private void Add(int index)
    {
        var path = NewPath(index);
        var (before, after) = Texts.Pair();
        var mode = _random.Next(4) == 0 ? Program : UnixMode.DefaultFile;
        var old = Contents.File(before, mode);
        var changed = Contents.File(after, mode);
        switch (_random.Next(12))
        {
            case 0:
                Record(new FileChange(path, FileState.None, changed));
                break;
            case 1:
                Record(new FileChange(path, old, FileState.None));
                break;
            case 2:
                Record(new FileChange(path, old, Contents.File(before, mode == Program ? UnixMode.DefaultFile : Program)));
                break;
            case 3:
                Record(new FileChange(path, old, Contents.File(after, mode == Program ? UnixMode.DefaultFile : Program)));
                break;
            case 4:
                Record(new FileChange(NewPath(index, "moved "), old, old, path));
                break;
            case 5:
                Record(new FileChange(NewPath(index, "moved "), old, Contents.File(after, Program), path));
                break;
            case 6:
                Record(new FileChange(path, Contents.Link(Target()), Contents.Link(Target())));
                break;
            case 7:
                Record(_random.Next(2) == 0
                    ? new FileChange(path, Contents.Link(Target()), changed)
                    : new FileChange(path, old, Contents.Link(Target())));
                break;
            case 8:
                Record(_random.Next(2) == 0
                    ? new FileChange(path, FileState.None, Contents.Link(Target()))
                    : new FileChange(path, Contents.Link(Target()), FileState.None));
                break;
            default:
                Record(new FileChange(path, old, changed));
                break;
        }
    }

    private void Continue(WorkspacePath path, FileState state, MemoryContents known)
    {
        if (state is not FileState.Regular file || _random.Next(3) == 0)
        {
            KeepOrDelete(path, state, known);
            return;
        }

        var before = known.Read(file.Content);
        Contents.File(before);
        var after = Contents.File(Texts.Edit(before), file.Mode);
        if (_random.Next(4) == 0)
        {
            var target = WorkspacePath.Parse("second").Append(Encoding.ASCII.GetBytes($"n{After.Count}"));
            Record(new FileChange(target, state, after, path));
        }
        else
        {
            Record(new FileChange(path, state, after));
        }
    }

    private void KeepOrDelete(WorkspacePath path, FileState state, MemoryContents known)
    {
        if (state is FileState.Symlink link)
        {
            Contents.Link(known.Read(link.Target));
        }
        else
        {
            Contents.File(known.Read(state.ContentId!.Value));
        }

        if (_random.Next(3) == 0)
        {
            Record(new FileChange(path, state, FileState.None));
        }
        else
        {
            After[path] = state;
        }
    }

    private void Record(FileChange change)
    {
        if (change.OldPath is null && change.Before == change.After)
        {
            After[change.Path] = change.After;
            Before[change.Path] = change.Before;
            return;
        }

        Changes.Add(change);
        if (!change.Before.IsAbsent)
        {
            Before[change.OldPath ?? change.Path] = change.Before;
        }

        if (!change.After.IsAbsent)
        {
            After[change.Path] = change.After;
        }
    }

    private WorkspacePath NewPath(int index, string prefix = "")
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes($"{prefix}d{index % 5}/"), .. OddNames[_random.Next(OddNames.Length)], .. Encoding.ASCII.GetBytes($"{index}")];
        Assert.True(WorkspacePath.TryFromBytes(bytes, out var path));
        return path;
    }

    private byte[] Target() => Encoding.UTF8.GetBytes($"../to \u00e4 {_random.Next(1000)}");
}
