using System.Text;
using Savepoint.Model;

namespace Savepoint.Quality;

/// <summary>A language that functions are measured in.</summary>
internal enum CodeLanguage
{
    /// <summary>C#.</summary>
    CSharp,

    /// <summary>JavaScript.</summary>
    JavaScript,

    /// <summary>TypeScript: JavaScript with types.</summary>
    TypeScript,

    /// <summary>Python.</summary>
    Python,

    /// <summary>Go.</summary>
    Go,

    /// <summary>Rust.</summary>
    Rust,

    /// <summary>Java.</summary>
    Java,

    /// <summary>C and C++.</summary>
    C,
}

/// <summary>Which language a file is in, by its name.</summary>
internal static class CodeLanguages
{
    /// <summary>The language; null if it is none that is measured.</summary>
    public static CodeLanguage? Of(WorkspacePath path)
    {
        var name = Encoding.UTF8.GetString(path.Name);
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".cs" => CodeLanguage.CSharp,
            ".js" or ".mjs" or ".cjs" or ".jsx" => name.EndsWith(".min.js", StringComparison.OrdinalIgnoreCase) ? null : CodeLanguage.JavaScript,
            ".ts" or ".mts" or ".cts" or ".tsx" => name.EndsWith(".d.ts", StringComparison.OrdinalIgnoreCase) ? null : CodeLanguage.TypeScript,
            ".py" or ".pyi" => CodeLanguage.Python,
            ".go" => CodeLanguage.Go,
            ".rs" => CodeLanguage.Rust,
            ".java" => CodeLanguage.Java,
            ".c" or ".h" or ".cc" or ".cpp" or ".cxx" or ".hh" or ".hpp" or ".hxx" => CodeLanguage.C,
            _ => null,
        };
    }
}
