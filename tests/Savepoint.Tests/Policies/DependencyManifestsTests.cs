using Savepoint.Model;
using Savepoint.Policies;
using Xunit;

namespace Savepoint.Tests.Policies;

public sealed class DependencyManifestsTests
{
    [Theory]
    [InlineData("package.json", "web/yarn.lock", "pnpm-lock.yaml")] // npm and its kin
    [InlineData("src/App/App.csproj", "Directory.Packages.props", "src/packages.lock.json")] // NuGet
    [InlineData("Cargo.toml", "crates/a/Cargo.lock")]
    [InlineData("go.mod", "go.sum")]
    [InlineData("requirements-dev.txt", "pyproject.toml", "poetry.lock", "uv.lock")] // Python
    [InlineData("pom.xml")] // Maven
    [InlineData("build.gradle.kts", "gradle/libs.versions.toml")]
    [InlineData("Gemfile.lock", "thing.gemspec")] // Bundler
    [InlineData("composer.lock")]
    [InlineData("Package.resolved")] // Swift
    [InlineData("ios/Podfile.lock")]
    [InlineData("pubspec.yaml")] // Dart
    [InlineData("mix.lock")] // Elixir
    [InlineData("stack.yaml", "thing.cabal")] // Haskell
    [InlineData("conan.lock", "vcpkg.json")] // C and C++
    [InlineData("flake.lock")] // Nix
    public void Manifests_and_lock_files_are_known(params string[] paths) =>
        Assert.All(paths, path => Assert.True(DependencyManifests.Contains(WorkspacePath.Parse(path))));

    [Theory]
    [InlineData("package.json.bak")]
    [InlineData("my-package.json")]
    [InlineData("package.json/readme")]
    [InlineData("src/Cargo.rs")]
    [InlineData("requirements")]
    [InlineData("a-name-that-is-longer-than-any-manifest-of-any-ecosystem-could-ever-be.csproj")]
    public void Others_are_not(string path) => Assert.False(DependencyManifests.Contains(WorkspacePath.Parse(path)));
}
