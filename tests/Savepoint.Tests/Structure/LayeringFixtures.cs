// Types that break the table on purpose, so that LayeringTests is seen to fail when it should.
#pragma warning disable IDE0130 // these namespaces stand for parts, not for folders

namespace Savepoint.Tests.Structure.Fixtures.Storage
{
    internal sealed class Forbidden
    {
        public static string Name => "storage";
    }
}

namespace Savepoint.Tests.Structure.Fixtures.Model
{
    internal static class UsesStorageInASignature
    {
        public static string Describe(Storage.Forbidden? forbidden) => forbidden is null ? "none" : "some";
    }

    internal static class UsesStorageInABody
    {
        public static int Length() => Storage.Forbidden.Name.Length;
    }

    internal static class UsesStorageInAGenericArgument
    {
        public static int Count() => new List<Storage.Forbidden>().Count;
    }
}
