namespace Savepoint.Cli.Tests.Clients;

/// <summary><c>install</c> and <c>uninstall</c> where a client or its user has changed what we wrote, or something is in the way.</summary>
public sealed class ClientEditedTests : IDisposable
{
    private const string Approved = "\n[mcp_servers.savepoint.tools.undo]\napproval_mode = \"approve\"\n";

    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("model = \"gpt-5\"\n", Approved)]
    [InlineData("", Approved)]
    [InlineData("model = \"gpt-5\"\n", "startup_timeout_sec = 20\n")]
    [InlineData("[tui]\ntheme = \"x\"\n", "startup_timeout_sec = 20\n")]
    [InlineData("model = \"gpt-5\"\n", "startup_timeout_sec = 20\n\n[other]\nkey = 1\n")]
    public void What_codex_or_its_user_added_to_our_table_goes_with_it(string before, string added)
    {
        _workspace.Shell("mkdir -p ~/.codex").Expect(0);
        var file = Path.Combine(_workspace.Home, ".codex/config.toml");
        File.WriteAllText(file, before);
        _workspace.Run("install", "codex", "--user").Expect(0);
        File.AppendAllText(file, added);

        _workspace.Run("uninstall", "codex", "--user").Expect(0);

        var others = added.IndexOf("\n[other]", StringComparison.Ordinal) is > 0 and var at ? added[at..] : "";
        Assert.Equal(before + others, File.Exists(file) ? File.ReadAllText(file) : "");
        _workspace.Run("install", "codex", "--user").Expect(0);
        Assert.False(_workspace.Json("install", "codex", "--user").GetProperty("changed").GetBoolean());
    }

    [Fact]
    public void What_was_added_to_our_table_stays_where_it_is_renewed()
    {
        _workspace.Write(".codex/config.toml", $"[mcp_servers.savepoint]\ncommand = \"/old/savepoint\" # mine\nargs = [ 'mcp', \"--edit-tools\" ]\nstartup_timeout_sec = 20\n{Approved}\n[other]\nkey = 1\n");

        _workspace.Run("install", "codex").Expect(0);

        Assert.Equal("\n[other]\nkey = 1\n\n[mcp_servers.savepoint]\ncommand = \"savepoint\" # mine\nargs = [ 'mcp', \"--edit-tools\" ]\nstartup_timeout_sec = 20\n[mcp_servers.savepoint.tools.undo]\napproval_mode = \"approve\"\n", _workspace.Read(".codex/config.toml"));
        _workspace.Run("uninstall", "codex").Expect(0);
        Assert.Equal("\n[other]\nkey = 1\n", _workspace.Read(".codex/config.toml"));
    }

    [Theory]
    [InlineData("codex", ".codex/config.toml", "s/\"mcp\"/\"mcp\", \"--edit-tools\"/")]
    [InlineData("gemini", ".gemini/settings.json", "s/\"mcp\"/\"mcp\", \"--edit-tools\"/")]
    [InlineData("claude-code", ".mcp.json", "s/\"mcp\"/\"mcp\", \"--edit-tools\"/")]
    [InlineData("opencode", "opencode.json", "s/\"mcp\"\\(,\\|\\]\\|$\\)/\"mcp\", \"--edit-tools\"\\1/")]
    [InlineData("gemini", ".gemini/settings.json", "s/\"command\": \"savepoint\",/\"command\": \"savepoint\", \"trust\": true,/")]
    public void An_argument_or_setting_that_the_user_added_stays_and_ours_comes_out_all_the_same(string client, string file, string edit)
    {
        _workspace.Run("install", client).Expect(0);
        var installed = _workspace.Read(file);
        _workspace.Shell($"sed -i '{edit}' {file}").Expect(0);
        var edited = _workspace.Read(file);
        Assert.NotEqual(installed, edited);

        Assert.False(_workspace.Json("install", client).GetProperty("changed").GetBoolean());
        Assert.Equal(edited, _workspace.Read(file));

        _workspace.Environment["PATH"] = "/usr/bin:/bin"; // now it is called by its own path
        Assert.True(_workspace.Json("install", client).GetProperty("changed").GetBoolean());
        var renewed = _workspace.Read(file);
        Assert.Contains(edit.Contains("trust", StringComparison.Ordinal) ? "\"trust\"" : "\"--edit-tools\"", renewed, StringComparison.Ordinal);
        Assert.Contains(Executable.File, renewed, StringComparison.Ordinal);
        _workspace.Run("uninstall", client).Expect(0);
        Assert.False(File.Exists(_workspace.At(file)) && _workspace.Read(file).Contains("savepoint", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_opencodes_two_files_ours_is_taken_out_of_both()
    {
        _workspace.Run("install", "opencode").Expect(0);
        _workspace.Shell("mv opencode.json opencode.jsonc; echo '{\"autoupdate\": false}' > opencode.json").Expect(0);

        _workspace.Run("uninstall", "opencode").Expect(0);

        Assert.DoesNotContain("mcp", _workspace.Shell("cat opencode.json*").Output, StringComparison.Ordinal);
        Assert.Equal("{\"autoupdate\": false}\n", _workspace.Read("opencode.json"));
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("claude-code")]
    public void Without_a_place_for_the_receipt_nothing_is_written(string client)
    {
        Directory.CreateDirectory(_workspace.StoreHome);
        File.WriteAllText(Path.Combine(_workspace.StoreHome, "installed"), "no folder");

        var result = _workspace.Run("install", client);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cannot be written", result.Error, StringComparison.Ordinal);
        Assert.Equal("", _workspace.Shell("ls -A").Output);
    }

    [Fact]
    public void If_one_file_cannot_be_written_the_receipt_of_the_other_is_what_it_was()
    {
        _workspace.Shell("mkdir .codex; ln -s /proc/nowhere/config.toml .codex/config.toml").Expect(0);

        Assert.Equal(1, _workspace.Run("install", "codex").ExitCode);

        Assert.False(Directory.Exists(Path.Combine(_workspace.StoreHome, "installed")));
    }

    [Fact]
    public void A_file_that_took_the_place_of_ours_is_the_users()
    {
        _workspace.Run("install", "gemini").Expect(0);
        _workspace.Shell("rm -r .gemini; mkdir .gemini; echo '{}' > .gemini/settings.json").Expect(0);

        _workspace.Run("install", "gemini").Expect(0);
        _workspace.Run("uninstall", "gemini").Expect(0);

        Assert.Equal("{}\n", _workspace.Read(".gemini/settings.json"));
    }
}
