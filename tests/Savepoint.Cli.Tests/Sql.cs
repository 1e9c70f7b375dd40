using Microsoft.Data.Sqlite;

namespace Savepoint.Cli.Tests;

/// <summary>Looks into a store behind the command's back.</summary>
internal static class Sql
{
    /// <summary>Runs a statement for its effect.</summary>
    public static void Execute(string store, string statement)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    /// <summary>The number that a query gives.</summary>
    public static long Count(CliWorkspace workspace, string query) => Column<long>(workspace, query)[0];

    /// <summary>The texts that a query gives.</summary>
    public static List<string> Texts(CliWorkspace workspace, string query) => Column<string>(workspace, query);

    /// <summary>Keeps every other connection from writing to a store until it is disposed of.</summary>
    public static IDisposable HoldForWriting(string store)
    {
        var connection = new SqliteConnection($"Data Source={store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    private static List<T> Column<T>(CliWorkspace workspace, string query)
    {
        var store = Directory.GetFiles(workspace.StoreHome, "store.db", SearchOption.AllDirectories)[0];
        using var connection = new SqliteConnection($"Data Source={store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var rows = command.ExecuteReader();
        var values = new List<T>();
        while (rows.Read())
        {
            values.Add(rows.GetFieldValue<T>(0));
        }

        return values;
    }
}
