/** `declarant completion SHELL`: a completion script made from the specs. */
import { flagName } from '../config/names.ts';
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { CommandInput } from './command.ts';
import { commands, commonFlags } from './specs.ts';

const names = commands.map(({ name }) => name).join(' ');

function flagsOf(command: (typeof commands)[number]): string {
  return [...command.flags, ...commonFlags].map(({ name }) => flagName(name)).join(' ');
}

function bash(): string {
  const cases = commands.map((command) => `    ${command.name}) flags='${flagsOf(command)}' ;;`).join('\n');
  return `_declarant() {
  local word=\${COMP_WORDS[COMP_CWORD]} flags=''
  case "\${COMP_WORDS[1]}" in
${cases}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W '${names}' -- "$word"))
  elif [[ $word == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$word"))
  else COMPREPLY=(); fi
}
complete -o default -o bashdefault -F _declarant declarant
`;
}

function fish(): string {
  const lines = commands.flatMap((command) => [
    `complete -c declarant -n __fish_use_subcommand -a ${command.name} -d '${command.describe.en}'`,
    ...command.flags.map(
      (flag) =>
        `complete -c declarant -n '__fish_seen_subcommand_from ${command.name}' -l ${flagName(flag.name).slice(2)} -d '${flag.describe.en}'`,
    ),
  ]);
  const common = commonFlags.map(
    (flag) => `complete -c declarant -l ${flagName(flag.name).slice(2)} -d '${flag.describe.en}'`,
  );
  return `${[...lines, ...common].join('\n')}\n`;
}

const scripts: Readonly<Record<string, () => string>> = {
  bash,
  fish,
  // zsh runs bash's completion functions through its own adapter.
  zsh: () => `autoload -U +X bashcompinit && bashcompinit\n${bash()}`,
};

export async function run({ args }: CommandInput): Promise<number> {
  const shell = args[0] ?? '';
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined) {
    throw new Stop('usage/unknown-shell', exitCode.usage, { facts: { shell, known: Object.keys(scripts) } });
  }
  await stdoutOutput.write(script());
  return exitCode.done;
}
