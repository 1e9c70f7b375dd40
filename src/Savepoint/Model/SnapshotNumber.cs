using System.Globalization;

namespace Savepoint.Model;

/// <summary>The number of a snapshot in its store: 1 for the first, growing by 1, never used twice.</summary>
/// <param name="Value">1 or more.</param>
public readonly record struct SnapshotNumber(long Value) : IComparable<SnapshotNumber>
{
    /// <inheritdoc/>
    public int CompareTo(SnapshotNumber other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether <paramref name="left"/> is older.</summary>
    public static bool operator <(SnapshotNumber left, SnapshotNumber right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is newer.</summary>
    public static bool operator >(SnapshotNumber left, SnapshotNumber right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is not newer.</summary>
    public static bool operator <=(SnapshotNumber left, SnapshotNumber right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is not older.</summary>
    public static bool operator >=(SnapshotNumber left, SnapshotNumber right) => left.Value >= right.Value;
}
