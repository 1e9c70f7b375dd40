using Savepoint.Tests.Structure;

namespace Savepoint.Tests.Fidelity;

/// <summary>What a machine does not allow is not tried there, and the output of <c>./test</c> names it.</summary>
internal static class NotTried
{
    private static readonly Lock Gate = new();

    /// <summary>Notes what was not tried, and why.</summary>
    public static void Say(string what)
    {
        var notes = Path.Combine(Repository.Root, "out", "test-notes.txt");
        lock (Gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(notes)!);
            File.AppendAllText(notes, $"NOT TRIED: {what}\n");
        }
    }
}
