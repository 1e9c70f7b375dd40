using System.Globalization;

namespace Savepoint.Crash;

/// <summary>How much is tried: little in <c>./test</c>, all of it by tests/crash/run and tests/power/run.</summary>
internal static class Size
{
    /// <summary>Whether this is one of the long runs.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("SAVEPOINT_TEST_TABLE") is not null;

    /// <summary>Random kills of each verb.</summary>
    public static int RandomKills => Read("SAVEPOINT_TEST_KILLS", 2);

    /// <summary>Injection points of each verb at which it is killed, evenly spread; none are left out if there are fewer.</summary>
    public static int KillPoints => Read("SAVEPOINT_TEST_POINTS", 4);

    /// <summary>Injection points of each verb at which errors are injected, for each error and each way.</summary>
    public static int FaultPoints => Read("SAVEPOINT_TEST_FAULTS", 1);

    /// <summary>Shutdowns of the file system, for each durability and each kind of shutdown.</summary>
    public static int Shutdowns => Read("SAVEPOINT_TEST_SHUTDOWNS", 1);

    /// <summary>Processes of one verb that are tried at once, each in a world of its own.</summary>
    public static int Workers => Read("SAVEPOINT_TEST_WORKERS", 1);

    private static int Read(string name, int otherwise) => Environment.GetEnvironmentVariable(name) switch
    {
        null => otherwise,
        "all" => int.MaxValue,
        var text => int.Parse(text, CultureInfo.InvariantCulture),
    };
}
