using System.Collections.Frozen;
using System.Text;
using Savepoint.Model;

namespace Savepoint.Policies;

/// <summary>
/// The files in which projects name what they depend on, by name alone: npm and its kin, NuGet, Cargo, Go, Python, Maven,
/// Gradle, Bundler, Composer, Swift, CocoaPods, pub, Mix, Cabal and Stack, Conan and vcpkg, Nix. Pure.
/// </summary>
internal static class DependencyManifests
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "pnpm-workspace.yaml", "bun.lock", "bun.lockb", "deno.json", "deno.lock",
        "Directory.Packages.props", "packages.lock.json", "packages.config", "paket.dependencies", "paket.lock",
        "Cargo.toml", "Cargo.lock",
        "go.mod", "go.sum", "go.work", "go.work.sum",
        "requirements.txt", "requirements.in", "constraints.txt", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock", "pdm.lock", "environment.yml",
        "pom.xml",
        "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "gradle.lockfile", "libs.versions.toml",
        "Gemfile", "Gemfile.lock", "gems.rb", "gems.locked",
        "composer.json", "composer.lock",
        "Package.swift", "Package.resolved",
        "Podfile", "Podfile.lock",
        "pubspec.yaml", "pubspec.lock",
        "mix.exs", "mix.lock",
        "stack.yaml", "stack.yaml.lock", "cabal.project", "cabal.project.freeze",
        "conanfile.txt", "conanfile.py", "conan.lock", "vcpkg.json",
        "flake.nix", "flake.lock",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Names.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] Endings = [".csproj", ".fsproj", ".vbproj", ".gemspec", ".cabal", ".podspec"];

    /// <summary>Whether a path is such a file.</summary>
    public static bool Contains(WorkspacePath path)
    {
        var name = path.Name;
        if (name.Length is 0 or > 64)
        {
            return false;
        }

        Span<char> text = stackalloc char[64];
        return Encoding.UTF8.TryGetChars(name, text, out var length) && Contains(text[..length]);
    }

    private static bool Contains(ReadOnlySpan<char> name)
    {
        if (Lookup.Contains(name))
        {
            return true;
        }

        foreach (var ending in Endings)
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
            {
                return true;
            }
        }

        // requirements-dev.txt, requirements_test.txt
        return name.StartsWith("requirements", StringComparison.Ordinal) && name.EndsWith(".txt", StringComparison.Ordinal);
    }
}
