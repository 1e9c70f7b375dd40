namespace Savepoint.Crash;

/// <summary>What dead processes leave is reclaimed by the next opening; what a living one holds is not.</summary>
public sealed class LeftoverTests : IDisposable
{
    private readonly World _world = new();

    [Theory]
    [InlineData("index-main.new")]
    [InlineData("index-main-turns.new")]
    [InlineData("workspace.json.new")]
    [InlineData("milestones/new")]
    public void A_file_that_a_dead_process_was_writing_is_deleted_by_the_next_command(string name)
    {
        if (!FaultLayer.IsHere("leftovers"))
        {
            return;
        }

        var file = Leave(name);

        _world.Run("status").Expect(0);

        Assert.False(File.Exists(file));
        _world.Run("verify", "--deep").Expect(0);
    }

    [Theory]
    [InlineData("index-main.new", "index-main.new")]
    [InlineData("workspace.json.new", "workspace.json.new")]
    [InlineData("milestones/new", "milestones/lock")]
    public void A_file_that_a_living_process_is_writing_stays(string name, string held)
    {
        if (!FaultLayer.IsHere("leftovers"))
        {
            return;
        }

        var file = Leave(name);
        using (new FileStream(Path.Combine(Store, held), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            _world.Run("status").Expect(0);

            Assert.True(File.Exists(file));
        }
    }

    [Fact]
    public void A_deletion_that_died_is_carried_on_by_the_next_init()
    {
        if (!FaultLayer.IsHere("leftovers"))
        {
            return;
        }

        Leave("index-main.new");
        Directory.Move(Store, Store + ".deleted-1");

        _world.Run("init").Expect(0);

        Assert.Single(Directory.EnumerateDirectories(_world.Stores));
    }

    [Theory]
    [InlineData("text\n", false)]
    [InlineData("", false)]
    [InlineData("nobody knows this", true)]
    public void A_file_that_a_forgotten_restore_left_goes_if_its_bytes_are_known_and_is_shown_if_not(string text, bool isShown)
    {
        if (!FaultLayer.IsHere("leftovers"))
        {
            return;
        }

        Leave("index-main.new");
        File.WriteAllText(Path.Combine(_world.Root, ".~sp-0000000100000000"), text);

        _world.Run("capture", "--quiet").Expect(0);

        Assert.Empty(_world.Tree().Temporary());
        Assert.Equal(isShown, File.Exists(Path.Combine(_world.Root, "savepoint-found-0000000100000000")));
        _world.Run("capture", "--quiet").Expect(0);
        Assert.Equal(isShown, _world.Recorded("@").Holds(System.Text.Encoding.UTF8.GetBytes("nobody knows this")));
    }

    [Fact]
    public void A_store_whose_making_died_at_any_call_takes_no_second_folder()
    {
        if (!FaultLayer.IsHere("leftovers"))
        {
            return;
        }

        _world.Do("echo text > file");
        _world.Keep();
        var calls = _world.Run("init").Expect(0).Changes;
        for (var at = 1; at <= Math.Min(calls, 16); at++)
        {
            _world.Reset();
            _world.Run(new Fault { KillAt = at }, ["init"]);

            _world.Run("init").Expect(0);

            Assert.Single(Directory.EnumerateDirectories(_world.Stores));
        }
    }

    public void Dispose() => _world.Dispose();

    private string Store => Directory.EnumerateDirectories(_world.Stores).Single();

    private string Leave(string name)
    {
        _world.Do("echo text > file");
        _world.Run("init").Expect(0);
        _world.Run("milestone", "first").Expect(0);
        var file = Path.Combine(Store, name);
        File.WriteAllText(file, "half");
        return file;
    }
}
