using System.Text.Json;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary>The house: the quota, damage and its repair, what is forgotten, input that is too much.</summary>
public sealed class KeepingTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_store_over_its_quota_lets_old_states_expire_and_says_so()
    {
        var settings = Path.Combine(_workspace.Home, ".config", "savepoint");
        Directory.CreateDirectory(settings);
        File.WriteAllText(Path.Combine(settings, "settings.json"), "{}");
        _workspace.Shell("""
            head -c 5000 /dev/urandom > noise; savepoint init --quiet
            for i in $(seq 70); do head -c 5000 /dev/urandom > noise; savepoint capture --quiet --session s --turn t$i noise; done
            """).Expect(0);
        var userFile = _workspace.Json("config").GetProperty("userFile").GetString()!;
        Directory.CreateDirectory(Path.GetDirectoryName(userFile)!);
        File.WriteAllText(userFile, "{\"maxStoreBytes\": 400000}");

        var done = _workspace.Json("gc");

        Assert.True(done.GetProperty("expiredSnapshots").GetInt64() > 0);
        var bounds = _workspace.Json("status").GetProperty("bounds");
        Assert.Equal(400_000, bounds.GetProperty("maxStoreBytes").GetInt64());
        Assert.Equal(done.GetProperty("expiredSnapshots").GetInt64(), bounds.GetProperty("expiredSnapshots").GetInt64());
        Assert.NotEqual(JsonValueKind.Null, bounds.GetProperty("lastExpiry").ValueKind);
        Assert.Contains("expired for the quota", _workspace.Run("status").Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("\"cause\":\"quota\"", _workspace.Run("events", "--json").Expect(0).Output, StringComparison.Ordinal);
        var shown = _workspace.Json("show", "3");
        Assert.Equal(3, shown.GetProperty("requested").GetInt64());
        Assert.True(shown.GetProperty("resolvedTo").GetInt64() > 3);
        _workspace.Run("verify", "--deep").Expect(0);
    }

    [Theory]
    [InlineData("rm store.db*")]
    [InlineData("rm store.db-*; : > store.db")]
    public void A_database_that_is_gone_is_rebuilt_from_an_archive(string damage)
    {
        _workspace.Write("a.txt", "one\n");
        _workspace.Run("init").Expect(0);
        _workspace.Write("a.txt", "two\n");
        _workspace.Run("milestone", "m").Expect(0);
        var store = Directory.GetDirectories(_workspace.StoreHome).Single();
        _workspace.Shell($"touch {store}/store.db-wal; cd {store}; {damage}").Expect(0);
        var isThere = File.Exists(Path.Combine(store, "store.db"));

        Assert.Contains("savepoint repair", _workspace.Run("status").Expect(5).Error, StringComparison.Ordinal);
        Assert.Contains("savepoint repair", _workspace.Run("init").Expect(5).Error, StringComparison.Ordinal); // no second history over the first
        Assert.Equal(isThere, File.Exists(Path.Combine(store, "store.db")));
        var done = _workspace.Run("repair", "--json").Expect(5);

        Assert.StartsWith("database: nothing of it can be read", Assert.Single(done.Json.GetProperty("lost").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.True(done.Json.GetProperty("repaired").GetBoolean());
        Assert.Equal("one\n", _workspace.Run("cat", "1", "a.txt").Expect(0).Output);
        Assert.Equal("two\n", _workspace.Run("cat", "2", "a.txt").Expect(0).Output);
        _workspace.Write("a.txt", "three\n");
        Assert.Equal(3, _workspace.Capture());
    }

    [Fact]
    public void An_event_of_100_MB_is_not_taken_into_memory_and_breaks_nothing()
    {
        _workspace.Run("init").Expect(0);

        var result = _workspace.Shell("(printf '{\"hook_event_name\":\"Stop\",\"x\":\"'; head -c 100000000 /dev/zero | tr '\\0' a; printf '\"}') | savepoint hook claude-code").Expect(0);

        Assert.Contains("too long to be read", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_message_of_100_MB_ends_the_server_with_a_word()
    {
        _workspace.Run("init").Expect(0);

        var result = _workspace.Shell("(printf '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"'; head -c 100000000 /dev/zero | tr '\\0' a) | savepoint mcp");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("64 MiB", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_a_damaged_store_are_printed_as_their_escapes()
    {
        var name = "x\u001b[2Jy";
        _workspace.Write(name, "some content that is long enough to be kept\n");
        _workspace.Run("init").Expect(0);
        var database = Directory.GetFiles(Directory.GetDirectories(_workspace.StoreHome).Single(), "store.db").Single();
        Sql.Execute(database, "UPDATE contents SET data = x'00'");

        var verified = _workspace.Run("verify").Expect(5);
        var repaired = _workspace.Run("repair", "--dry-run");

        Assert.DoesNotContain('\u001b', verified.Output + verified.Error + repaired.Output + repaired.Error);
        Assert.Contains("\\033", verified.Output, StringComparison.Ordinal);
    }
}
