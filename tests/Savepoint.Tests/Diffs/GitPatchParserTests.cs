using System.Text;
using CsCheck;
using Savepoint.Diffs;
using Xunit;

namespace Savepoint.Tests.Diffs;

public sealed class GitPatchParserTests
{
    [Theory]
    [InlineData("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "x")]
    [InlineData("--- x\n+++ x\n@@ -1 +1 @@\n-a\n+b\n", "x")]
    [InlineData("--- src/x\n+++ src/x\n@@ -1 +1 @@\n-a\n+b\n", "src/x")]
    [InlineData("--- old/src/x\t2026-11-22 10:00:00.000000000 +0000\n+++ new/src/x\t2026-11-22 10:00:01\n@@ -1 +1 @@\n-a\n+b\n", "src/x")]
    [InlineData("--- a/x y\t\n+++ b/x y\t\n@@ -1 +1 @@\n-a\n+b\n", "x y")]
    [InlineData("--- \"a/x\\ny\"\n+++ \"b/x\\ny\"\n@@ -1 +1 @@\n-a\n+b\n", "x\ny")]
    [InlineData("--- a/x\r\n+++ b/x\r\n@@ -1 +1 @@\r\n-a\n+b\n", "x")]
    [InlineData("From: me\n\n---\n x | 2 +-\n\ndiff --git a/x b/x\nindex 123..456 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@ f()\n-a\n+b\n-- \n2.39\n", "x")]
    public void A_one_line_change_is_read_from_any_dialect(string text, string path)
    {
        var patch = GitPatchParser.Parse(Encoding.ASCII.GetBytes(text));
        Assert.Equal(path, Assert.Single(patch.Files).Path.ToString());
        var contents = new MemoryContents();
        var result = patch.Apply(_ => new FileVersion(contents.File("a\n"u8.ToArray()), "a\n"u8.ToArray()));
        Assert.Equal("b\n"u8.ToArray(), Assert.Single(Assert.IsType<PatchApplyResult.Applied>(result).Files).After.Content.ToArray());
    }

    [Theory]
    [InlineData("--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+b\n", true)]
    [InlineData("--- x\t1970-01-01 00:00:00.000000000 +0000\n+++ x\t2026-11-22 10:00:01\n@@ -0,0 +1 @@\n+b\n", true)]
    [InlineData("--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n", false)]
    public void A_plain_diff_can_make_and_remove_a_file(string text, bool isCreation)
    {
        var file = Assert.Single(GitPatchParser.Parse(Encoding.ASCII.GetBytes(text)).Files);
        Assert.Equal((isCreation, !isCreation, "x"), (file.IsCreation, file.IsDeletion, file.Path.ToString()));
    }

    [Theory]
    [InlineData("nothing of a patch\n", 1)]
    [InlineData("--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n", 1)]
    [InlineData("--- /etc/passwd\n+++ /etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", 1)]
    [InlineData("--- a/.git/config\n+++ b/.git/config\n@@ -1 +1 @@\n-a\n+b\n", 1)]
    [InlineData("--- a/x/.GIT/hooks/y\n+++ b/x/.GIT/hooks/y\n@@ -1 +1 @@\n-a\n+b\n", 1)]
    [InlineData("--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n", 1)]
    [InlineData("--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n+b\n", 6)]
    [InlineData("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b", 5)]
    [InlineData("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -1 +1 @@\n-a\n+b\n", 6)]
    [InlineData("--- a/x\n+++ b/x\n@@ -99999999999 +1 @@\n-a\n+b\n", 3)]
    [InlineData("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n\\ No newline at end of file\n-b\n+c\n+d\n", 6)]
    [InlineData("diff --git a/x b/x\nold mode 100644\nnew mode 160000\n", 3)]
    [InlineData("diff --git a/x b/x\nold mode 100644\nnew mode 120000\n", 2)]
    [InlineData("diff --git a/x b/y\ncopy from x\ncopy to y\n", 2)]
    [InlineData("diff --git a/x b/y\nrename from x\n", 3)]
    [InlineData("diff --git a/x b/x\nindex 1..2\nBinary files a/x and b/x differ\n", 3)]
    [InlineData("diff --git a/x b/x\nGIT binary patch\nliteral 2000000000\nHcmV?d00001\n\n", 3)]
    [InlineData("diff --git a/x b/x\nGIT binary patch\nliteral 5\nHcmV?d00001\n\n", 3)]
    [InlineData("diff --git a/x b/x\nGIT binary patch\nliteral 5\nHcmV?d 0001\n\n", 4)]
    [InlineData("diff --git a/x b/x\nGIT binary patch\nnothing\n", 3)]
    public void What_cannot_be_applied_is_refused_at_its_line(string text, int lineNumber)
    {
        Assert.False(GitPatchParser.TryParse(Encoding.ASCII.GetBytes(text), out _, out var error));
        Assert.Equal((lineNumber, text), (error.LineNumber, text));
    }

    [Fact]
    public void An_empty_input_is_the_empty_patch() => Assert.Equal(Patch.Empty, GitPatchParser.Parse([]));

    [Fact]
    public void A_mutated_patch_is_read_or_refused_and_applied_or_not_but_never_crashes() =>
        Gen.Int.Sample(seed =>
        {
            var pair = new TreePair(seed, 6);
            var random = new Random(seed);
            var bytes = Patch.Create(pair.Changes, pair.Contents).ToBytes().ToList();
            for (var i = random.Next(1, 6); i > 0 && bytes.Count > 0; i--)
            {
                Mutate(bytes, random);
            }

            if (GitPatchParser.TryParse(bytes.ToArray(), out var patch, out _))
            {
                Assert.NotNull(patch.Apply(path => TreePair.Version(pair.Before, path, pair.Contents), new PatchApplyOptions { MaxOffsetLineCount = 50 }));
                Assert.Equal(patch.ToBytes(), GitPatchParser.Parse(patch.ToBytes()).ToBytes());
            }
        }, iter: 3_000);

    private static void Mutate(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(4))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes[at] = (byte)" +-@\\\n09a,/\""[random.Next(12)];
                break;
            case 2:
                bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at));
                break;
            default:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(80), bytes.Count - at)));
                break;
        }
    }
}
