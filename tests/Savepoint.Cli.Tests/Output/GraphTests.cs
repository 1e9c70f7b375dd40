using System.Text.RegularExpressions;

namespace Savepoint.Cli.Tests.Output;

/// <summary>How <c>log --graph</c> draws branches.</summary>
public sealed class GraphTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Branches_stand_beside_the_line_from_where_they_were_merged_to_where_they_began()
    {
        _workspace.Shell("""
            echo 1 > a; savepoint init -q
            savepoint branch create idea --dir ../idea -q
            echo 2 > ../idea/b; (cd ../idea; savepoint capture -q)
            echo 3 > c; savepoint capture -q
            echo 4 > ../idea/b; (cd ../idea; savepoint capture -q)
            savepoint merge idea -q
            savepoint branch create other --dir ../other -q
            echo 5 > ../other/d; (cd ../other; savepoint capture -q)
            """).Expect(0);

        var titles = _workspace.Run("log", "--all", "--graph").Expect(0).Output.Split('\n').Where((text, i) => i % 2 == 0 && text.Length > 0);

        Assert.Equal(
            ["│ ○    6", "@─┴─╮    5", "│   ○    4", "○   │    3", "│   ○    2", "○───╯    1"],
            titles.Select(title => Regex.Match(title, @"^\D*\d+").Value));
    }
}
