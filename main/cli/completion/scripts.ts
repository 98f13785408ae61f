/** The command that the scripts call; no help lists it. */
export const COMPLETE = '__complete';

/** Shells that `completion` prints a script for. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** What each shell has to read. All of them ask `waybill __complete`, so that they know what this version of it knows. */
export const scripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `# waybill completion for bash. Add to ~/.bashrc: eval "$(waybill completion bash)"
_waybill() {
  local kind line lines
  COMPREPLY=()
  lines=$(waybill ${COMPLETE} bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null) || return
  kind=\${lines%%$'\\n'*}
  case $kind in
    path) return ;;
    folder) compopt -o dirnames +o bashdefault +o default 2>/dev/null; return ;;
  esac
  compopt -o nospace +o bashdefault +o default 2>/dev/null
  [ "$kind" = "$lines" ] && return
  while IFS= read -r line; do COMPREPLY+=("$line"); done <<<"\${lines#*$'\\n'}"
}
complete -o bashdefault -o default -F _waybill waybill`,
  zsh: `#compdef waybill
# waybill completion for zsh. Add to ~/.zshrc, after compinit: eval "$(waybill completion zsh)"
_waybill() {
  local -a lines open open_shown whole whole_shown
  local line value
  lines=("\${(@f)$(waybill ${COMPLETE} words "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  case $lines[1] in
    path) [[ $PREFIX == --*=* ]] && compset -P '*='; _files; return ;;
    folder) [[ $PREFIX == --*=* ]] && compset -P '*='; _files -/; return ;;
  esac
  for line in "\${(@)lines[2,-1]}"; do
    value=\${line%%$'\\t'*}
    [[ -n $value ]] || continue
    line=\${line#*$'\\t'}
    if [[ $value == *[/=] ]]; then
      open+=("$value"); open_shown+=("$value\${line:+  -- $line}")
    else
      whole+=("$value"); whole_shown+=("$value\${line:+  -- $line}")
    fi
  done
  (( $#open )) && compadd -l -d open_shown -S '' -a open
  (( $#whole )) && compadd -l -d whole_shown -a whole
  (( $#open + $#whole ))
}
if [ "$funcstack[1]" = _waybill ]; then _waybill "$@"; else compdef _waybill waybill; fi`,
  fish: `# waybill completion for fish. Save as ~/.config/fish/completions/waybill.fish
function __waybill_complete
    set -l words (commandline -opc)
    set -l current (string unescape -- (commandline -ct); or commandline -ct)
    set -l lines (waybill ${COMPLETE} words $words[2..-1] "$current" 2>/dev/null </dev/null)
    switch "$lines[1]"
        case path
            __fish_complete_path (string replace -r '^--[a-z0-9-]+=' '' -- "$current")
        case folder
            __fish_complete_directories (string replace -r '^--[a-z0-9-]+=' '' -- "$current")
        case words
            set -q lines[2]; and printf '%s\\n' $lines[2..-1]
    end
end
complete -c waybill -f -a '(__waybill_complete)'`,
  powershell: `# waybill completion for PowerShell. Add to $PROFILE: waybill completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName waybill -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
  $current = $wordToComplete.Trim("'", '"')
  # PowerShell before 7.3 drops an empty argument, so the current word has a quote of its own there.
  $empty = if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' }
  $last = if ($current -eq '') { $empty } else { $current }
  $lines = @(waybill ${COMPLETE} words @words $last 2>$null)
  if ($lines.Count -lt 2 -or $lines[0] -ne 'words') { return }
  $lines | Select-Object -Skip 1 | ForEach-Object {
    $value, $meaning = $_ -split "\`t", 2
    $text = if ($value -match "[\\s'&;(),\`$\`"]") { "'" + $value.Replace("'", "''") + "'" } else { $value }
    $tip = if ([string]::IsNullOrEmpty($meaning)) { $value } else { $meaning }
    [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $tip)
  }
}`,
};
