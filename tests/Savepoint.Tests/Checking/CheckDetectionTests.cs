using Savepoint.Checking;
using Savepoint.Model;
using Xunit;

namespace Savepoint.Tests.Checking;

/// <summary>The commands of a project, told by its files.</summary>
public sealed class CheckDetectionTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("App.slnx| ; src/App/App.csproj|<Project/>", "dotnet build", null)]
    [InlineData("App.sln| ; test/T/T.csproj|<PackageReference Include=\"Microsoft.NET.Test.Sdk\"/>", "dotnet build", "dotnet test")]
    [InlineData("T.fsproj|<PackageReference Include=\"xunit.v3\"/>", "dotnet build", "dotnet test")]
    [InlineData("Cargo.toml|", "cargo build --all-targets", "cargo test")]
    [InlineData("go.mod|", "go build ./...", "go test -json ./...")]
    [InlineData("pom.xml|", "mvn -B -q test-compile", "mvn -B test")]
    [InlineData("pom.xml| ; mvnw|", "./mvnw -B -q test-compile", "./mvnw -B test")]
    [InlineData("build.gradle.kts| ; gradlew|", "./gradlew --console=plain testClasses", "./gradlew --console=plain test")]
    [InlineData("package.json|{\"scripts\":{\"build\":\"x\",\"test\":\"y\"}}", "npm run build", "npm run test")]
    [InlineData("package.json|{\"scripts\":{\"build\":\"x\",\"test\":\"y\"}} ; pnpm-lock.yaml|", "pnpm run build", "pnpm run test")]
    [InlineData("package.json|{\"scripts\":{\"test\":\"y\"}} ; yarn.lock| ; tsconfig.json|", "npx --no-install tsc --noEmit", "yarn run test")]
    [InlineData("package.json|{\"scripts\":{\"test\":\"echo \\\"Error: no test specified\\\" && exit 1\"}}", null, null)]
    [InlineData("package.json|{ not JSON", null, null)]
    [InlineData("package.json|{\"scripts\":[1]}", null, null)]
    [InlineData("tests/test_a.py|", null, "python3 -m pytest")]
    [InlineData("pyproject.toml|[tool.pytest.ini_options] ; .venv/bin/python|", null, ".venv/bin/python -m pytest")]
    [InlineData("pyproject.toml|[project]", null, null)]
    [InlineData("CMakeLists.txt|project(x) enable_testing()", "cmake -S . -B build && cmake --build build", "ctest --test-dir build --output-on-failure")]
    [InlineData("CMakeLists.txt|project(x) ; build/CMakeCache.txt|", "cmake --build build", null)]
    [InlineData("Makefile|all: a\n\ttest: no target\n\ncheck clean:\n\ttrue", "make", "make check")]
    [InlineData("Makefile|test := 1\nall:\n\ttrue", "make", null)]
    [InlineData("README.md|", null, null)]
    [InlineData("tests/test_a.py| ; Makefile|all:", "make", "python3 -m pytest")]
    public void Its_commands(string files, string? build, string? test)
    {
        foreach (var file in files.Split(" ; "))
        {
            _workspace.Write(file.Split('|')[0], file.Split('|')[1]);
        }

        Assert.Equal(new CheckCommands(build, test, null), CheckDetection.Detect(_workspace.Root));
    }
}
