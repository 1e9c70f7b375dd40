using System.Runtime.Versioning;
using System.Text;
using Savepoint.Workspaces;
using Savepoint.Workspaces.Copies;
using Savepoint.Workspaces.Git;
using Xunit;

namespace Savepoint.Tests.Workspaces.Copies;

/// <summary>A copy that takes from an earlier one what did not change.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CopyDonorTests : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("savepoint-test-");

    private string Original => Path.Combine(_scratch.FullName, "original");

    public void Dispose() => _scratch.Delete(recursive: true);

    [Fact]
    public void Whatever_changed_is_copied_and_the_rest_is_shared()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere files are not shared.");
        string[] names = ["same", "edited", "edited-behind-the-clock", "mode", "gone", "moved-over", "below/same"];
        foreach (var name in names)
        {
            Write(name, $"the old {name}");
        }

        WaitForTheClock();
        var (first, donor) = Copy("first", null);
        Write("edited", "something else");
        EditKeepingLengthAndTime("edited-behind-the-clock");
        File.SetUnixFileMode(At("mode"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.Delete(At("gone"));
        File.Move(At("moved-over"), At("new-place"));
        Write("moved-over", "the new moved-over");
        Write("below/new", "new");

        var (second, _) = Copy("second", donor);

        Assert.Equal(Read(Original), Read(second));
        Assert.Equal(2, Links(Path.Combine(second, "same")));
        Assert.Equal(2, Links(Path.Combine(second, "below/same")));
        Assert.Equal(1, Links(Path.Combine(second, "edited-behind-the-clock")));
        Assert.Equal(1, Links(Path.Combine(second, "mode")));
        Assert.Equal("the old edited-behind-the-clock", File.ReadAllText(Path.Combine(first, "edited-behind-the-clock")));
    }

    [Fact]
    public void What_was_written_while_the_donor_was_made_is_copied_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere files are not shared.");
        Write("young", "written just before");
        var (_, donor) = Copy("first", null);

        var (second, _) = Copy("second", donor with { MadeNs = Nanoseconds(At("young")) + 5_000_000 });

        Assert.Equal(1, Links(Path.Combine(second, "young")));
    }

    private (string Root, CopyDonor Donor) Copy(string name, CopyDonor? donor)
    {
        var to = Path.Combine(_scratch.FullName, name);
        Directory.CreateDirectory(to);
        var probe = Path.Combine(_scratch.FullName, "probe");
        File.WriteAllText(probe, "");
        var rules = CopyRules.Create(new WorkspaceRules(Original, GitUserSettings.None), null, _ => true);
        TreeCopier.Copy(Original, to, rules, new CopyOptions { FinalRoot = to, Donor = donor }, CancellationToken.None);
        return (to, new CopyDonor(to, Nanoseconds(probe)));
    }

    private string At(string path) => Path.Combine(Original, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    private void EditKeepingLengthAndTime(string path)
    {
        var time = File.GetLastWriteTimeUtc(At(path));
        File.WriteAllText(At(path), File.ReadAllText(At(path)).ToUpperInvariant());
        File.SetLastWriteTimeUtc(At(path), time);
    }

    // Until what is made now is stamped well after what was: the clock that stamps goes in steps.
    private void WaitForTheClock()
    {
        var newest = Directory.EnumerateFiles(Original, "*", SearchOption.AllDirectories).Max(File.GetLastWriteTimeUtc);
        var probe = Path.Combine(_scratch.FullName, "probe");
        do
        {
            File.WriteAllText(probe, "");
        }
        while (File.GetLastWriteTimeUtc(probe) - newest < TimeSpan.FromMilliseconds(50));
    }

    private static string Read(string root) => string.Join('\n', Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => $"{Path.GetRelativePath(root, file)} {File.GetUnixFileMode(file)} {File.GetLastWriteTimeUtc(file).Ticks} {File.ReadAllText(file, Encoding.UTF8)}"));

    private static long Nanoseconds(string file) => (File.GetLastWriteTimeUtc(file) - DateTime.UnixEpoch).Ticks * 100;

    private static int Links(string file)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%h", file]) { RedirectStandardOutput = true })!;
        return int.Parse(stat.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
