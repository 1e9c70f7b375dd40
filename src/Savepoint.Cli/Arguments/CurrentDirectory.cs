using System.Text;
using Savepoint.Cli.Platform;
using Savepoint.Model;

namespace Savepoint.Cli.Arguments;

/// <summary>The current directory, which another process may have deleted, and whose name need not be UTF-8.</summary>
internal static class CurrentDirectory
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Its path as the system has it; null if it is gone.</summary>
    public static byte[]? Bytes => PosixCalls.CurrentDirectory();

    /// <summary>Its path as text.</summary>
    /// <exception cref="SavepointException">It is gone, or no text.</exception>
    public static string Path => TextOf(Existing) ?? throw NotText(Existing);

    /// <summary>The nearest directory at or above it whose path is text: no other can be a workspace.</summary>
    /// <exception cref="SavepointException">It is gone.</exception>
    public static string NearestText
    {
        get
        {
            var path = Existing;
            while (TextOf(path) is null)
            {
                path = path[..Math.Max(1, path.AsSpan().LastIndexOf((byte)'/'))];
            }

            return Encoding.UTF8.GetString(path);
        }
    }

    /// <summary>A path as text; null if it is none.</summary>
    public static string? TextOf(byte[] path)
    {
        try
        {
            return Strict.GetString(path);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>That a directory cannot be named as a workspace, or to find others from it.</summary>
    public static SavepointException NotText(byte[] path) =>
        new(ErrorCode.RefusedPath, $"The path {PathQuoting.Quote(path)} is not UTF-8, as a workspace's root and files outside it must be.", "Rename the directory, or work from another one. Below a workspace's root, any name is recorded.");

    private static byte[] Existing => Bytes
        ?? throw new SavepointException(ErrorCode.Environment, "The current directory does not exist any more.", "Change to one that does, or name the workspace with -C DIR.");
}
