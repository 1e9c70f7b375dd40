namespace Savepoint.Bench;

/// <summary>One line of the table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Measured">The number to compare with the goal.</param>
/// <param name="Goal">What it must not exceed.</param>
/// <param name="Unit">The unit of both; <c>×</c> for a ratio to git in the same run.</param>
/// <param name="Detail">What it was computed from.</param>
internal sealed record Row(string Name, double Measured, double Goal, string Unit, string Detail)
{
    public bool IsMet => Measured <= Goal;
}
