namespace Savepoint.Model;

/// <summary>What a label stands for.</summary>
public enum LabelKind
{
    /// <summary>A named state, kept as its <see cref="Retention"/> says.</summary>
    Checkpoint,

    /// <summary>A checkpoint that is also archived in L3.</summary>
    Milestone,
}

/// <summary>How long a label holds its state against expiry (the seed's four retentions).</summary>
public enum Retention
{
    /// <summary>Until the user takes it off.</summary>
    Permanent,

    /// <summary>Until its session ends.</summary>
    Session,

    /// <summary>Until a later state passes its checks.</summary>
    UntilVerification,

    /// <summary>Until the user decides, having been asked.</summary>
    User,
}

/// <summary>A name on a snapshot.</summary>
/// <param name="Name">The name: not all digits, no <c>@</c>, no <c>:</c>, no leading <c>-</c>; unique among labels and branches.</param>
/// <param name="Snapshot">What it names.</param>
/// <param name="Kind">Checkpoint or milestone.</param>
/// <param name="Retention">How long it holds.</param>
/// <param name="Time">When it was set.</param>
/// <param name="Session">The session it belongs to; null if none.</param>
public sealed record Label(string Name, SnapshotNumber Snapshot, LabelKind Kind, Retention Retention, DateTimeOffset Time, string? Session = null)
{
    /// <summary>What is wrong with a name for a label or branch; null if nothing.</summary>
    public static string? NameProblem(string name) => name switch
    {
        null or "" => "it is empty",
        { Length: > 200 } => "it is longer than 200 characters",
        _ when name.All(char.IsAsciiDigit) => "it is a number, which names a snapshot",
        _ when name.StartsWith('-') => "it starts with '-', which begins an option",
        _ when name.IndexOfAny(['@', ':']) >= 0 => "it has an '@' or ':', which revisions use",
        _ when name.StartsWith(' ') || name.EndsWith(' ') => "it begins or ends with a space, which nobody sees",
        _ when name.Any(c => char.IsControl(c) || (c != ' ' && char.IsWhiteSpace(c))) => "it has a control character",
        _ => null,
    };
}
