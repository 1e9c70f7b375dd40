using System.Reflection;
using System.Xml.Linq;
using Savepoint.Extensions.AI;
using Xunit;

namespace Savepoint.Tests.Structure;

/// <summary>Rules for every public type of the libraries. Each is first seen to fail on a type that breaks it.</summary>
public sealed class DesignRuleTests
{
    private static readonly Assembly[] Libraries = [typeof(SnapshotManager).Assembly, typeof(SavepointTools).Assembly];
    private static readonly Type[] PublicTypes = [.. Libraries.SelectMany(library => library.GetExportedTypes())];

    [Fact]
    public void Public_types_are_documented()
    {
        var documented = Libraries.SelectMany(library => XDocument.Load(Path.ChangeExtension(library.Location, ".xml")).Descendants("member"))
            .Where(member => member.Element("summary") is { IsEmpty: false })
            .Select(member => member.Attribute("name")!.Value).ToHashSet();

        Assert.DoesNotContain("T:Savepoint.Nonesuch", documented);
        Assert.All(PublicTypes, type => Assert.Contains("T:" + type.FullName!.Replace('+', '.'), documented));
    }

    [Fact]
    public void Public_classes_are_sealed_or_abstract_or_static()
    {
        Assert.True(IsOpen(typeof(BreaksTheRules)));
        Assert.DoesNotContain(PublicTypes, IsOpen);
    }

    [Fact]
    public void Public_types_have_no_field_that_can_be_set()
    {
        Assert.NotEmpty(SettableFields(typeof(BreaksTheRules)));
        Assert.Empty(PublicTypes.SelectMany(SettableFields));
    }

    [Fact]
    public void Public_asynchronous_methods_take_a_cancellation_token_last()
    {
        Assert.NotEmpty(WithoutToken(typeof(BreaksTheRules)));
        Assert.Empty(PublicTypes.SelectMany(WithoutToken));
    }

    [Fact]
    public void Public_asynchronous_methods_are_called_so()
    {
        Assert.All(PublicTypes.SelectMany(AsynchronousMethods), method => Assert.EndsWith("Async", method.Name, StringComparison.Ordinal));
    }

    private static bool IsOpen(Type? type) => type is { IsClass: true, IsSealed: false, IsAbstract: false };

    private static IEnumerable<string> SettableFields(Type type) =>
        type.IsEnum ? [] : type.GetFields().Where(field => !field.IsInitOnly && !field.IsLiteral).Select(field => $"{type.FullName}.{field.Name}");

    private static IEnumerable<string> WithoutToken(Type type) =>
        AsynchronousMethods(type).Where(method => method.GetParameters() is not [.., { ParameterType: var last }] || last != typeof(CancellationToken))
            .Select(method => $"{type.FullName}.{method.Name}");

    // Disposal is what ends everything else: nothing can cancel it, and its signature is not ours.
    private static IEnumerable<MethodInfo> AsynchronousMethods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName && method.Name != nameof(IAsyncDisposable.DisposeAsync) && IsAwaited(method.ReturnType));

    private static bool IsAwaited(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() is var open
            && (open == typeof(Task<>) || open == typeof(ValueTask<>) || open == typeof(IAsyncEnumerable<>)));

#pragma warning disable CA1051, CA1052, CA1852 // a type that does what the rules forbid
    internal class BreaksTheRules
    {
        public int Settable = 1;

        public static Task WithoutTokenAsync() => Task.CompletedTask;
    }
#pragma warning restore CA1051, CA1052, CA1852
}
