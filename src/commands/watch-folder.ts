/** `declarant watch-folder DIR`: lodges each file that is put into a folder exactly once, and files it with its results. */
import { setTimeout as pause } from 'node:timers/promises';
import { exitCode, type ExitCode, Stop } from '../model/stop.ts';
import { openWatchedFolder, type Claimed } from '../watched-folder.ts';
import type { CommandInput } from './command.ts';
import { catchSignals } from './signals.ts';
import { takeFile } from './take-file.ts';

const lookEveryMs = 1_000;
/** What could not be brought to an end is tried again after so long. */
const againMs = 60_000;

function settleMs(typed: string | true | undefined): number {
  if (typed === undefined) return 3_000;
  const seconds = /^\d{1,4}(?:\.\d{1,3})?$/u.test(String(typed)) ? Number(typed) : Number.NaN;
  if (!Number.isNaN(seconds)) return seconds * 1_000;
  throw new Stop('usage/invalid-value', exitCode.usage, {
    facts: { where: '--settle', value: String(typed), expected: '0–9999' },
  });
}

/** Nothing left to say of a file: it goes to `done` or `failed`. Undefined: it stays, and is taken up again. */
function endOf(exit: number): 'done' | 'failed' | undefined {
  if (exit === exitCode.done || exit === exitCode.nothingToDo) return 'done';
  return exit === exitCode.someRefused || exit === exitCode.unreadable ? 'failed' : undefined;
}

/** Not the file's fault. */
const fatal: readonly ExitCode[] = [exitCode.storage, exitCode.signIn, exitCode.defect, exitCode.usage];

/** What a script should know first, of several files' exit codes. */
const weight: readonly number[] = [
  exitCode.interrupted,
  exitCode.terminated,
  exitCode.storage,
  exitCode.defect,
  exitCode.locked,
  exitCode.signIn,
  exitCode.undecided,
  exitCode.unreachable,
  exitCode.usage,
  exitCode.unreadable,
  exitCode.someRefused,
];

function heaviest(exits: readonly number[]): number | undefined {
  return weight.find((each) => exits.includes(each));
}

export async function run(input: CommandInput): Promise<number> {
  const { args, flags, config } = input;
  const isOnce = flags.has('once');
  using signals = catchSignals();
  const { signal } = signals;
  using folder = openWatchedFolder(args[0] ?? '.', settleMs(flags.get('settle')));
  const waiting = new Map<string, number>();
  const exits: number[] = [];
  let taken = 0;
  const take = async (claimed: Claimed): Promise<void> => {
    taken += 1;
    const exit = await takeFile(input, claimed);
    exits.push(exit);
    const end = signal.aborted ? undefined : endOf(exit);
    if (end !== undefined) folder.file(claimed, end);
    else waiting.set(claimed.id, performance.now() + againMs);
    // Every further file would meet the same.
    const broken = fatal.find((each) => each === exit);
    if (broken !== undefined) throw new Stop('run/watch-ended', broken, { facts: { exit } });
  };
  for (;;) {
    for (const claimed of folder.claimed()) {
      if (signal.aborted) break;
      if ((waiting.get(claimed.id) ?? 0) <= performance.now()) await take(claimed);
    }
    for (const name of await folder.finished(isOnce, signal)) {
      if (signal.aborted) break;
      const claimed = folder.claim(name);
      if (claimed !== undefined) await take(claimed);
    }
    if (isOnce || signal.aborted) break;
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
  const isEmpty = taken === 0 && isOnce && config.settings.errorOnEmpty;
  return (
    signals.exit() ??
    (isOnce ? heaviest(exits) : undefined) ??
    (isEmpty ? exitCode.nothingToDo : exitCode.done)
  );
}
