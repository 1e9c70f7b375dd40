using System.Collections.Frozen;

namespace Savepoint.Quality;

/// <summary>Words of the languages that are not names.</summary>
internal static class Keywords
{
    /// <summary>Words before an expression: after them a slash begins a regular expression, and <c>||</c> a closure.</summary>
    public static readonly FrozenSet<string> StartExpression = Set(
        "return", "typeof", "instanceof", "in", "of", "new", "delete", "void", "throw", "case", "do", "else", "yield", "await", "move", "if", "while", "match", "and", "or", "not");

    /// <summary>Words that a parenthesis follows without being a function's name.</summary>
    public static readonly FrozenSet<string> Control = Set(
        "if", "for", "foreach", "while", "switch", "catch", "using", "lock", "fixed", "return", "new", "typeof", "nameof", "sizeof", "default", "checked", "unchecked", "when", "await",
        "with", "do", "else", "try", "finally", "synchronized", "throw", "assert", "case", "in", "of", "yield", "void", "delete", "super",
        "__attribute__", "__declspec", "alignas", "decltype", "noexcept", "requires", "explicit", "static_assert", "_Static_assert", "__asm__", "asm", "and", "or", "not");

    /// <summary>Modifiers before a type or member in C#, Java and C++.</summary>
    public static readonly FrozenSet<string> Modifiers = Set(
        "public", "private", "protected", "internal", "static", "abstract", "sealed", "partial", "readonly", "ref", "unsafe", "new", "file", "virtual", "override", "async", "extern", "required",
        "const", "volatile", "final", "strictfp", "default", "synchronized", "native", "transient", "non", "inline", "typedef", "constexpr", "export", "register", "friend", "explicit", "implicit");

    /// <summary>Words that begin a type with members.</summary>
    public static readonly FrozenSet<string> Types = Set("class", "struct", "interface", "record", "union", "extension");

    private static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.Ordinal);
}
