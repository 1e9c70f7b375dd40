using System.Buffers;
using System.Text;

namespace Savepoint.Cli.Output;

/// <summary>A command line as one would type it: what a shell would take apart stands in quotes.</summary>
internal static class CommandText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%+,-./:=@_^");

    public static string Of(IEnumerable<byte[]> arguments) => string.Join(' ', arguments.Select(argument => Quote(Encoding.UTF8.GetString(argument))));

    /// <summary>One word of it.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Plain) ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
