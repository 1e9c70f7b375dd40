using System.Globalization;

namespace Savepoint.Model;

/// <summary>
/// The permission bits of a file or directory, 0 to 07777 (set-user-id, set-group-id and sticky included). Where the
/// platform has none (Windows), files are 0644 and directories 0755.
/// </summary>
public readonly record struct UnixMode
{
    /// <summary>All the bits that are recorded.</summary>
    public const int Mask = 0xFFF;

    /// <summary>Takes the low twelve bits of <paramref name="bits"/>; the file type bits of a <c>st_mode</c> are dropped.</summary>
    public UnixMode(int bits) => Bits = bits & Mask;

    /// <summary>0644: what a file gets where nothing says otherwise.</summary>
    public static UnixMode DefaultFile => new(0b110_100_100);

    /// <summary>0755: what a directory or program gets where nothing says otherwise.</summary>
    public static UnixMode DefaultDirectory => new(0b111_101_101);

    /// <summary>The bits, 0 to 07777.</summary>
    public int Bits { get; }

    /// <summary>Whether the owner may execute it, which is all of a mode that git records.</summary>
    public bool IsExecutable => (Bits & 0b001_000_000) != 0;

    /// <summary>Reads octal digits, as <see cref="ToString"/> writes them.</summary>
    /// <exception cref="FormatException">The text is no octal number from 0 to 7777.</exception>
    public static UnixMode Parse(string octal)
    {
        ArgumentNullException.ThrowIfNull(octal);
        if (octal.Length is 0 or > 5 || octal.AsSpan().ContainsAnyExceptInRange('0', '7') || Convert.ToInt32(octal, 8) > Mask)
        {
            throw new FormatException($"'{octal}' is no file mode: four octal digits are expected, like 0644.");
        }

        return new UnixMode(Convert.ToInt32(octal, 8));
    }

    /// <summary>Four octal digits: <c>0644</c>.</summary>
    public override string ToString() => Convert.ToString(Bits, 8).PadLeft(4, '0').ToString(CultureInfo.InvariantCulture);
}
