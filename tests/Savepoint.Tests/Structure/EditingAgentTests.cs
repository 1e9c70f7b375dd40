using Xunit;

namespace Savepoint.Tests.Structure;

/// <summary>Runs samples/EditingAgent, which the build puts beside these tests.</summary>
public sealed class EditingAgentTests
{
    [Fact]
    public async Task The_sample_records_undoes_and_rolls_back()
    {
        using var scratch = new Scratch();
        var project = Directory.CreateDirectory(Path.Combine(scratch.Path, "project")).FullName;

        var output = await scratch.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "EditingAgent.dll"), project], scratch.Path);

        Assert.Contains("after undo: Hello\n", output);
        Assert.Contains("after redo: Hello, world\n", output);
        Assert.Contains("rollback to 2: Restored, verified True, what was unrecorded is in 6\n", output);
        Assert.Contains("stray.txt is gone\n", output);
        Assert.Equal("Hello\n", await File.ReadAllTextAsync(Path.Combine(project, "greeting.txt")));
        Assert.Equal(["greeting.txt"], Directory.EnumerateFileSystemEntries(project).Select(Path.GetFileName));
    }
}
