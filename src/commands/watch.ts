/** `declarant watch`: follows what is open, and tells of each event once, on standard output or to a command. */
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadReceiptCodes } from '../pack/receipt-codes.ts';
import { catchUp } from '../pipeline/catch-up.ts';
import { eventLine, type WatchEvent } from '../reports/watch.ts';
import { noLog } from '../run-log.ts';
import type { CommandInput } from './command.ts';
import { showFailure } from './failure.ts';
import { withEngine } from './open-engine.ts';
import { catchSignals } from './signals.ts';
import { markHistory, newEvents } from './watch-events.ts';
import { runFor } from './watch-exec.ts';
import { openWatched } from './watched.ts';

const mostSeconds = 86_400;

function everyMs(typed: string | true | undefined): number {
  if (typed === undefined) return 30_000;
  const seconds = typeof typed === 'string' && /^\d{1,5}$/u.test(typed) ? Number(typed) : 0;
  if (seconds >= 1 && seconds <= mostSeconds) return seconds * 1000;
  throw new Stop('usage/invalid-value', exitCode.usage, {
    facts: { where: '--every', value: String(typed), expected: `1–${mostSeconds}` },
  });
}

/** One look. True where a command could not be run for an event: the event comes again. */
async function look(input: CommandInput): Promise<boolean> {
  const { flags, config, args } = input;
  const { format, lang, ledger: file, pack } = config.settings;
  const codes = loadReceiptCodes(pack);
  const command = flags.get('exec');
  let hasFailed = false;
  await withEngine('watch', input, noLog, async (opened) => {
    if (opened === undefined) return exitCode.done;
    const watched = openWatched(join(dirname(file), 'watched.ndjson'));
    try {
      if (watched.isNew) markHistory(opened.ledger, { codes, watched });
      await catchUp(opened.engine);
      for (const event of newEvents(opened.ledger, { codes, watched })) {
        if (opened.engine.signal.aborted) break;
        const isJson = format === 'json' || format === 'ndjson';
        const line = isJson
          ? JSON.stringify({ type: 'event', schemaVersion: 1, ...event })
          : eventLine(event, { lang, codes });
        if (typeof command !== 'string') await stdoutOutput.write(`${line}\n`);
        else if (!(await toldBy(command, { args, event, line }))) {
          hasFailed = true;
          continue;
        }
        watched.add(event);
      }
    } finally {
      watched.close();
    }
    return exitCode.done;
  });
  return hasFailed;
}

async function toldBy(
  command: string,
  {
    args,
    event,
    line,
  }: { readonly args: readonly string[]; readonly event: WatchEvent; readonly line: string },
): Promise<boolean> {
  process.stderr.write(`${line}\n`);
  return runFor(event, { command, args });
}

export async function run(input: CommandInput): Promise<number> {
  const { flags, reader } = input;
  const pauseMs = everyMs(flags.get('every'));
  if (flags.has('once')) return (await look(input)) ? exitCode.undecided : exitCode.done;
  using signals = catchSignals();
  while (!signals.signal.aborted) {
    try {
      await look(input);
    } catch (error) {
      // Another process has the ledger, or the window is away just now: the next look may find both.
      const isPassing =
        error instanceof Stop && (error.exit === exitCode.locked || error.exit === exitCode.unreachable);
      if (!isPassing) throw error;
      if (error.exit === exitCode.unreachable) await showFailure(error, reader);
    }
    await pause(pauseMs, undefined, { signal: signals.signal }).catch(() => undefined);
  }
  return signals.exit() ?? exitCode.done;
}
