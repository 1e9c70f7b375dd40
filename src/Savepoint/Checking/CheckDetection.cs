using System.Text.Json;
using System.Text.RegularExpressions;
using Savepoint.Model;

namespace Savepoint.Checking;

/// <summary>
/// The commands that check a project, told by the files at its root. The first kind of project that has a command for building or testing
/// gives it; a mixed project says in its settings what it wants. Benchmarks are never guessed: they take minutes.
/// </summary>
internal static partial class CheckDetection
{
    private const long MaxFileBytes = 1 << 20;
    private const int MaxProjects = 500;
    private const int MaxProjectDepth = 4;

    private static readonly Func<string, CheckCommands>[] Kinds = [Dotnet, Cargo, Go, Maven, Gradle, Node, Python, CMake, Make];

    /// <summary>The commands; none where nothing is known.</summary>
    /// <param name="root">The project's directory.</param>
    public static CheckCommands Detect(string root)
    {
        var found = CheckCommands.None;
        foreach (var kind in Kinds)
        {
            var commands = kind(root);
            if (!commands.IsEmpty)
            {
                found = new CheckCommands(found.Build ?? commands.Build, found.Test ?? commands.Test, null);
            }

            if (found is { Build: not null, Test: not null })
            {
                break;
            }
        }

        return found;
    }

    private static CheckCommands Dotnet(string root)
    {
        if (!Any(root, "*.slnx") && !Any(root, "*.sln") && !Any(root, "*.csproj") && !Any(root, "*.fsproj") && !Any(root, "*.vbproj"))
        {
            return CheckCommands.None;
        }

        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MaxProjectDepth, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        var hasTests = Directory.EnumerateFiles(root, "*.*proj", options).Take(MaxProjects).Any(project => DotnetTests().IsMatch(Text(project)));
        return new CheckCommands("dotnet build", hasTests ? "dotnet test" : null, null);
    }

    private static CheckCommands Cargo(string root) => Has(root, "Cargo.toml") ? new("cargo build --all-targets", "cargo test", null) : CheckCommands.None;

    private static CheckCommands Go(string root) => Has(root, "go.mod") ? new("go build ./...", "go test -json ./...", null) : CheckCommands.None;

    private static CheckCommands Maven(string root)
    {
        var maven = Has(root, "mvnw") ? "./mvnw" : "mvn";
        return Has(root, "pom.xml") ? new($"{maven} -B -q test-compile", $"{maven} -B test", null) : CheckCommands.None;
    }

    private static CheckCommands Gradle(string root)
    {
        var gradle = Has(root, "gradlew") ? "./gradlew" : "gradle";
        return Has(root, "build.gradle") || Has(root, "build.gradle.kts") ? new($"{gradle} --console=plain testClasses", $"{gradle} --console=plain test", null) : CheckCommands.None;
    }

    private static CheckCommands Node(string root)
    {
        if (!Has(root, "package.json"))
        {
            return CheckCommands.None;
        }

        var scripts = Scripts(Text(Path.Combine(root, "package.json")));
        var run = Has(root, "pnpm-lock.yaml") ? "pnpm" : Has(root, "yarn.lock") ? "yarn" : Has(root, "bun.lock") || Has(root, "bun.lockb") ? "bun" : "npm";
        var build = scripts.ContainsKey("build") ? $"{run} run build" : Has(root, "tsconfig.json") ? "npx --no-install tsc --noEmit" : null;

        // What npm writes into a new package is no test.
        var test = scripts.TryGetValue("test", out var script) && !script.Contains("no test specified", StringComparison.Ordinal) ? $"{run} run test" : null;
        return new CheckCommands(build, test, null);
    }

    private static CheckCommands Python(string root)
    {
        var hasTests = Has(root, "pytest.ini") || Has(root, "conftest.py") || Has(root, "tests/conftest.py") || Any(root, "test_*.py") || Any(Path.Combine(root, "tests"), "test_*.py")
            || Text(Path.Combine(root, "pyproject.toml")).Contains("[tool.pytest", StringComparison.Ordinal)
            || Text(Path.Combine(root, "setup.cfg")).Contains("[tool:pytest]", StringComparison.Ordinal)
            || Text(Path.Combine(root, "tox.ini")).Contains("[pytest]", StringComparison.Ordinal);
        var python = Has(root, ".venv/bin/python") ? ".venv/bin/python" : "python3";
        return hasTests ? new(null, $"{python} -m pytest", null) : CheckCommands.None;
    }

    private static CheckCommands CMake(string root)
    {
        if (!Has(root, "CMakeLists.txt"))
        {
            return CheckCommands.None;
        }

        var configure = Has(root, "build/CMakeCache.txt") ? "" : "cmake -S . -B build && ";
        var hasTests = Text(Path.Combine(root, "CMakeLists.txt")) is var text && (text.Contains("enable_testing", StringComparison.OrdinalIgnoreCase) || text.Contains("include(CTest)", StringComparison.OrdinalIgnoreCase));
        return new CheckCommands($"{configure}cmake --build build", hasTests ? "ctest --test-dir build --output-on-failure" : null, null);
    }

    private static CheckCommands Make(string root)
    {
        var file = ((string[])["GNUmakefile", "makefile", "Makefile"]).FirstOrDefault(name => Has(root, name));
        if (file is null)
        {
            return CheckCommands.None;
        }

        var targets = MakeTarget().Matches(Text(Path.Combine(root, file))).SelectMany(match => match.Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
        return new CheckCommands("make", targets.Contains("test") ? "make test" : targets.Contains("check") ? "make check" : null, null);
    }

    private static Dictionary<string, string> Scripts(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("scripts", out var scripts) && scripts.ValueKind == JsonValueKind.Object
                ? scripts.EnumerateObject().Where(script => script.Value.ValueKind == JsonValueKind.String).GroupBy(script => script.Name).ToDictionary(group => group.Key, group => group.Last().Value.GetString()!)
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static bool Has(string root, string name) => File.Exists(Path.Combine(root, name));

    private static bool Any(string directory, string pattern) => Directory.Exists(directory) && Directory.EnumerateFiles(directory, pattern).Any();

    private static string Text(string file)
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: <= MaxFileBytes } ? File.ReadAllText(file) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"Microsoft\.NET\.Test\.Sdk|IsTestProject>\s*true|TestingPlatformDotnetTestSupport|xunit\.v3|MSTest(?:\.Sdk)?|TUnit|NUnit", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex DotnetTests();

    [GeneratedRegex(@"^(?<names>[A-Za-z][\w.-]*(?: [A-Za-z][\w.-]*)*) *::?(?!=)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex MakeTarget();
}
