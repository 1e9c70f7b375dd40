namespace Savepoint.Crash;

/// <summary>Where rows of tables and notes go: a file that the long runs show as it grows, and <c>./test</c> at its end.</summary>
internal static class Report
{
    private static readonly Lock Gate = new();

    /// <summary>The file: what <c>SAVEPOINT_TEST_TABLE</c> names, else out/test-notes.txt.</summary>
    private static string FilePath => Environment.GetEnvironmentVariable("SAVEPOINT_TEST_TABLE") ?? Repository.At("out/test-notes.txt");

    /// <summary>Writes a line.</summary>
    public static void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        lock (Gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            File.AppendAllText(FilePath, line + "\n");
        }
    }

    /// <summary>Writes a row of a table, if this is a long run; the short ones keep quiet.</summary>
    public static void Row(string row)
    {
        if (Size.IsLong)
        {
            Say(row);
        }
        else
        {
            TestContext.Current.TestOutputHelper?.WriteLine(row);
        }
    }
}
