# Sourced by ./savepoint and ./install: makes sure that the command is built and not older than its source.
#
# A build is a directory of its own, out/command/NAME; the file out/command/current names the newest, and is replaced by
# a rename. So an invocation sees one whole build or another, whatever runs beside it, and its age is that of the source
# it was made from: it is stamped before the compiler starts.

command_dir=$repository/out/command

say() { printf 'savepoint: %s\n' "$*" >&2; }

# Prints nothing if the build that out/command/current names is as new as the source. A few milliseconds.
find_newer_source() {
    find "$repository/src" "$repository"/Directory.* "$repository/global.json" "$repository/BannedSymbols.txt" \
        \( -name bin -o -name obj \) -prune -o -newer "$command_dir/current" -print 2>&1 | head -n 1
}

is_command_current() {
    [ -r "$command_dir/current" ] && read -r build <"$command_dir/current" &&
        [ -x "$command_dir/$build/savepoint-cli" ] && [ -z "$(find_newer_source)" ]
}

# Builds if need be, and sets $build to the build's name. The compiler's words go to out/command/build.log.
ensure_command() {
    is_command_current && return
    command -v dotnet >/dev/null || {
        say "building needs the .NET 10 SDK (https://dotnet.microsoft.com/download); 'dotnet' is not on PATH."
        exit 1
    }
    mkdir -p "$command_dir"
    # The lock is an open file's, so it ends with this process however it ends. Where there is no flock(1), builds at
    # the same time only do the same work twice: each has its own directories.
    if command -v flock >/dev/null; then
        artifacts=$repository/out/publish
        exec 9>"$command_dir/lock"
        flock -n 9 || {
            say "waiting for a build that another process has begun"
            flock 9
        }
    else
        artifacts=$repository/out/publish.$$
        trap 'rm -rf "$artifacts"' EXIT
    fi
    is_command_current || build_command
    exec 9>&-
    if [ "$artifacts" != "$repository/out/publish" ]; then
        rm -rf "$artifacts"
        trap - EXIT
    fi
}

build_command() {
    build=$(date +%Y%m%d-%H%M%S)-$$
    printf '%s\n' "$build" >"$command_dir/current.$$"
    say "building (the first time takes a minute or two; out/command/build.log)"
    if ! has_linker; then
        say "no C linker (clang or gcc) here: a ReadyToRun build instead of NativeAOT, slower to start."
        publish_ready_to_run || fail_build
    elif ! publish_native; then
        # An error in the source stops both kinds of build: no use in trying the other.
        grep -q 'error CS' "$command_dir/build.log" && fail_build
        mv -f "$command_dir/build.log" "$command_dir/native.log"
        say "NativeAOT failed (out/command/native.log): a ReadyToRun build instead, slower to start."
        publish_ready_to_run || fail_build
    fi
    mv -f "$command_dir/current.$$" "$command_dir/current"
    remove_old_builds
}

has_linker() {
    command -v clang >/dev/null || { [ "$(uname -s)" = Linux ] && command -v gcc >/dev/null; }
}

publish_native() { publish -p:PublishAot=true; }
publish_ready_to_run() { publish -p:PublishReadyToRun=true --self-contained false; }

# The .NET tools need a home to write to, and are to be quiet and to leave nothing outside it.
prepare_dotnet() {
    if [ ! -w "${HOME:-/nonexistent}" ]; then
        export HOME=$repository/out/home
        mkdir -p "$HOME"
    fi
    export DOTNET_CLI_HOME=${DOTNET_CLI_HOME:-$HOME} DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
    export DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_ADD_GLOBAL_TOOLS_TO_PATH=false
}

# Runs in a subshell: what the build needs of the environment, the command shall not see. The analyzers take as long as
# all the rest, and ./test has them look at the same source.
publish() (
    exec 9>&- # no compiler server may inherit the lock
    prepare_dotnet
    cd "$repository" # where global.json is
    dotnet publish src/Savepoint.Cli -c Release --use-current-runtime --artifacts-path "$artifacts" \
        -o "$command_dir/$build" -p:DebugType=none -p:StripSymbols=true -p:CopyOutputSymbolsToPublishDirectory=false \
        -p:PublishDocumentationFiles=false -p:RunAnalyzers=false -p:UseSharedCompilation=false -nodeReuse:false "$@" \
        >"$command_dir/build.log" 2>&1 </dev/null
)

fail_build() {
    rm -rf "$command_dir/current.$$" "${command_dir:?}/$build"
    cat "$command_dir/build.log" >&2
    say "the build failed; the log stands above and in out/command/build.log"
    exit 1
}

# Keeps the build before this one: a process that was started a moment ago may not have loaded its library yet.
remove_old_builds() {
    find "$command_dir" -mindepth 1 -maxdepth 1 -type d | sort -r | tail -n +3 | while read -r old; do
        rm -rf "$old"
    done
}

is_native() { [ ! -e "$command_dir/$build/savepoint-cli.dll" ]; }

# The directory of the .NET runtime, for a ReadyToRun build: its executable looks only in a few usual places.
dotnet_root() { dirname "$(readlink -f "$(command -v dotnet)")"; }
