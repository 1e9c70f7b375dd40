namespace Savepoint.Cli.Tests.Verbs;

public sealed class CompletionTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("savepoint rollb", "rollback")]
    [InlineData("savepoint log --gr", "--graph")]
    [InlineData("savepoint -C . log --gr", "--graph")]
    [InlineData("savepoint rollback before", "before-refactoring")]
    public void Bash_completes_verbs_options_and_labels(string line, string expected)
    {
        _workspace.Run("init").Expect(0);
        _workspace.Run("checkpoint", "before-refactoring").Expect(0);

        var result = _workspace.Shell($"source <(savepoint completion bash); COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _savepoint; echo \"${{COMPREPLY[@]}}\"").Expect(0);

        Assert.Equal(expected, result.Output.Trim());
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Every_shell_knows_every_verb(string shell)
    {
        var script = _workspace.Run("completion", shell).Expect(0).Output;

        Assert.All(["init", "capture", "rollback", "demo"], verb => Assert.Contains(verb, script, StringComparison.Ordinal));
    }
}
