namespace Savepoint.Tests;

/// <summary>The repository's tests/data, found from where the tests were built.</summary>
internal static class TestData
{
    public static string Directory()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (Path.Combine(directory.FullName, "tests", "data") is var data && System.IO.Directory.Exists(data))
            {
                return data;
            }
        }

        throw new DirectoryNotFoundException("tests/data is not above the tests' executable.");
    }
}
