using Microsoft.Extensions.AI;
using Savepoint.Model;

namespace Savepoint.Extensions.AI;

/// <summary>How <see cref="SavepointTools"/> are made.</summary>
public sealed record SavepointToolOptions
{
    private readonly int _maxDiffLength = 32 << 10;

    /// <summary>The defaults.</summary>
    public static SavepointToolOptions Default { get; } = new();

    /// <summary>Who makes a call: asked anew for each, since the turn changes. Null: nobody is known.</summary>
    public Func<AIFunctionArguments, Actor>? Actor { get; init; }

    /// <summary>Whether the model gets <c>undo</c> and <c>redo</c> too; true by default.</summary>
    public bool HasUndo { get; init; } = true;

    /// <summary>The longest diff in an answer, in UTF-16 units: 1 or more; 32 Ki by default, some 8,000 tokens. What is beyond is said to be missing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int MaxDiffLength
    {
        get => _maxDiffLength;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxDiffLength = value;
        }
    }
}
