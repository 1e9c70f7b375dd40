using System.Text;
using Savepoint.Model;
using Savepoint.Quality;
using Xunit;

namespace Savepoint.Tests.Quality;

/// <summary>Which functions a change touched, and what they were.</summary>
public sealed class FunctionComparisonTests : IContentSource
{
    private readonly Dictionary<ContentId, byte[]> _contents = [];

    [Fact]
    public void Only_functions_that_are_not_what_they_were_are_changes()
    {
        var changes = Compare(Change("a.py", "def f():\n  pass\ndef g(x):\n  return x\n", "# a line more\ndef f():\n  pass\ndef g(x):\n  return x if x else 1\n"));

        var change = Assert.Single(changes);
        Assert.Equal(("g", 1, 2), (change.After.Name, change.Before!.Complexity, change.After.Complexity));
    }

    [Fact]
    public void A_function_renamed_or_moved_to_another_file_is_not_new()
    {
        Assert.Empty(Compare(Change("a.py", "def f(x):\n  return x if x else 1\n", "def better(x):\n  return x if x else 1\n")));
        Assert.Empty(Compare(Change("a.py", "def f(x):\n  return x if x else 1\n", ""), Change("b.py", null, "def f(x):\n  return x if x else 1\n")));
    }

    [Fact]
    public void A_moved_file_is_compared_with_what_it_was()
    {
        var moved = Change("old.py", "def f(x):\n  return 1\n", "def f(x):\n  return x if x else 1\n") with { Path = WorkspacePath.Parse("new.py"), OldPath = WorkspacePath.Parse("old.py") };

        Assert.Equal(1, Assert.Single(Compare(moved)).Before?.Complexity);
    }

    [Fact]
    public void A_new_function_has_nothing_before_it() => Assert.Null(Assert.Single(Compare(Change("a.py", null, "def f(x):\n  return x\n"))).Before);

    byte[] IContentSource.Read(ContentId id) => _contents[id];

    void IContentSource.CopyTo(ContentId id, Stream destination) => destination.Write(_contents[id]);

    private IReadOnlyList<FunctionChange> Compare(params FileChange[] changes) => QualityAnalyzer.Compare(changes, this);

    private FileChange Change(string path, string? before, string? after) => new(WorkspacePath.Parse(path), State(before), State(after));

    private FileState State(string? text)
    {
        if (text is null)
        {
            return FileState.None;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var id = ContentId.Of(bytes);
        _contents[id] = bytes;
        return new FileState.Regular(new UnixMode(0b110_100_100), id, bytes.Length);
    }
}
