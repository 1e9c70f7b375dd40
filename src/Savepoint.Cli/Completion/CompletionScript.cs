namespace Savepoint.Cli.Completion;

/// <summary>
/// Completion scripts: verbs first, then the verb's options, labels where a revision may stand, and files. Labels are asked
/// of <c>savepoint labels --json</c> when the key is pressed; everything else is in the script.
/// </summary>
internal static class CompletionScript
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>The script for a shell; null for an unknown one.</summary>
    public static string? For(string shell)
    {
        var verbs = VerbOptions.All();
        return shell switch
        {
            "bash" => Bash(verbs),
            "zsh" => Zsh(verbs),
            "fish" => Fish(verbs),
            "pwsh" => PowerShell(verbs),
            _ => null,
        };
    }

    private static string Bash(List<VerbOptions> verbs) => $$"""
        # savepoint completion for bash: source <(savepoint completion bash)
        _savepoint() {
            local word="${COMP_WORDS[COMP_CWORD]}" verb="" i options
            for ((i = 1; i < COMP_CWORD; i++)); do
                case "${COMP_WORDS[i]}" in
                    -C|--workspace) ((i++)) ;;
                    -*) ;;
                    *) verb="${COMP_WORDS[i]}"; break ;;
                esac
            done
            if [[ -z "$verb" ]]; then
                COMPREPLY=($(compgen -W "{{Names(verbs)}}" -- "$word"))
                return
            fi
            case "$verb" in
        {{Lines(verbs, verb => $"        {verb.Name}) options=\"{string.Join(' ', verb.Options)}\" ;;")}}
                *) options="" ;;
            esac
            if [[ "$word" == -* ]]; then
                COMPREPLY=($(compgen -W "$options" -- "$word"))
            else
                COMPREPLY=($(compgen -W "$(_savepoint_labels)" -- "$word") $(compgen -f -- "$word"))
            fi
        }
        _savepoint_labels() {
            savepoint labels --json 2>/dev/null | grep -o '"name":"[^"]*"' | cut -d'"' -f4
        }
        complete -o filenames -F _savepoint savepoint

        """;

    private static string Zsh(List<VerbOptions> verbs) => $$"""
        #compdef savepoint
        # savepoint completion for zsh: source <(savepoint completion zsh)
        _savepoint() {
            local -a verbs options labels
            verbs=(
        {{Lines(verbs, verb => $"        '{verb.Name}:{Escape(verb.Summary)}'")}}
            )
            if (( CURRENT == 2 )); then
                _describe 'verb' verbs
                return
            fi
            case "$words[2]" in
        {{Lines(verbs, verb => $"        {verb.Name}) options=({string.Join(' ', verb.Options)}) ;;")}}
            esac
            if [[ "$PREFIX" == -* ]]; then
                compadd -- $options
            else
                labels=(${(f)"$(savepoint labels --json 2>/dev/null | grep -o '"name":"[^"]*"' | cut -d'"' -f4)"})
                compadd -- $labels
                _files
            fi
        }
        compdef _savepoint savepoint

        """;

    private static string Fish(List<VerbOptions> verbs) => $$"""
        # savepoint completion for fish: savepoint completion fish | source
        complete -c savepoint -e
        {{Lines(verbs, verb => $"complete -c savepoint -n __fish_use_subcommand -f -a {verb.Name} -d '{Escape(verb.Summary)}'")}}
        {{Lines(verbs, verb => string.Join('\n', verb.Options.Select(option => $"complete -c savepoint -n '__fish_seen_subcommand_from {verb.Name}' {FishOption(option)}")))}}
        complete -c savepoint -n 'not __fish_use_subcommand' -a "(savepoint labels --json 2>/dev/null | string match -ra '(?<=\"name\":\")[^\"]+')"

        """;

    private static string PowerShell(List<VerbOptions> verbs) => $$"""
        # savepoint completion for PowerShell: savepoint completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName savepoint -ScriptBlock {
            param($word, $ast, $position)
            $options = @{
        {{Lines(verbs, verb => $"        '{verb.Name}' = @({string.Join(", ", verb.Options.Select(option => $"'{option}'"))})")}}
            }
            $verb = $ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" } | Where-Object { $options.ContainsKey($_) } | Select-Object -First 1
            $choices = if (-not $verb -or $verb -eq $word) { $options.Keys | Sort-Object }
                elseif ($word -like '-*') { $options[$verb] }
                else { (savepoint labels --json 2>$null | ConvertFrom-Json).labels.name }
            $choices | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }

        """;

    private static string Names(List<VerbOptions> verbs) => string.Join(' ', verbs.Select(verb => verb.Name));

    private static string Lines(List<VerbOptions> verbs, Func<VerbOptions, string> line) => string.Join('\n', verbs.Select(line));

    private static string Escape(string text) => text.Replace("'", "", StringComparison.Ordinal).Replace(":", " -", StringComparison.Ordinal);

    private static string FishOption(string option) => option.StartsWith("--", StringComparison.Ordinal) ? $"-l {option[2..]}" : $"-s {option[1..]}";
}
