using System.Text;
using System.Text.Unicode;

namespace Savepoint.Editing;

/// <summary>How a file's text is written as bytes. Editing keeps it.</summary>
internal enum TextEncoding
{
    /// <summary>UTF-8. Stray bytes that are not are kept as they are.</summary>
    Utf8,

    /// <summary>UTF-16, the low byte first. Only known by its byte order mark.</summary>
    Utf16LittleEndian,

    /// <summary>UTF-16, the high byte first. Only known by its byte order mark.</summary>
    Utf16BigEndian,

    /// <summary>One byte a character: bytes above 0x7F, and nowhere a sequence of them that UTF-8 would read.</summary>
    Latin1,
}

/// <summary>A file's encoding and whether it begins with a byte order mark.</summary>
internal readonly record struct TextFormat(TextEncoding Encoding, bool HasMark)
{
    private static readonly UTF8Encoding Utf8Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What a new file gets.</summary>
    public static TextFormat Default { get; } = new(TextEncoding.Utf8, HasMark: false);

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    private ReadOnlySpan<byte> Mark => !HasMark ? default : Encoding switch
    {
        TextEncoding.Utf16LittleEndian => [0xFF, 0xFE],
        TextEncoding.Utf16BigEndian => [0xFE, 0xFF],
        _ => Utf8Mark,
    };

    private bool IsUtf16 => Encoding is TextEncoding.Utf16LittleEndian or TextEncoding.Utf16BigEndian;

    /// <summary>The format of these bytes; null if they are no text: a NUL without a mark of UTF-16, or UTF-16 that is damaged.</summary>
    public static TextFormat? Detect(ReadOnlySpan<byte> file)
    {
        if (file is [0xFF, 0xFE, 0, 0, ..])
        {
            return null; // UTF-32
        }

        TextFormat? marked = file switch
        {
            [0xFF, 0xFE, ..] => new(TextEncoding.Utf16LittleEndian, HasMark: true),
            [0xFE, 0xFF, ..] => new(TextEncoding.Utf16BigEndian, HasMark: true),
            _ => null,
        };
        if (marked is { } utf16)
        {
            return utf16.TryDecodeUtf16(file) is null ? null : utf16;
        }

        return file.Contains((byte)0) ? null
            : file.StartsWith(Utf8Mark) ? new(TextEncoding.Utf8, HasMark: true)
            : Utf8.IsValid(file) || HasSequence(file) ? Default
            : new(TextEncoding.Latin1, HasMark: false);
    }

    /// <summary>The text without its mark as the bytes that editing works on: UTF-8 for UTF-16, else as they are.</summary>
    public byte[] ToWorking(ReadOnlySpan<byte> file) =>
        IsUtf16 ? Utf8Strict.GetBytes(TryDecodeUtf16(file)!) : file[Mark.Length..].ToArray();

    /// <summary>The file that these working bytes are.</summary>
    public byte[] ToFile(ReadOnlySpan<byte> working)
    {
        if (!IsUtf16)
        {
            return [.. Mark, .. working];
        }

        return [.. Mark, .. Utf16.GetBytes(System.Text.Encoding.UTF8.GetString(working))];
    }

    /// <summary>Text from outside as working bytes; null if the encoding has no place for one of its characters.</summary>
    public byte[]? Encode(string text)
    {
        if (Encoding != TextEncoding.Latin1)
        {
            return System.Text.Encoding.UTF8.GetBytes(text);
        }

        return text.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF') ? null : System.Text.Encoding.Latin1.GetBytes(text);
    }

    /// <summary>Working bytes as text for people; what UTF-8 does not read shows as U+FFFD.</summary>
    public string Decode(ReadOnlySpan<byte> working) =>
        Encoding == TextEncoding.Latin1 ? System.Text.Encoding.Latin1.GetString(working) : System.Text.Encoding.UTF8.GetString(working);

    private UnicodeEncoding Utf16 => new(bigEndian: Encoding == TextEncoding.Utf16BigEndian, byteOrderMark: false, throwOnInvalidBytes: true);

    private string? TryDecodeUtf16(ReadOnlySpan<byte> file)
    {
        try
        {
            return Utf16.GetString(file[2..]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Whether UTF-8 reads a character of several bytes anywhere: then the rest is damage, not another encoding.</summary>
    private static bool HasSequence(ReadOnlySpan<byte> file)
    {
        while (file.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is var at and >= 0)
        {
            file = file[at..];
            if (Rune.DecodeFromUtf8(file, out _, out var length) == System.Buffers.OperationStatus.Done)
            {
                return true;
            }

            file = file[length..];
        }

        return false;
    }
}
