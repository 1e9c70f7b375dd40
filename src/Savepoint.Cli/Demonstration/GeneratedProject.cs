using Savepoint.Model;

namespace Savepoint.Cli.Demonstration;

/// <summary>A small project with one of everything, for where there is no other to show.</summary>
internal static class GeneratedProject
{
    /// <summary>Makes the folder and fills it.</summary>
    public static void Write(Folder folder)
    {
        folder.MakeDirectory(WorkspacePath.Root);
        foreach (var directory in (string[])["src", "docs", "empty"])
        {
            folder.MakeDirectory(WorkspacePath.Parse(directory));
        }

        Write(folder, "src/basket.py", """
            def total(items):
                return sum(item.price for item in items)


            def discount(total, percent):
                return total * (100 - percent) / 100

            """u8);
        Write(folder, "src/checkout.py", """
            from basket import discount, total


            def pay(items, voucher=None):
                due = total(items)
                if voucher:
                    due = discount(due, voucher.percent)
                return round(due, 2)

            """u8);
        Write(folder, "README.md", "# Shop\r\nKeep these line endings.\r\nThey are not ours.\r\n"u8);
        Write(folder, "docs/guide.md", "# Guide\n\nPut items into the basket.\nThe total is at the checkout.\n"u8);
        Write(folder, "docs/logo.bin", [0x89, 0x50, 0x4E, 0x47, 0x00, 0xFF, 0x0D, 0x0A]);
        Write(folder, "run", "#!/bin/sh\nset -e\nexec python3 src/checkout.py \"$@\"\n"u8);
        folder.SetMode(WorkspacePath.Parse("run"), UnixMode.DefaultDirectory);
        if (!OperatingSystem.IsWindows())
        {
            folder.MakeLink(WorkspacePath.Parse("guide"), "docs/guide.md"u8.ToArray());
        }
    }

    private static void Write(Folder folder, string path, ReadOnlySpan<byte> bytes) => folder.Write(WorkspacePath.Parse(path), bytes);
}
