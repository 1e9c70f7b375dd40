using System.Text;

namespace Savepoint.Checking.Running;

/// <summary>The environment of a command: ours, byte for byte, but for what is to be otherwise.</summary>
internal static class EnvironmentBlock
{
    /// <summary>The variable that marks a command and all that it starts, so that what slips out of its session is found.</summary>
    public const string MarkName = "SAVEPOINT_CHECK";

    /// <summary>The variables, <c>NAME=value</c> each.</summary>
    public static List<byte[]> Of(IReadOnlyDictionary<string, string?> changes, string mark)
    {
        var own = ChildCalls.Environment();
        var outer = own.Find(variable => Names(variable, MarkName)) is { } marked ? Encoding.UTF8.GetString(marked.AsSpan(MarkName.Length + 1)) : null;
        var block = own.FindAll(variable => !Names(variable, MarkName) && !changes.Keys.Any(name => Names(variable, name)));
        block.AddRange(changes.Where(change => change.Value is not null).Select(change => Encoding.UTF8.GetBytes($"{change.Key}={change.Value}")));

        // A check may run another: both find their own.
        block.Add(Encoding.UTF8.GetBytes($"{MarkName}={(outer is null ? mark : $"{outer}:{mark}")}"));
        return block;
    }

    private static bool Names(byte[] variable, string name) =>
        variable.Length > name.Length && variable[name.Length] == '=' && Encoding.UTF8.GetBytes(name).AsSpan().SequenceEqual(variable.AsSpan(0, Math.Min(name.Length, variable.Length)));
}
