using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>
/// A benchmark against its baseline, and against the newest state that was not too slow: what this state brought of it. If both states were
/// measured in turn, what the earlier one takes now, to what it took then, is what has become of the machine since; all that was recorded
/// before is taken to have become so, too. Pure.
/// </summary>
/// <param name="Signal">What is said of it.</param>
/// <param name="Now">Its figure now.</param>
/// <param name="Machine">By which factor recorded figures are to be multiplied.</param>
internal sealed record BenchmarkSteps(BenchmarkSignal Signal, Figure Now, double Machine)
{
    /// <param name="now">Its figure when the state was checked.</param>
    /// <param name="baseline">The baseline's.</param>
    /// <param name="within">The states that were not too slow, the newest first.</param>
    /// <param name="beside">The state measured in turn with an earlier one; null if that was not done.</param>
    public static BenchmarkSteps Of(Figure now, Figure baseline, IReadOnlyList<CheckedState> within, BesideMeasurement? beside)
    {
        var (before, recorded) = within.Select(state => (state.Snapshot, Figure: Like(state.Figures, now))).FirstOrDefault(state => state.Figure is { Value: > 0 });
        if (recorded is null)
        {
            return new BenchmarkSteps(Baselines.Signal(now, baseline), now, 1);
        }

        if (beside?.Before != before || Like(beside.Figures, now) is not { } again || Like(beside.BeforeFigures, now) is not { Value: > 0 } past)
        {
            return new BenchmarkSteps(Baselines.Signal(now, baseline) with { Step = Step(before, now, recorded, isBeside: false) }, now, 1);
        }

        var machine = past.Value / recorded.Value;
        return new BenchmarkSteps(Baselines.Signal(again, Scaled(baseline, machine)) with { Step = Step(before, again, past, isBeside: true) }, again, machine);
    }

    /// <summary>Whether it is slower now than at a state by as much as a state is to blame for.</summary>
    public bool IsSlowerThan(CheckedState state, double tolerance) =>
        Like(state.Figures, Now) is { } figure && RollbackTriggers.Certain(Baselines.Signal(Now, Scaled(figure, Machine))) > tolerance * RollbackTriggers.OwnShare;

    private static BenchmarkStep Step(SnapshotNumber before, Figure now, Figure then, bool isBeside)
    {
        var signal = Baselines.Signal(now, then);
        return new BenchmarkStep(before, signal.Slowdown, RollbackTriggers.NoiseOf(signal), isBeside);
    }

    private static Figure Scaled(Figure figure, double factor) => figure with { Value = figure.Value * factor, Spread = figure.Spread * factor };

    private static Figure? Like(IReadOnlyList<Figure> figures, Figure like) => figures.FirstOrDefault(figure => figure.Name == like.Name && figure.Unit == like.Unit);
}
