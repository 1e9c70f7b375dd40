#!/bin/sh
# Makes express.fast-export.zst: every stable version of the npm package `express`, one commit a version.
# Needs npm, git, tar, zstd and the network. The result is committed, so that tests and benchmarks read it offline; this
# script runs only when somebody wants newer versions.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm view express versions --json | tr -d ' ",[]' | grep -E '^[0-9]+\.[0-9]+\.[0-9]+$' > versions
sed 's/^/express@/' versions | xargs npm pack --silent > packed

git init -q --initial-branch=main tree
git -C tree config core.autocrlf false
number=0
while read -r version; do
    number=$((number + 1))
    git -C tree rm -rqf --ignore-unmatch .
    mkdir -p tree
    tar -xzf "express-$version.tgz" -C tree --strip-components=1
    # A profiler's log, pictures, and other packages that some early versions carried: most of the bytes, none of the code.
    (cd tree && rm -rf prof.log docs support benchmarks 0.14.0.seed lib-cov)
    chmod -R u+rwX tree
    git -C tree add -A -f
    # The version's number is its date, so that the same packages give the same bytes.
    GIT_AUTHOR_DATE="@$number +0000" GIT_COMMITTER_DATE="@$number +0000" \
        git -C tree -c user.name=express -c user.email=express@example.org commit -q --allow-empty -m "$version"
done < versions

git -C tree fast-export main > express.fast-export
cp tree/LICENSE "$here/LICENSE"
zstd -q -19 --long=27 -f express.fast-export -o "$here/express.fast-export.zst"
ls -l "$here"
