namespace Savepoint.Tests.Fidelity;

/// <summary>What a child process can be asked to do.</summary>
internal static class ChildScenarios
{
    public static Task RunAsync(string scenario, string[] arguments) => scenario switch
    {
        "fidelity" => FidelityAsync(arguments[0]),
        _ => throw new ArgumentException($"There is no scenario '{scenario}'.", nameof(scenario)),
    };

    private static Task FidelityAsync(string wreck)
    {
        OrdinaryUser.Become();
        return FidelityCheck.RunAsync(wreck);
    }
}
