/** Words typed → command, arguments and flags. The only file that knows the argument parser. */
import { Command, CommanderError, Option } from 'commander';
import { existsSync } from 'node:fs';
import { flagName } from '../config/names.ts';
import { suggest } from '../config/suggest.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { type CommandSpec, commands, commonFlags, type FlagSpec } from './specs.ts';

export type Invocation = {
  readonly command: CommandSpec;
  readonly args: readonly string[];
  /** By setting name; `true` for a flag without a value. */
  readonly flags: ReadonlyMap<string, string | true>;
};

function makeParser(flags: readonly FlagSpec[]): Command {
  const parser = new Command()
    .exitOverride()
    .helpOption(false)
    .configureOutput({ writeErr: () => undefined });
  for (const { name, short, value, isMany } of flags) {
    const long = flagName(name) + (value === undefined ? '' : ' <value>');
    const option = new Option(short === undefined ? long : `-${short}, ${long}`);
    parser.addOption(isMany === true ? option.argParser(joined) : option);
  }
  return parser;
}

function joined(word: string, before: string | undefined): string {
  return before === undefined ? word : `${before},${word}`;
}

/** What is typed as `--no-color` the parser keeps as `color: false`. */
function readFlags(parser: Command, flags: readonly FlagSpec[], into: Map<string, string | true>): void {
  const parsed = new Map<string, unknown>(Object.entries(parser.opts()));
  for (const { name } of flags) {
    const negated = /^no([A-Z])(.*)$/u.exec(name);
    const positive = negated === null ? undefined : `${negated[1]?.toLowerCase() ?? ''}${negated[2] ?? ''}`;
    const value = positive === undefined ? parsed.get(name) : parsed.get(positive) === false;
    if (value === true || typeof value === 'string') into.set(name, value);
  }
}

function usageStop(
  code: `usage/${string}`,
  facts: Record<string, string | readonly string[]>,
  hint = 'declarant --help',
): Stop {
  return new Stop(code, exitCode.usage, { facts, hint });
}

function unknownCommand(word: string): Stop {
  if (existsSync(word))
    return usageStop('usage/file-without-command', { file: word }, `declarant check ${JSON.stringify(word)}`);
  const nearest = suggest(
    word,
    commands.map(({ name }) => name),
  );
  if (nearest !== undefined)
    return usageStop(
      'usage/unknown-command-suggested',
      { command: word, suggested: nearest },
      `declarant ${nearest} --help`,
    );
  return usageStop('usage/unknown-command', { command: word, known: commands.map(({ name }) => name) });
}

function unknownOption(word: string, command: CommandSpec): Stop {
  const option = word.split('=')[0] ?? word;
  const known = [...commonFlags, ...command.flags].map(({ name }) => flagName(name));
  const nearest = suggest(option, known);
  const hint = `declarant ${command.name} --help`;
  if (nearest === undefined)
    return usageStop('usage/unknown-option', { option, command: command.name }, hint);
  return usageStop(
    'usage/unknown-option-suggested',
    { option, command: command.name, suggested: nearest },
    hint,
  );
}

/** Throws `Stop` (exit 2) with the nearest known word where something is not understood. */
export function parseWords(words: readonly string[]): Invocation {
  const end = words.indexOf('--');
  const typed = end === -1 ? words : words.slice(0, end);
  const literal = end === -1 ? [] : words.slice(end + 1);
  try {
    const common = makeParser(commonFlags);
    const { operands, unknown } = common.parseOptions([...typed]);
    const [name, ...rest] = operands;
    const command = commands.find((spec) => spec.name === name);
    if (name === undefined && unknown[0] === undefined) throw usageStop('usage/no-command', {});
    if (command === undefined) throw unknownCommand(name ?? unknown[0] ?? '');
    const own = makeParser(command.flags);
    const left = own.parseOptions([...rest, ...unknown]);
    if (left.unknown[0] !== undefined) throw unknownOption(left.unknown[0], command);
    const args = [...left.operands, ...literal];
    const facts = { command: command.name, takes: command.takes };
    const hint = `declarant ${command.name} --help`;
    if (args.length < command.atLeast) throw usageStop('usage/missing-argument', facts, hint);
    const extra = args[command.atMost];
    if (extra !== undefined) throw usageStop('usage/extra-argument', { ...facts, extra }, hint);
    const flags = new Map<string, string | true>();
    readFlags(common, commonFlags, flags);
    readFlags(own, command.flags, flags);
    return { command, args, flags };
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    // With everything else checked above, the parser itself refuses only an option without its value: the last word.
    throw usageStop('usage/option-needs-value', { option: typed.at(-1) ?? '' });
  }
}
