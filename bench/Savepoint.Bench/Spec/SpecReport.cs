using System.Globalization;
using System.Text.Json;

namespace Savepoint.Bench.Spec;

/// <summary>The rows, as they fill, and the files of raw samples beside.</summary>
internal sealed class SpecReport(string rawDirectory)
{
    private const int MaxNamedFailures = 10;

    private readonly List<SpecRow> _rows = [.. SpecRows.All];

    /// <summary>A duration or the like: its p99 is what counts.</summary>
    public void Set(string name, Samples samples) => Set(name, samples.P99, samples);

    /// <summary>A number computed from samples.</summary>
    public void Set(string name, double measured, Samples samples, string? why = null)
    {
        Replace(name, row => row with { Measured = measured, Count = samples.Count, P50 = samples.P50, P99 = samples.P99, Why = why });
        Directory.CreateDirectory(rawDirectory);
        File.WriteAllLines(Path.Combine(rawDirectory, name + ".csv"), samples.Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)).Prepend(RowOf(name).Unit));
    }

    /// <summary>A number that rests on <paramref name="count"/> things that have no duration.</summary>
    public void Set(string name, double measured, int count, string? why = null) =>
        Replace(name, row => row with { Measured = measured, Count = count, Why = why });

    /// <summary>A share of successes, in percent; the failures are listed, the first ones here and all of them in the file beside.</summary>
    public void SetSuccess(string name, int count, IReadOnlyList<string> failures, string? why = null)
    {
        var file = Path.Combine(rawDirectory, name + ".csv");
        Directory.CreateDirectory(rawDirectory);
        File.WriteAllLines(file, failures.Prepend($"failures of {count}"));
        var left = failures.Count > MaxNamedFailures ? $"and {failures.Count - MaxNamedFailures} more in {file}" : null;
        var parts = failures.Take(MaxNamedFailures).Append(left).Append(why).OfType<string>().ToList();
        Set(name, 100.0 * (count - failures.Count) / count, count, parts.Count == 0 ? null : string.Join("; ", parts));
    }

    /// <summary>Says of all rows of a part that were not measured why not.</summary>
    public void Explain(string part, string why)
    {
        foreach (var row in _rows.Where(row => row.Part == part && row is { Measured: null, Why: null }).ToList())
        {
            NotMeasured(row.Name, why);
        }
    }

    public void NotMeasured(string name, string why) => Replace(name, row => row with { Why = why });

    public void WriteJson(Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("rows");
        foreach (var row in _rows)
        {
            Write(json, row);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void WriteText(TextWriter output)
    {
        foreach (var row in _rows)
        {
            output.WriteLine(Line(row));
        }

        output.WriteLine($"{_rows.Count(row => row.IsMet)} of {_rows.Count} met, {_rows.Count(row => row.Measured is null)} not measured");
    }

    private static string Line(SpecRow row)
    {
        var sign = row.IsFloor ? "≥" : "≤";
        var measured = row.Measured is { } number ? Short(number) : "–";
        return $"{row.Name,-31} seed {row.SeedTarget,-41} goal {sign} {Short(row.Goal),7} {row.Unit,-5} measured {measured,9}  {(row.IsMet ? "met   " : "NOT MET")}  n = {row.Count}{(row.P50 is { } p50 ? $", p50 {Short(p50)}, p99 {Short(row.P99!.Value)}" : "")}{(row.Remark is { } remark ? $"  ({remark})" : "")}";
    }

    private static void Write(Utf8JsonWriter json, SpecRow row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteString("seedTarget", row.SeedTarget);
        json.WriteNumber("goal", row.Goal);
        json.WriteString("comparison", row.IsFloor ? ">=" : "<=");
        Write(json, "measured", row.Measured);
        json.WriteString("unit", row.Unit);
        json.WriteBoolean("met", row.IsMet);
        json.WriteNumber("n", row.Count);
        json.WriteNumber("leastN", row.LeastCount);
        Write(json, "p50", row.P50);
        Write(json, "p99", row.P99);
        json.WriteString("command", row.Command);
        json.WriteString("how", row.How);
        if (row.Remark is { } remark)
        {
            json.WriteString("why", remark);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Short(double number) => number.ToString(Math.Abs(number) >= 1000 ? "N0" : "0.###", CultureInfo.InvariantCulture);

    private SpecRow RowOf(string name) => _rows.Find(row => row.Name == name) ?? throw new ArgumentException($"There is no row '{name}'.", nameof(name));

    // A run may take an hour: each row is said when it is there, beside the document.
    private void Replace(string name, Func<SpecRow, SpecRow> with)
    {
        var row = with(RowOf(name));
        _rows[_rows.IndexOf(RowOf(name))] = row;
        if (row.Measured is not null)
        {
            Console.Error.WriteLine($"spec:     {Line(row)}");
        }
    }
}
