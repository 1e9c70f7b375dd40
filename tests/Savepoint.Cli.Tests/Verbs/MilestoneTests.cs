using System.Globalization;

namespace Savepoint.Cli.Tests.Verbs;

/// <summary>Milestones made by processes that are killed, and by several at once.</summary>
public sealed class MilestoneTests
{
    [Fact]
    public void Whenever_its_process_is_killed_no_half_archive_is_taken_for_one()
    {
        using var workspace = new CliWorkspace();
        workspace.Shell("for i in $(seq 40); do head -c 100000 /dev/urandom > file$i; done; savepoint init -q").Expect(0);

        var killed = 0;
        for (var attempt = 0; attempt < 30; attempt++)
        {
            var after = (0.002 + (attempt * 0.004)).ToString("0.000", CultureInfo.InvariantCulture);
            killed += workspace.Shell($"echo {attempt} > new; savepoint capture -q; timeout -s KILL {after} savepoint milestone m{attempt}").ExitCode == 137 ? 1 : 0;
            workspace.Run("verify").Expect(0);
        }

        workspace.Run("milestone", "last").Expect(0);
        workspace.Run("verify", "--deep").Expect(0);
        workspace.Run("gc").Expect(0);
        Assert.InRange(killed, 1, 30);
        Assert.DoesNotContain("new", Directory.GetFiles(workspace.StoreHome, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
        workspace.Run("verify", "--deep").Expect(0);
    }

    [Fact]
    public void Two_at_once_and_a_clean_up_beside_them_end_with_whole_archives()
    {
        using var workspace = new CliWorkspace();
        workspace.Shell("for i in $(seq 20); do head -c 50000 /dev/urandom > file$i; done; savepoint init -q").Expect(0);

        workspace.Shell("""
            one() { for i in $(seq 5); do savepoint milestone $1$i || exit 1; done; }
            one a & first=$!; one b & second=$!; for i in $(seq 3); do savepoint gc -q || exit 1; done; wait $first && wait $second
            """.Replace("savepoint gc -q", "savepoint gc --quiet", StringComparison.Ordinal)).Expect(0);

        workspace.Run("verify", "--deep").Expect(0);
        Assert.Equal(10, workspace.Json("labels").GetProperty("labels").GetArrayLength());
    }

    [Fact]
    public void An_archive_is_for_its_user_alone_and_counts_as_the_stores_size()
    {
        using var workspace = new CliWorkspace();
        workspace.Shell("head -c 300000 /dev/urandom > file; savepoint init -q").Expect(0);
        var before = workspace.Json("status").GetProperty("storeBytes").GetInt64();

        var file = workspace.Json("milestone", "m").GetProperty("archive").GetProperty("file").GetString()!;

        Assert.Equal("600 700\n", workspace.Shell($"stat -c %a '{file}' \"$(dirname '{file}')\" | paste -sd' '").Expect(0).Output);
        Assert.InRange(workspace.Json("status").GetProperty("storeBytes").GetInt64() - before, 290_000, long.MaxValue);
        Assert.InRange(workspace.Json("stores").GetProperty("totalBytes").GetInt64(), 600_000, long.MaxValue);
        workspace.Run("untrack", "--delete").Expect(0);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void A_milestone_whose_archive_is_gone_is_named_by_status_and_doctor_until_it_is_written_anew()
    {
        using var workspace = new CliWorkspace();
        workspace.Shell("echo a > file; savepoint init -q; savepoint milestone older; echo b > file").Expect(0);
        var file = workspace.Json("milestone", "kept").GetProperty("archive").GetProperty("file").GetString()!;
        Assert.Empty(workspace.Json("status").GetProperty("milestonesWithoutArchive").EnumerateArray());
        workspace.Run("doctor").Expect(0);

        File.Delete(file);

        Assert.Equal(["kept"], workspace.Json("status").GetProperty("milestonesWithoutArchive").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains("milestone kept (snapshot 2) has no archive", workspace.Run("status").Expect(0).Output, StringComparison.Ordinal);
        var doctor = workspace.Run("doctor").Expect(1).Output;
        Assert.Contains("'savepoint unlabel kept' and 'savepoint milestone kept 2'", doctor, StringComparison.Ordinal);
        workspace.Shell("savepoint unlabel kept && savepoint milestone kept 2 && savepoint doctor").Expect(0);
    }

    [Fact]
    public void Show_says_what_the_archive_of_a_state_holds()
    {
        using var workspace = new CliWorkspace();
        workspace.Shell("echo a > file; savepoint init -q; savepoint milestone first; echo b > file; savepoint capture -q; savepoint check --build true --bench 'echo boot: 12 ms'; savepoint milestone second").Expect(0);

        var answer = workspace.Json("show", "second");

        JsonSchema.Check("show", answer);
        var milestone = answer.GetProperty("milestone");
        Assert.Equal(1, milestone.GetProperty("parent").GetInt64());
        Assert.Equal([2L], milestone.GetProperty("history").EnumerateArray().Select(number => number.GetInt64()));
        Assert.Equal("passed", Assert.Single(milestone.GetProperty("verifications").EnumerateArray()).GetProperty("build").GetString());
        Assert.Equal("boot", Assert.Single(milestone.GetProperty("baseline").GetProperty("figures").EnumerateArray()).GetProperty("name").GetString());
        Assert.Contains("In L3:  1 entry, 1 snapshot since the milestone at 1", workspace.Run("show", "second").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_that_cannot_be_written_leaves_no_name()
    {
        using var workspace = new CliWorkspace();
        workspace.Shell("echo a > file; savepoint init -q; mkdir -p $(echo ../stores/work-*)/milestones/new").Expect(0);

        var result = workspace.Run("milestone", "m");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("No archive can be written", result.Error, StringComparison.Ordinal);
        Assert.Empty(workspace.Json("labels").GetProperty("labels").EnumerateArray());
        workspace.Shell("rm -r ../stores/work-*/milestones/new; savepoint milestone m && savepoint verify --deep").Expect(0);
    }
}
