using Xunit;

namespace Savepoint.Tests.Structure;

/// <summary>Runs samples/ToolAgent, which the build puts beside these tests.</summary>
public sealed class ToolAgentTests
{
    [Fact]
    public async Task The_sample_records_each_call_with_its_turn_and_takes_a_turn_back()
    {
        using var scratch = new Scratch();
        var project = Directory.CreateDirectory(Path.Combine(scratch.Path, "project")).FullName;

        var output = await scratch.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "ToolAgent.dll"), project], scratch.Path);

        Assert.Contains("call-2: formatted\n", output);
        Assert.Contains("  4 turn-2 call-3 apply_edit_block\n  3 turn-1 call-2 format_sources\n  2 turn-1 call-1 apply_whole_file_edit\n", output);
        Assert.Contains("rollback: Restored, src/greet.txt is HELLO\n", output);
        Assert.Equal("HELLO\n", await File.ReadAllTextAsync(Path.Combine(project, "src/greet.txt")));
    }
}
