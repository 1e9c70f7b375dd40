using System.Text;
using Savepoint.Diffs;
using Savepoint.Events;
using Savepoint.Model;
using Savepoint.Storage;
using Savepoint.Storage.Milestones;
using Savepoint.Storage.Packs;
using Savepoint.Tests.Diffs;
using Savepoint.Tests.Storage.Milestones;
using Savepoint.Workspaces.Git;
using Savepoint.Workspaces.Ignore;
using Savepoint.Workspaces.Scanning;
using Xunit;

namespace Savepoint.Tests.Fuzzing;

/// <summary>
/// Each parser of the library over inputs that are nearly right. Some seconds here; <c>tests/fuzz/run MINUTES</c> gives each target
/// as long.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly string[] PathWords = ["../", "/", "a/b", "\0", ".git", "\"", "\\", "\r\n", "\e[2J", "CON", "\ud83d\ude00", "**/", "[!", "[[:alpha:]]", "{", "?", "!"];

    [Fact]
    public void Patches()
    {
        string[] words = [.. PathWords, "diff --git a/x b/x\n", "@@ -1,3 +1,3 @@\n", "GIT binary patch\n", "literal 5\n", "rename from a\n", "rename to b\n", "new file mode 100644\n", "old mode 120000\n", "\\ No newline at end of file\n", "--- a/x\n+++ b/x\n", "@@ -0,0 +1,999999999 @@\n", "index 0..1 160000\n"];
        var pairs = Enumerable.Range(1, 12).Select(seed => new TreePair(seed, 6)).ToList();
        var corpus = pairs.ConvertAll(pair => Patch.Create(pair.Changes, pair.Contents).ToBytes());
        Run("patches", corpus, words, bytes =>
        {
            if (!GitPatchParser.TryParse(bytes, out var patch, out _))
            {
                return false;
            }

            var pair = pairs[bytes.Length % pairs.Count];
            patch.Apply(path => TreePair.Version(pair.Before, path, pair.Contents), new PatchApplyOptions { MaxOffsetLineCount = 50 });
            try
            {
                _ = patch.Reverse().ToBytes();
            }
            catch (InvalidOperationException e) when (e.Message.Contains("only its forward direction", StringComparison.Ordinal))
            {
                // Documented: a binary patch need not have both.
            }

            return true;
        }, _ => false, 1_500);
    }

    [Fact]
    public void Ignore_files() => Run(
        "ignore files", ["*.o\n!keep.o\n/build/\ndoc/**/x?[a-z]\\ \n# note\n"u8.ToArray(), "**/node_modules/**\n[!a-c]*.[[:digit:]]\n\\#x\n\\!y\nfoo/**\n"u8.ToArray()], PathWords,
        bytes =>
        {
            var patterns = new List<IgnorePattern>();
            IgnoreFile.Parse(bytes, ignoreCase: bytes.Length % 2 == 0, patterns);
            var list = new IgnoreList(patterns);
            foreach (var path in (string[])["build", "a/b/c.o", "doc/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "node_modules/x/y"])
            {
                var name = Encoding.UTF8.GetBytes(path.Split('/')[^1]);
                _ = list.Find(name, Encoding.UTF8.GetBytes(path), isDirectory: path.Length % 2 == 0);
            }

            return patterns.Count > 0 && !bytes.Contains((byte)'!');
        }, _ => false, 1_500);

    [Fact]
    public void Revisions_and_positions_and_quoted_paths() => Run(
        "revisions", ["42"u8.ToArray(), "@-3"u8.ToArray(), "@{10m}"u8.ToArray(), "@{2026-11-22T10:00}"u8.ToArray(), "turn:abc"u8.ToArray(), "name"u8.ToArray(), "\"a\\303\\244\\n\""u8.ToArray(), "42.7"u8.ToArray()], ["@", "{", "}", "-", "turn:", "session:", "99999999999999999999", "\\", "\"", "\\777"],
        bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            _ = EventPosition.TryParse(text);
            if (PathQuoting.TryUnquote(bytes, out var path, out _))
            {
                _ = PathQuoting.Quote(path);
            }

            _ = Label.NameProblem(text);
            _ = Revision.Parse(text);
            return true;
        }, e => e is FormatException or ArgumentException or SavepointException, 20_000);

    [Fact]
    public void Git_files()
    {
        Run("git config", ["[core]\n\texcludesFile = ~/x\n[a \"b\"]\n c = d \\\n e ; f\n[include]\npath = \"x\\ty\"\n"u8.ToArray()], ["[", "]", "\"", "\\", "=", "\n", ";", "include"],
            bytes => GitConfigParser.TryParse(bytes, (_, _) => { }), _ => false, 5_000);
        Run("ewah", [[0, 0, 0, 64, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0]], [], bytes => EwahBitmap.Read(bytes) is not null, e => e is FormatException or InvalidDataException, 5_000);
    }

    [Fact]
    public void Codes_of_the_database()
    {
        byte[] content = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * i >> 3))];
        var changed = content.ToArray();
        changed[2500] ^= 1;
        byte[][] corpus = [ContentCodec.Compress(content, default), ContentCodec.Compress(changed, content), ContentSplice.TryEncode(changed, content)!, [1, 200, 1], [0, 1, (byte)'a', 3, 3, (byte)'b', (byte)'/', (byte)'c'], "{\"name\":\"x\",\"value\":1.5,\"unit\":\"ms\"}\n"u8.ToArray(), "{\"cause\":\"quota\",\"items\":3,\"bytesBefore\":4,\"bytesAfter\":5}"u8.ToArray()];
        Run("content frames", corpus, [], bytes =>
        {
            _ = ContentCodec.Decompress(bytes, bytes.Length % 2 == 0 ? default : content, 5000);
            return true;
        }, e => e is SavepointException, 4_000);
        Run("pack frames", corpus, [], bytes => ContentCodec.DecompressHead(bytes, new byte[5000], 100) >= 100, e => e is SavepointException, 4_000);
        Run("splices", corpus, [], bytes => ContentSplice.Decode(bytes, content, 5000).Length == 5000, e => e is SavepointException, 10_000);
        Run("row codes", corpus, [], bytes =>
        {
            _ = SkippedCode.Unpack(bytes);
            _ = ContentRows.ChunkList(bytes);
            return PackPlace.Parse(bytes).Pack >= 0;
        }, e => e is SavepointException, 20_000);
        Run("figures", corpus[5..6], ["\"", "{", "}", "null", "1e999", "[[[["], bytes => FigureLines.Read(Encoding.UTF8.GetString(bytes)).Count > 0, e => e is SavepointException, 3_000);
        Run("events", corpus[6..], ["\"", "{", "}", "null", "1e999", "[[[["], bytes => EventDetails.Read("snapshot:cleanup", Encoding.UTF8.GetString(bytes)) is not null, e => e is SavepointException, 3_000);
    }

    [Fact]
    public async Task Archives_and_indices()
    {
        using var history = new ArchivedHistory(seed: 4);
        string[] files;
        await using (var manager = await history.InitAsync(files: 6))
        {
            await history.WorkAsync(manager, steps: 6);
            var first = (await manager.MilestoneAsync("a", manager.Head!.Value)).Archive.File;
            await history.WorkAsync(manager, steps: 3);
            files = [first, (await manager.MilestoneAsync("b", manager.Head!.Value)).Archive.File, .. Directory.GetFiles(manager.StoreDirectory, "index-main")];
        }

        var corpus = files.Select(File.ReadAllBytes).ToArray();
        var blocks = BlocksOf(files[..2]);
        using var folder = new Workspaces.TemporaryFolder();
        var file = folder["7.l3"];
        Run("archives", corpus, [], bytes =>
        {
            File.WriteAllBytes(file, bytes);
            using var archive = MilestoneArchive.Open(file);
            return ReadAll(archive);
        }, e => e is SavepointException, 800);

        // A block's hash keeps nearly all of that from the parsers: these are given what a hash would let through.
        Run("archive blocks", blocks, [], bytes => ParseAll(bytes), e => e is SavepointException or ArgumentException, 8_000);
        Run("scan index", corpus, [], bytes => ScanIndex.TryRead(bytes) is not null, _ => false, 2_000);
    }

    private static bool ReadAll(MilestoneArchive archive)
    {
        foreach (var id in archive.Contents.Ids)
        {
            archive.Contents.CopyTo(archive.Contents.Find(id)!.Value, Stream.Null);
        }

        return archive.History().Count() + archive.Manifest().Count() + archive.Verifications().Count > 0;
    }

    private static bool ParseAll(byte[] bytes)
    {
        var parsed = 0;
        Func<object>[] parsers =
        [
            () => HistoryBlock.Read(bytes).ToList(), () => ManifestBlock.Read(bytes).ToList(), () => VerificationBlock.Read(bytes), () => ContentTable.Parse(bytes), () => MilestoneSummary.Parse(bytes),
        ];
        foreach (var parse in parsers)
        {
            try
            {
                parse();
                parsed++;
            }
            catch (SavepointException)
            {
                // Another kind of block, or a damaged one.
            }
        }

        return parsed > 0;
    }

    private static byte[][] BlocksOf(string[] files)
    {
        var blocks = new List<byte[]>();
        foreach (var path in files)
        {
            using var file = MilestoneFile.Open(path);
            blocks.AddRange(file.Blocks.Where(block => block.Kind != BlockKind.Pack).Select(file.Read));
        }

        return [.. blocks];
    }

    private void Run(string target, IReadOnlyList<byte[]> corpus, IReadOnlyList<string> words, Func<byte[], bool> run, Predicate<Exception> isDocumented, int count) =>
        Fuzzer.Run(target, new Mutator(corpus, words), run, isDocumented, count, output);
}
