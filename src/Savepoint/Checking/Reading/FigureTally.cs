using Savepoint.Model;

namespace Savepoint.Checking.Reading;

/// <summary>Collects what was measured. A name that comes several times is one figure: the median, and how far the values spread. Not thread-safe.</summary>
internal sealed class FigureTally
{
    private const int MaxFigures = 2_000;
    private const int MaxNameLength = 500;

    private readonly Dictionary<(string Name, string Unit), List<Figure>> _figures = [];

    public bool IsEmpty => _figures.Count == 0;

    /// <summary>The figures, in the order in which their names came.</summary>
    public IReadOnlyList<Figure> Figures => [.. _figures.Values.Select(One)];

    public void Add(string name, double value, string unit, double? spread = null)
    {
        var cut = CleanText.Of(name, MaxNameLength);
        if (cut.Length == 0 || !double.IsFinite(value) || (_figures.Count >= MaxFigures && !_figures.ContainsKey((cut, unit))))
        {
            return;
        }

        if (!_figures.TryGetValue((cut, unit), out var values))
        {
            _figures[(cut, unit)] = values = [];
        }

        values.Add(new Figure(cut, value, unit) { Spread = spread is { } known && double.IsFinite(known) ? Math.Abs(known) : null });
    }

    private static Figure One(List<Figure> values)
    {
        if (values.Count == 1)
        {
            return values[0];
        }

        var sorted = values.Select(figure => figure.Value).Order().ToList();
        var median = (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        var mean = sorted.Average();
        return values[0] with { Value = median, Spread = Math.Sqrt(sorted.Sum(value => (value - mean) * (value - mean)) / (sorted.Count - 1)) };
    }
}
