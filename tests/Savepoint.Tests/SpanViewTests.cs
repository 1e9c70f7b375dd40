using Savepoint.Model;
using Savepoint.Storage;
using Xunit;

namespace Savepoint.Tests;

/// <summary>Whose doing a change is, where several have announced something.</summary>
public sealed class SpanViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly WorkspacePath File = WorkspacePath.Parse("src/a.txt");

    [Fact]
    public void Who_named_the_path_comes_before_who_may_change_anything()
    {
        var view = View(Span("one", paths: null), Span("two", paths: [File]));

        Assert.Equal("two", view.ContextOf(File, wasHeld: false).Actor.Session);
        Assert.Equal("one", view.ContextOf(WorkspacePath.Parse("other"), wasHeld: false).Actor.Session);
    }

    [Fact]
    public void A_directory_that_an_edit_had_to_make_is_the_edits()
    {
        Assert.Equal("one", View(Span("one", paths: [File])).ContextOf(WorkspacePath.Parse("src"), wasHeld: false).Actor.Session);
    }

    [Theory]
    [InlineData((int)Likelihood.Seldom)]
    [InlineData((int)Likelihood.InBackground)]
    public void A_likely_writer_comes_before_an_unlikely_one(int likelihood)
    {
        var unlikely = Span("one", paths: null, call: "1") with { Likelihood = (Likelihood)likelihood };

        Assert.Equal("2", View(unlikely, Span("one", paths: null, call: "2")).ContextOf(File, wasHeld: false).Actor.ToolCall);
        Assert.Equal("1", View(unlikely).ContextOf(File, wasHeld: false).Actor.ToolCall);
    }

    [Fact]
    public void What_seldom_writes_comes_before_what_was_left_running_in_the_background()
    {
        var seldom = Span("one", paths: null, call: "1") with { Likelihood = Likelihood.Seldom };
        var left = Span("one", paths: null, call: "2") with { Likelihood = Likelihood.InBackground };

        Assert.Equal("1", View(left, seldom).ContextOf(File, wasHeld: false).Actor.ToolCall);
    }

    [Fact]
    public void Of_several_calls_of_one_session_a_change_is_the_sessions_and_says_which_calls()
    {
        var context = View(Span("one", paths: null, call: "1"), Span("one", paths: null, call: "2")).ContextOf(File, wasHeld: false);

        Assert.Equal(("one", null), (context.Actor.Session, context.Actor.ToolCall));
        Assert.Equal("changed while 2 calls were under way: call 1; call 2", context.Message);
    }

    [Fact]
    public void Of_several_sessions_a_change_is_nobodys_and_names_them()
    {
        var context = View(Span("one", paths: null), Span("two", paths: null)).ContextOf(File, wasHeld: false);

        Assert.Equal(Actor.Unknown, context.Actor);
        Assert.Equal("changed while several worked here: agent/one Bash, agent/two Bash", context.Message);
    }

    [Fact]
    public void A_call_that_no_process_owns_lasts_until_it_is_ended_or_a_day()
    {
        Assert.Equal("one", View(Span("one", paths: null) with { Begun = Now.AddHours(-23) }).ContextOf(File, wasHeld: false).Actor.Session);
        Assert.Equal(CaptureContext.None, View(Span("one", paths: null) with { Begun = Now.AddHours(-25) }).ContextOf(File, wasHeld: false));
    }

    [Fact]
    public void To_a_watcher_a_call_whose_client_is_gone_has_ended()
    {
        var dead = Span("one", paths: null) with { Teller = new ProcessIdentity(ProcessIdentity.Own.Number, ProcessIdentity.Own.StartedAt + 1) };
        var living = Span("two", paths: null) with { Teller = ProcessIdentity.Own };
        var view = new SpanView([dead], Now, new WatchOptions());

        Assert.Equal([dead], view.Orphans);
        Assert.False(view.HoldsAll);
        Assert.Equal(CaptureContext.None, view.ContextOf(File, wasHeld: false));
        Assert.Equal("one", view.ContextOf(File, wasHeld: true).Actor.Session);
        Assert.True(new SpanView([dead, living], Now, new WatchOptions()).HoldsAll);
        Assert.Equal("one", View(dead).ContextOf(File, wasHeld: false).Actor.Session); // a hook's look comes at the client's next call, and sees what it did
    }

    private static SpanView View(params AnnouncedSpan[] spans) => new(spans, Now, options: null);

    private static AnnouncedSpan Span(string session, WorkspacePath[]? paths, string? call = null) =>
        new(1, ProcessIdentity.None, Now.AddSeconds(-1), new CaptureContext { Actor = new Actor("agent", session, null, call), Tool = "Bash", Message = call is null ? null : $"call {call}" }, paths);
}
