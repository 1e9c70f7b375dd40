namespace Savepoint.Storage.Repair;

/// <summary>A branch's working copy as the catalog of stores has it, beside the database: its entry goes when the branch is deleted.</summary>
/// <param name="Branch">The branch's name.</param>
/// <param name="Directory">Where the copy is.</param>
internal sealed record RecordedCopy(string Branch, string Directory)
{
    /// <summary>Those of a store.</summary>
    public static IReadOnlyList<RecordedCopy> Of(StoreCatalog catalog, string storeDirectory) =>
        [.. catalog.All().Where(entry => entry.Record.Copy is not null && entry.StoreDirectory == storeDirectory).Select(entry => new RecordedCopy(entry.Record.Copy!.Branch, entry.Record.Root))];
}
