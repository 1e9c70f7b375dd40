namespace Savepoint.Tests.Fidelity;

/// <summary>Ways to ruin a tree, git's own files excepted, as a shell does it.</summary>
internal static class Wreck
{
    // A wrecker who is no superuser has to open closed folders first.
    private const string Open = "find . -name .git -prune -o -type d -exec chmod u+rwx {} +\n";
    private const string Mine = "! -name unreadable ! -type p ! -type s";

    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["delete all"] = Open + $$"""
            find . -name .git -prune -o ! -type d {{Mine}} -print0 | xargs -0 rm -f --
            find . -mindepth 1 -depth -type d ! -path '*/.git' ! -path '*/.git/*' -exec rmdir {} \; 2>/dev/null || true
            """,
        ["rewrite all"] = Open + $$"""
            find . -name .git -prune -o -type f {{Mine}} -exec chmod u+w {} + -exec sh -c 'for f do printf wrecked >> "$f"; done' sh {} +
            """,
        ["truncate all"] = Open + $$"""
            find . -name .git -prune -o -type f {{Mine}} -exec chmod u+w {} + -exec sh -c 'for f do : > "$f"; done' sh {} +
            """,
        ["swap kinds"] = Open + $$"""
            find . -mindepth 1 -maxdepth 1 ! -name .git ! -name repo {{Mine}} -exec sh -c 'i=0; for f do i=$((i + 1))
                if [ -L "$f" ]; then rm -f -- "$f"; if [ $((i % 2)) = 0 ]; then printf file > "$f"; else mkdir -- "$f"; fi
                elif [ -d "$f" ]; then rm -rf -- "$f"; if [ $((i % 2)) = 0 ]; then ln -s elsewhere "$f"; else printf file > "$f"; fi
                else rm -f -- "$f"; if [ $((i % 2)) = 0 ]; then ln -s elsewhere "$f"; else mkdir -- "$f"; printf inside > "$f/inside"; chmod 0555 "$f"; fi
                fi; done' sh {} +
            """,
        ["open all modes"] = Open + $"find . -mindepth 1 -name .git -prune -o ! -type l {Mine} -exec chmod 0777 {{}} +",
        ["close all modes"] = Open + $$"""
            find . -mindepth 1 -name .git -prune -o -type f {{Mine}} -exec chmod 0400 {} +
            find . -mindepth 1 -name .git -prune -o -type d -print0 | sort -rz | xargs -0 chmod 0500
            """,
        ["rename all"] = Open + $$"""
            find . -mindepth 1 -maxdepth 1 ! -name .git ! -name repo {{Mine}} -exec sh -c 'i=0; for f do i=$((i + 1)); mv -- "$f" "./renamed-$i"; done' sh {} +
            """,
        ["move into one folder"] = Open + $$"""
            mkdir heap
            find . -mindepth 1 -maxdepth 1 ! -name .git ! -name repo ! -name heap {{Mine}} -exec mv -- {} heap/ \;
            """,
    };

    public static IEnumerable<string> Names => Scripts.Keys;

    public static void Run(string name, string root) => Shell.Run(root, Scripts[name]);
}
