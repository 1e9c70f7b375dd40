using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Savepoint.Tests.Structure;

/// <summary>
/// Holds README.md: its <c>console</c> blocks are one shell session, begun in the repository, whose every command must
/// print what stands below it; its C# is the samples'. In the shown output <c>…</c> stands for anything, and a number of
/// milliseconds for any number.
/// </summary>
public sealed partial class ReadmeTests
{
    private const string Separator = "--- next command of the README ---";

    [Fact]
    public async Task Every_command_prints_what_the_page_shows()
    {
        using var scratch = new Scratch();
        await scratch.RunAsync(Repository.At("savepoint"), ["--version"], Repository.Root); // built, with the packages of the real home
        var commands = Commands(Repository.Read("README.md"));
        var script = new StringBuilder("set -e\n");
        foreach (var (command, _) in commands)
        {
            script.Append(command).Append("\necho '").Append(Separator).Append("'\n");
        }

        var environment = new Dictionary<string, string>
        {
            ["HOME"] = scratch.Home,
            ["XDG_STATE_HOME"] = Path.Combine(scratch.Home, "state"),
            ["SAVEPOINT_HOME"] = Path.Combine(scratch.Home, "stores"),
            ["PATH"] = $"{scratch.Home}/.local/bin:{Environment.GetEnvironmentVariable("PATH")}",
        };
        var output = await scratch.RunAsync("bash", ["-c", $"exec 2>&1\n{script}"], Repository.Root, environment);

        var printed = output.Split(Separator + "\n");
        Assert.Equal(commands.Count, printed.Length - 1);
        Assert.True(commands.Count >= 10);
        Assert.All(commands.Zip(printed), pair => Assert.True(Matches(pair.First.Shown, pair.Second), $"$ {pair.First.Command}\nshown:\n{pair.First.Shown}\nprinted:\n{pair.Second}"));
    }

    [Theory]
    [InlineData("in 17 ms.\n", "in 3.2 ms.\n", true)]
    [InlineData("at …/shop: 2\n", "at /home/x/shop: 2\n", true)]
    [InlineData("2 files\n", "3 files\n", false)]
    [InlineData("done\n", "done\nand more\n", false)]
    public void Shown_output_matches_but_for_times_and_dots(string shown, string printed, bool expected)
    {
        Assert.Equal(expected, Matches(shown, printed));
    }

    [Fact]
    public void The_page_shows_the_samples_own_code()
    {
        var shown = CSharpBlock().Matches(Repository.Read("README.md")).Select(block => block.Groups[1].Value).ToList();

        Assert.Equal(2, shown.Count);
        Assert.Contains(shown[0], Repository.Read("samples/ToolAgent/Program.cs"));
        Assert.Contains(shown[1], Repository.Read("samples/EditingAgent/Program.cs"));
    }

    [Fact]
    public void The_page_leads_nowhere_that_does_not_exist()
    {
        foreach (var page in Directory.EnumerateFiles(Repository.At("docs"), "*.md", SearchOption.AllDirectories).Append(Repository.At("README.md")).Append(Repository.At("CONTRIBUTING.md")))
        {
            var links = Link().Matches(File.ReadAllText(page)).Select(link => link.Groups[1].Value).Where(link => !link.StartsWith("http", StringComparison.Ordinal));
            Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link)), $"{page} → {link}"));
        }
    }

    /// <summary>The commands of all console blocks, each with the lines shown below it.</summary>
    private static List<(string Command, string Shown)> Commands(string page)
    {
        var commands = new List<(string, string)>();
        foreach (var line in ConsoleBlock().Matches(page).SelectMany(block => block.Groups[1].Value.TrimEnd('\n').Split('\n')))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                commands.Add((line[2..], ""));
            }
            else
            {
                commands[^1] = (commands[^1].Item1, commands[^1].Item2 + line + "\n");
            }
        }

        return commands;
    }

    private static bool Matches(string shown, string printed)
    {
        var pattern = Milliseconds().Replace(Regex.Escape(shown), @"[\d.]+\ ms").Replace("…", "[^\n]*", StringComparison.Ordinal);
        return Regex.IsMatch(printed, $@"\A{pattern}\z");
    }

    [GeneratedRegex(@"\d+\\ ms")]
    private static partial Regex Milliseconds();

    [GeneratedRegex("```console\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ConsoleBlock();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"\]\(([^)#\s]+)")]
    private static partial Regex Link();
}
