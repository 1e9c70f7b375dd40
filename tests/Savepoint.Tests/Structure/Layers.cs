using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Savepoint.Tests.Structure;

/// <summary>Which part of an assembly uses which other, read from its compiled form: signatures, bodies, attributes.</summary>
internal static class Layers
{
    /// <summary>One use of a type of one part by a type of another.</summary>
    public sealed record Use(string FromPart, string FromType, string ToPart, string ToType);

    /// <summary>All uses across parts of the types in a module whose full names begin with <paramref name="rootNamespace"/>.</summary>
    public static HashSet<Use> UsesIn(ModuleDefinition module, string rootNamespace)
    {
        var uses = new HashSet<Use>();
        foreach (var type in module.GetTypes().Where(type => IsIn(rootNamespace, type)))
        {
            foreach (var used in References(type).SelectMany(Leaves).Where(used => IsIn(rootNamespace, used)))
            {
                var use = new Use(PartOf(rootNamespace, type), type.FullName, PartOf(rootNamespace, used), used.FullName);
                if (use.FromPart != use.ToPart)
                {
                    uses.Add(use);
                }
            }
        }

        return uses;
    }

    /// <summary>The first name below the root namespace; empty for the root itself.</summary>
    public static string PartOf(string rootNamespace, TypeReference type)
    {
        var space = NamespaceOf(type);
        return space.Length == rootNamespace.Length ? "" : space[(rootNamespace.Length + 1)..].Split('.')[0];
    }

    private static bool IsIn(string rootNamespace, TypeReference type) =>
        NamespaceOf(type) is var space && (space == rootNamespace || space.StartsWith(rootNamespace + ".", StringComparison.Ordinal));

    private static string NamespaceOf(TypeReference type) => type.DeclaringType is { } outer ? NamespaceOf(outer) : type.Namespace;

    private static IEnumerable<TypeReference> References(TypeDefinition type) =>
        new[] { (TypeReference?)type.BaseType }
            .Concat(type.Interfaces.Select(i => i.InterfaceType))
            .Concat(Attributes(type))
            .Concat(type.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType))
            .Concat(type.Fields.SelectMany(field => Attributes(field).Prepend(field.FieldType)))
            .Concat(type.Properties.SelectMany(property => Attributes(property).Prepend(property.PropertyType)))
            .Concat(type.Methods.SelectMany(References))
            .OfType<TypeReference>();

    private static IEnumerable<TypeReference?> References(MethodDefinition method)
    {
        IEnumerable<TypeReference?> signature = method.Parameters.SelectMany(p => Attributes(p).Prepend(p.ParameterType))
            .Concat(Attributes(method))
            .Concat(method.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType))
            .Append(method.ReturnType);
        return method.HasBody
            ? signature
                .Concat(method.Body.Variables.Select(v => v.VariableType))
                .Concat(method.Body.ExceptionHandlers.Select(h => h.CatchType))
                .Concat(method.Body.Instructions.SelectMany(References))
            : signature;
    }

    private static IEnumerable<TypeReference?> References(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments, .. method.Parameters.Select(p => p.ParameterType)],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(p => p.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) => provider.CustomAttributes.Select(a => a.AttributeType);

    /// <summary>The named types in a constructed one: of <c>List&lt;T[]&gt;</c>, <c>List</c> and <c>T</c>.</summary>
    private static IEnumerable<TypeReference> Leaves(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.Append(generic.ElementType).SelectMany(Leaves),
        RequiredModifierType modified => Leaves(modified.ElementType).Concat(Leaves(modified.ModifierType)),
        TypeSpecification wrapped => Leaves(wrapped.ElementType),
        _ => [type],
    };
}
