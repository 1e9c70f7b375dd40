using System.Net.Sockets;

namespace Savepoint.Tests.Fidelity;

/// <summary>A tree of all that is hard to bring back, made by a shell so that no API of ours or .NET's picks the names.</summary>
internal static class HardTree
{
    private const string Script = """
        git init -q . && printf 'in git' > committed && git add committed
        git -c user.name=t -c user.email=t@example.org commit -qm first

        : > empty
        printf 'a\0b\0\001\377\n' > binary
        printf 'one\r\ntwo\r\n' > crlf
        printf '\357\273\277bom\n' > bom
        printf 'no final newline' > unfinished
        printf '#!/bin/sh\n' > program && chmod 0755 program
        printf 'text\n' > plain && chmod 0644 plain

        for mode in 0640 0555 0400 0600 1644 2755 4755 6755 7777; do
            printf "file $mode" > "file-$mode" && chmod "$mode" "file-$mode"
        done
        for mode in 0640 0555 0700 1777 2755 2770 3777 7777; do
            mkdir "folder-$mode" && chmod "$mode" "folder-$mode"
        done
        mkdir full-1777 && printf 'in sticky' > full-1777/file && chmod 1777 full-1777
        mkdir full-2750 && printf 'in setgid' > full-2750/file && chmod 2750 full-2750
        mkdir -p read-only/below && printf 'locked' > read-only/file && printf 'locked too' > read-only/below/file
        chmod 0444 read-only/file read-only/below/file && chmod 0555 read-only/below read-only

        ln -s plain link-to-file
        ln -s full-1777 link-to-folder
        ln -s nowhere link-dangling
        ln -s ../outside link-out
        ln -s /etc/passwd link-absolute
        ln -s link-to-file link-to-link
        ln -s . link-to-itself

        mkdir -p empty-folder nested/empty/folder
        printf s > 'with space' ; printf q > "quote\"and'quote" ; printf n > "new
        line" ; printf d > ./-rf ; printf b > 'back\slash' ; printf t > 'trailing ' ; printf g > '*?[a]'
        printf l > "$(printf '%0255d' 0)" ; printf e > "$(printf '\360\237\246\204')" ; printf u > "$(printf 'caf\351\377')"
        printf c > "$(printf 'colour \033[31m')" ; printf lower > case ; printf upper > CASE ; printf mixed > Case
        mkdir "$(printf 'caf\351')" && printf in > "$(printf 'caf\351')/$(printf '%0255d' 1)"

        mkdir repo && printf 'inner' > repo/file
        (cd repo && git init -q . && git add . && git -c user.name=t -c user.email=t@example.org commit -qm inner)

        mkfifo pipe
        printf secret > unreadable && chmod 0000 unreadable
        """;

    public static void Make(string root)
    {
        Shell.Run(root, Script);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var aside = Path.Combine(root, "s"); // bound by its own name, then renamed: .NET deletes what it bound
        socket.Bind(new UnixDomainSocketEndPoint(aside));
        Shell.Run(root, "mv s socket");
    }
}
