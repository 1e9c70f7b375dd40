using System.Diagnostics;
using System.Runtime.Versioning;
using Savepoint.Model;
using Savepoint.Workspaces.Overlays;
using Xunit;

namespace Savepoint.Tests.Workspaces.Overlays;

/// <summary>Who has an overlay's layer, and what of it is ended.</summary>
[SupportedOSPlatform("linux")]
public sealed class OverlayUseTests : IDisposable
{
    private readonly DirectoryInfo _layer = Directory.CreateTempSubdirectory("savepoint-test-");

    [Fact]
    public void Whoever_only_has_the_number_of_the_namespace_is_left_alone()
    {
        using var stranger = Process.Start("sleep", "600");
        using (var use = OverlayUse.TryTake(_layer.FullName)!)
        {
            use.Note(new FileInfo($"/proc/{stranger.Id}/ns/mnt").LinkTarget!); // as if it had been given to another meanwhile

            Assert.Equal(0, use.EndLeftovers());
        }

        Assert.False(stranger.HasExited);
        stranger.Kill();
    }

    [Fact]
    public void One_process_has_a_layer_at_a_time()
    {
        using var use = OverlayUse.TryTake(_layer.FullName);

        Assert.NotNull(use);
        Assert.Null(OverlayUse.TryTake(_layer.FullName));
    }

    [Fact]
    public void What_fails_is_not_told_as_another_process()
    {
        Assert.Equal(ErrorCode.Environment, Assert.Throws<SavepointException>(() => OverlayUse.TryTake(Path.Combine(_layer.FullName, "gone"))).Code);
        Directory.CreateDirectory(Path.Combine(_layer.FullName, "use"));
        Assert.Throws<SavepointException>(() => OverlayUse.TryTake(_layer.FullName));
    }

    public void Dispose() => _layer.Delete(recursive: true);
}
