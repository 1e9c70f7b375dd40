using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Xunit;

namespace Savepoint.Tests.Structure;

/// <summary>Holds the table of docs/architecture.md: which part may use which.</summary>
public sealed class LayeringTests
{
    // The root namespace, where SnapshotManager is, may use all; nothing below may use it.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Model"] = [],
        ["Events"] = ["Model"],
        ["Diagnostics"] = ["Model"],
        ["Diffs"] = ["Model"],
        ["Workspaces"] = ["Model"],
        ["Recording"] = ["Model", "Diffs", "Workspaces"],
        ["Compaction"] = ["Model", "Diffs"],
        ["Storage"] = ["Model", "Diffs", "Compaction", "Events", "Diagnostics"],
        ["Policies"] = ["Model"],
        ["Quality"] = ["Model"],
        ["Experiments"] = ["Model"],
        ["Checking"] = ["Model"],
        ["Maintenance"] = ["Model", "Storage", "Compaction", "Policies", "Diagnostics"],
        ["Restoring"] = ["Model", "Diffs", "Workspaces"],
        ["Branches"] = ["Model", "Diffs"],
        ["Exporting"] = ["Model", "Diffs"],
        ["Editing"] = ["Model", "Diffs", "Workspaces"],
    };

    [Fact]
    public void The_parts_use_only_what_the_table_allows()
    {
        Assert.Empty(Violations(typeof(SnapshotManager).Assembly.Location, "Savepoint"));
    }

    [Fact]
    public void A_use_in_a_signature_a_body_and_a_generic_argument_is_seen()
    {
        var seen = Violations(typeof(LayeringTests).Assembly.Location, "Savepoint.Tests.Structure.Fixtures");

        Assert.Equal(
            ["Model.UsesStorageInABody → Storage.Forbidden", "Model.UsesStorageInAGenericArgument → Storage.Forbidden", "Model.UsesStorageInASignature → Storage.Forbidden"],
            seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_tests_and_benches_see_what_is_internal()
    {
        var friends = typeof(SnapshotManager).Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), false)
            .Cast<InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName);

        Assert.All(friends, name => Assert.Matches("^Savepoint[.](.*Tests|Bench|Soak)$", name));
    }

    [Fact]
    public void The_table_in_the_architecture_page_is_the_one_held_here()
    {
        var rows = Regex.Matches(Repository.Read("docs/architecture.md"), @"^\| `(?<part>\w+)/` \|.*\| (?<uses>[^|]*) \|$", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups["part"].Value, row => row.Groups["uses"].Value);

        Assert.Equal(Allowed.Keys.Order(), rows.Keys.Order());
        Assert.All(Allowed, layer => Assert.Equal(layer.Value.Length == 0 ? "–" : string.Join(", ", layer.Value), rows[layer.Key]));
    }

    [Fact]
    public void Every_source_file_has_the_namespace_of_its_folder()
    {
        var source = Repository.At("src/Savepoint");
        var wrong = Repository.SourceFiles("src/Savepoint").Where(file =>
        {
            var folder = Path.GetRelativePath(source, Path.GetDirectoryName(file)!).Replace('/', '.');
            var expected = folder == "." ? "Savepoint" : $"Savepoint.{folder}";
            var declared = Regex.Match(File.ReadAllText(file), @"^namespace ([\w.]+);", RegexOptions.Multiline);
            return declared.Success && declared.Groups[1].Value != expected;
        });

        Assert.Empty(wrong);
    }

    private static List<string> Violations(string assembly, string rootNamespace)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        var uses = Layers.UsesIn(module, rootNamespace);
        return
        [
            .. uses.Where(use => use.FromPart.Length > 0 && !(Allowed.TryGetValue(use.FromPart, out var parts) && parts.Contains(use.ToPart)))
                .Select(use => $"{Short(use.FromType, rootNamespace)} → {Short(use.ToType, rootNamespace)}").Distinct(),
        ];
    }

    private static string Short(string type, string rootNamespace) => type[(rootNamespace.Length + 1)..];
}
