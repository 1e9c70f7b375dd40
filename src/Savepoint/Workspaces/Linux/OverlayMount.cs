using System.Text;

namespace Savepoint.Workspaces.Linux;

/// <summary>An overlay to be mounted: a layer of one's own over a base that nobody writes to.</summary>
/// <param name="Lower">The base.</param>
/// <param name="Upper">What is written goes here.</param>
/// <param name="Work">An empty directory beside it, for the file system's own use.</param>
/// <param name="Target">Where it is to be seen.</param>
internal sealed record OverlayMount(string Lower, string Upper, string Work, string Target)
{
    /// <summary>
    /// An open file into which the child writes its namespace before it becomes another program, so that what it starts is found even if we die in that moment;
    /// −1 for none.
    /// </summary>
    public int NoteTo { get; init; } = -1;

    /// <summary>The options of mount(2). In a user namespace marks are kept in attributes that every user may set.</summary>
    public byte[] Options(bool inUserNamespace) =>
        Encoding.UTF8.GetBytes($"lowerdir={Escape(Lower)},upperdir={Escape(Upper)},workdir={Escape(Work)}{(inUserNamespace ? ",userxattr" : "")}");

    // A comma ends an option and a colon a lower layer (Documentation/filesystems/overlayfs.rst).
    private static string Escape(string path) => path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
