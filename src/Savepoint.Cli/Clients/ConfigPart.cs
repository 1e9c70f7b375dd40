using System.Text.Json;
using Savepoint.Cli.ConfigText;

namespace Savepoint.Cli.Clients;

/// <summary>
/// What shall stand in one file of a client's configuration, and how it is told from what others wrote there. Every method
/// takes the file's bytes, empty for a file that is not there, and touches no file.
/// </summary>
/// <param name="file">The file's absolute path.</param>
internal abstract class ConfigPart(string file)
{
    public string File { get; } = file;

    /// <summary>What of ours stands in a text, a line each, in order; none if nothing does.</summary>
    /// <exception cref="JsonException">The text cannot be read as what the file should be.</exception>
    public abstract IReadOnlyList<string> OursIn(byte[] text);

    /// <summary>What shall stand there, in the form of <see cref="OursIn"/>.</summary>
    public abstract IReadOnlyList<string> Wanted { get; }

    /// <summary>The programs that ours in a text call.</summary>
    public abstract IReadOnlyList<string> ProgramsIn(byte[] text);

    /// <summary>What has to be put into a text that holds nothing of ours.</summary>
    /// <exception cref="JsonException">The text cannot be read, or has something else where ours belongs.</exception>
    public abstract IReadOnlyList<TextInsertion> InsertionsInto(byte[] text);

    /// <summary>This part, wanting also what its user has added to ours in a text: an argument, a setting of the server.</summary>
    public virtual ConfigPart Keeping(byte[] text) => this;

    /// <summary>Whether a text is another one without ours: nothing of it is left, and nothing of others' became something else.</summary>
    /// <param name="text">The text with ours.</param>
    /// <param name="clean">What was made of it.</param>
    public virtual bool IsWithout(byte[] text, byte[] clean)
    {
        try
        {
            return OursIn(clean).Count == 0;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return false;
        }
    }

    /// <summary>The text without ours, whoever edited it meanwhile.</summary>
    public abstract byte[] Without(byte[] text);

    /// <summary>Whether a text holds nothing at all, so that the file has no use.</summary>
    public abstract bool IsEmpty(byte[] text);
}
