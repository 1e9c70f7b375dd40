namespace Savepoint.Cli.Clients;

/// <summary>For whom a client is set up.</summary>
/// <param name="IsUser">For all projects of the user; otherwise for one project.</param>
/// <param name="Directory">The project's directory, or the user's home.</param>
/// <param name="Program">How this program is called: a name on the <c>PATH</c>, or an absolute path.</param>
internal sealed record Installation(bool IsUser, string Directory, string Program)
{
    public string ScopeWord => IsUser ? "user" : "project";
}
