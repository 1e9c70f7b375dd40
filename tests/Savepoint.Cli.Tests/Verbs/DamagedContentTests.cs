namespace Savepoint.Cli.Tests.Verbs;

/// <summary>A store that has lost contents: whatever needs one ends with 5 and names the way out; the tree stays as it is.</summary>
public sealed class DamagedContentTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public DamagedContentTests()
    {
        _workspace.Write("f", Text(1));
        _workspace.Run("init").Expect(0);
        for (var i = 2; i <= 4; i++)
        {
            _workspace.Write("f", Text(i));
            _workspace.Run("capture").Expect(0);
        }

        _workspace.Write("f", "short");
        _workspace.Run("capture").Expect(0);
        _workspace.Run("gc").Expect(0);
        Sql.Execute(Directory.GetFiles(_workspace.StoreHome, "store.db", SearchOption.AllDirectories).Single(), "UPDATE contents SET data = zeroblob(length(data)) WHERE length(data) > 100; UPDATE packs SET data = zeroblob(length(data));");
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("rollback", "1")]
    [InlineData("undo", "2")]
    [InlineData("revert", "3")]
    [InlineData("cat", "1", "f")]
    [InlineData("diff", "1", "2")]
    [InlineData("blame", "f")]
    [InlineData("milestone", "named", "2")]
    [InlineData("export", "--archive", "x.tar", "2")]
    [InlineData("export", "--git", "x.git")]
    [InlineData("export", "--patch", "1..3")]
    [InlineData("branch", "create", "b", "--from", "1", "--dir", "../copy")]
    public void A_verb_that_needs_it_ends_with_5_and_names_repair(params string[] arguments)
    {
        var result = _workspace.Run(arguments);

        Assert.Equal((5, true), (result.ExitCode, result.Error.Contains("savepoint repair", StringComparison.Ordinal)));
        Assert.Equal("short", _workspace.Read("f"));
    }

    [Fact]
    public void No_half_of_a_json_document_is_written()
    {
        var result = _workspace.Run("cat", "1", "f", "--json").Expect(5);

        Assert.Equal("", result.Output);
    }

    private static string Text(int seed) => string.Concat(Enumerable.Range(0, 400).Select(i => $"{new Random((seed * 1000) + i).Next()} "));
}
