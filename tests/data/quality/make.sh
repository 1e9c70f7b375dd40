#!/usr/bin/env bash
# Makes the witnesses of our measure of functions: real sources, and what other programs count in them.
#   csharp.tar.zst, csharp.tsv          our own library at the commit named in csharp.from, by Roslyn's code metrics (rule CA1502 of the .NET SDK)
#   javascript.tar.zst, javascript.tsv  express and lodash from npm, by ESLint's rule 'complexity'
# A line of a .tsv is a function: file, line, complexity, what the witness calls it. Needs dotnet, node, npm, git, zstd and a network.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
repository=$(git -C "$here" rev-parse --show-toplevel)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C

pack() { tar -C "$1" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf - . | zstd -19 -q -f -o "$2"; }

# C#: CA1502 reports every function above a limit; the limit is 0, so it reports all. SARIF holds file, line and number.
csharp() {
    local commit=${1:-HEAD} work=$scratch/csharp
    mkdir -p "$work"
    git -C "$repository" rev-parse "$commit" >"$here/csharp.from"
    git -C "$repository" archive "$commit" src/Savepoint Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt global.json | tar -x -C "$work"
    printf 'CA1502: 0\n' >"$work/CodeMetricsConfig.txt"
    printf 'root = true\n[*.cs]\ndotnet_diagnostic.CA1502.severity = warning\n' >"$work/.editorconfig"
    rm -f "$work/src/Savepoint/packages.lock.json"
    dotnet build "$work/src/Savepoint" -v quiet --nologo -p:TreatWarningsAsErrors=false -p:RestorePackagesWithLockFile=false \
        "-p:ErrorLog=$scratch/metrics.sarif%2Cversion=2.1" -p:AdditionalFileItemNames=AdditionalFiles -p:EnableNETAnalyzers=true \
        "-p:CustomBeforeMicrosoftCommonTargets=$scratch/metrics.targets" >"$scratch/build.log" || { cat "$scratch/build.log" >&2; exit 1; }
    node - "$scratch/metrics.sarif" "$work" >"$here/csharp.tsv" <<'JS'
const fs = require('fs');
const [, , file, root] = process.argv;
const log = JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
const lines = [];
for (const result of log.runs[0].results.filter(result => result.ruleId === 'CA1502')) {
    const [, name, complexity] = /'(.*?)' has a cyclomatic complexity of '(\d+)'/.exec(result.message.text);
    const place = result.locations[0].physicalLocation;
    const path = decodeURIComponent(new URL(place.artifactLocation.uri, 'file:///').pathname).replace(root + '/src/Savepoint/', '');
    lines.push([path, place.region.startLine, complexity, name].join('\t'));
}
console.log([...new Set(lines)].sort().join('\n'));
JS
    find "$work/src/Savepoint" \( -name bin -o -name obj \) -prune -exec rm -rf {} +
    pack "$work/src/Savepoint" "$here/csharp.tar.zst"
}

# JavaScript: the rule reports every function above a limit; the limit is 0.
javascript() {
    local work=$scratch/javascript
    mkdir -p "$work/tool" "$work/source"
    (cd "$work/tool" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund eslint@9.39.1 express@5.1.0 lodash@4.17.21 >/dev/null)
    cp -r "$work/tool/node_modules/express/lib" "$work/source/express"
    mkdir "$work/source/lodash"
    cp "$work/tool/node_modules/lodash/lodash.js" "$work/source/lodash/"
    for package in body-parser qs router send finalhandler; do
        mkdir -p "$work/source/$package"
        (cd "$work/tool/node_modules/$package" && find . -name '*.js' -not -path './node_modules/*' -not -path './test/*' -not -path './dist/*' -exec cp --parents {} "$work/source/$package" \;)
    done
    cat >"$work/tool/count.js" <<'JS'
const { ESLint } = require('eslint');
const path = require('path');
(async () => {
    const root = process.argv[2];
    const eslint = new ESLint({ cwd: root, overrideConfigFile: true, allowInlineConfig: false,
        overrideConfig: [{ files: ['**/*.js'], languageOptions: { sourceType: 'commonjs' }, rules: { complexity: ['error', 0] } }] });
    const lines = [];
    for (const result of await eslint.lintFiles(['**/*.js'])) {
        for (const message of result.messages) {
            const found = /^(.*) has a complexity of (\d+)\./.exec(message.message);
            if (!found) throw new Error(`${result.filePath}: ${message.message}`);
            lines.push([path.relative(root, result.filePath), message.line, found[2], found[1]].join('\t'));
        }
    }
    console.log(lines.sort().join('\n'));
})();
JS
    (cd "$work/tool" && node count.js "$work/source") >"$here/javascript.tsv"
    pack "$work/source" "$here/javascript.tar.zst"
}

cat >"$scratch/metrics.targets" <<'XML'
<Project>
  <ItemGroup>
    <AdditionalFiles Include="$(MSBuildThisFileDirectory)csharp/CodeMetricsConfig.txt" />
  </ItemGroup>
</Project>
XML
case ${1:-all} in
    csharp) csharp "${2:-HEAD}" ;;
    javascript) javascript ;;
    all) csharp; javascript ;;
    *) echo "usage: make.sh [all|csharp [COMMIT]|javascript]" >&2; exit 2 ;;
esac
wc -l "$here"/*.tsv
