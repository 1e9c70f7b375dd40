using Savepoint.Model;

namespace Savepoint.Bench.Decisions;

/// <summary>The project that a generator makes, in one language.</summary>
internal sealed class GeneratedProject(ReplayGenerator generator, ReplayDialect dialect) : IReplayProject
{
    private ReplayState _good = generator.Start();
    private ReplayState? _next;

    public CheckCommands Commands => dialect.Commands;

    public IReadOnlyDictionary<string, string> Good => dialect.Files(_good);

    public IReadOnlyList<ReplayKind> Plan(int faults, int harmless) => generator.Plan(faults, harmless);

    public ReplayStep Next(ReplayKind kind)
    {
        (var name, _next) = generator.Next(kind, _good);
        return new ReplayStep(kind, name, dialect.Files(_next));
    }

    public void Keep() => _good = _next!;
}
