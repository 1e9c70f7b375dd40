using System.Text;
using Savepoint.Tests.Replay;

namespace Savepoint.Tests.Diffs;

/// <summary>Contents to merge, made up and real.</summary>
internal static class MergeCases
{
    /// <summary>
    /// Every line stands once in a content, and none moves, so that there is one way only to put the versions beside each other.
    /// Both sides replace, delete and insert; sometimes both do the same.
    /// </summary>
    public static MergeCase WithoutChoice(Random random)
    {
        var end = random.Next(3) == 0 ? "\r\n" : "\n";
        var lines = Enumerable.Range(0, random.Next(1, 40)).Select(i => Line($"base {i}")).ToList();
        var (ours, theirs) = (lines.ConvertAll(line => line), lines.ConvertAll(line => line));
        for (var edit = random.Next(6); edit >= 0; edit--)
        {
            var (at, count, added) = (random.Next(lines.Count + 1), random.Next(3), random.Next(3));
            switch (random.Next(5))
            {
                case 0 or 1:
                    Replace(ours, at, count, $"ours {edit}", added);
                    break;
                case 2 or 3:
                    Replace(theirs, at, count, $"theirs {edit}", added);
                    break;
                default:
                    Replace(ours, at, count, $"both {edit}", added);
                    Replace(theirs, at, count, $"both {edit}", added);
                    break;
            }
        }

        var unended = random.Next(4) == 0;
        return new MergeCase(Text(lines), Text(ours), Text(theirs));

        string Line(string text) => random.Next(5) == 0 ? $"{text};;{end}" : $"{text}{end}";

        // Once a side has changed a place, a line of it is not the base's any more: such edits are left out.
        void Replace(List<string> side, int at, int count, string name, int added)
        {
            at = Math.Min(at, side.Count);
            count = Math.Min(count, side.Count - at);
            side.RemoveRange(at, count);
            side.InsertRange(at, Enumerable.Range(0, added).Select(i => $"{name} {i}{end}"));
        }

        byte[] Text(List<string> side)
        {
            var text = string.Concat(side);
            return Encoding.ASCII.GetBytes(unended && text.Length > 0 ? text[..^end.Length] : text);
        }
    }

    /// <summary>Contents of few different lines, or source code, that both sides edit anyhow.</summary>
    public static MergeCase OfAnyKind(Random random)
    {
        while (true)
        {
            var text = new RandomText(random, SourceTexts.All);
            var ancestor = text.Any();
            var (ours, theirs) = (text.Edit(ancestor), text.Edit(ancestor));
            if (!ancestor.Contains((byte)0) && !ours.Contains((byte)0) && !theirs.Contains((byte)0))
            {
                return new MergeCase(ancestor, ours, theirs);
            }
        }
    }

    /// <summary>
    /// What reverts are made of: of a real package's files, a version, a later one, and the one before. Each is asked to take
    /// one release's change back and keep what the later ones did.
    /// </summary>
    public static IEnumerable<MergeCase> RealReverts(int maxDistance)
    {
        var files = new Dictionary<string, List<byte[]>>();
        foreach (var version in FastExport.ExpressVersions())
        {
            foreach (var (path, file) in version)
            {
                var versions = files.TryGetValue(path, out var known) ? known : files[path] = [];
                if (versions.Count == 0 || !versions[^1].AsSpan().SequenceEqual(file.Bytes))
                {
                    versions.Add(file.Bytes);
                }
            }
        }

        return
            from versions in files.Values
            where !versions.Exists(bytes => bytes.Contains((byte)0))
            from i in Enumerable.Range(1, Math.Max(0, versions.Count - 1))
            from distance in Enumerable.Range(1, maxDistance)
            where i + distance < versions.Count
            select new MergeCase(versions[i], versions[i + distance], versions[i - 1]);
    }
}
