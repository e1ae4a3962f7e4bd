/** `declarant watch`: follows what is open, and tells of each event once, on standard output or to a command. */
import { dirname, join } from 'node:path';
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadReceiptCodes } from '../pack/receipt-codes.ts';
import { catchUp } from '../pipeline/catch-up.ts';
import { escapeJson } from '../reports/terminal-text.ts';
import { eventLine, type WatchEvent } from '../reports/watch.ts';
import { type Bell, openBell } from './bell.ts';
import type { CommandInput } from './command.ts';
import { showFailure } from './failure.ts';
import { withEngine } from './open-engine.ts';
import { catchSignals } from './signals.ts';
import { markHistory, newEvents } from './watch-events.ts';
import { runFor } from './watch-exec.ts';
import { openWatched } from './watched.ts';
import type { KeptToken } from './window-access.ts';
import { portOf, webhookSecret } from './webhook-input.ts';

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
async function look(input: CommandInput, kept: KeptToken): Promise<boolean> {
  const { flags, config, args } = input;
  const { format, lang, ledger: file, pack } = config.settings;
  const codes = loadReceiptCodes(pack);
  const command = flags.get('exec');
  let hasFailed = false;
  await withEngine('watch', input, { kept }, async (opened) => {
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
  process.stderr.write(`${escapeJson(line)}\n`);
  return runFor(event, { command, args });
}

/** A webhook is a reason to look at once; what is told comes from the window itself, by its cursor. */
async function listen(
  { flags, config }: CommandInput,
  { ring }: Bell,
  listening: AsyncDisposableStack,
): Promise<void> {
  const typed = flags.get('listen');
  if (typed === undefined) return;
  const port = portOf('--listen', typed);
  const secret = webhookSecret(flags);
  const { listenForWebhooks } = await import('../window/webhook-listener.ts');
  const listener = await listenForWebhooks({ port, secret, now: () => new Date(), onMessage: ring });
  listening.defer(() => listener.close());
  const { quiet, lang } = config.settings;
  const said = lang === 'zh' ? '在此接收通知：' : 'hearing webhooks at ';
  if (!quiet) process.stderr.write(`${said}${listener.address}\n`);
}

export async function run(input: CommandInput): Promise<number> {
  const { flags, reader } = input;
  const pauseMs = everyMs(flags.get('every'));
  // As in one import: asked for once, and again when the window refuses it.
  const kept: KeptToken = {};
  if (flags.has('once')) return (await look(input, kept)) ? exitCode.undecided : exitCode.done;
  using signals = catchSignals();
  const bell = openBell();
  await using listening = new AsyncDisposableStack();
  await listen(input, bell, listening);
  while (!signals.signal.aborted) {
    try {
      await look(input, kept);
    } catch (error) {
      // Another process has the ledger, or the window is away just now: the next look may find both.
      const isPassing =
        error instanceof Stop && (error.exit === exitCode.locked || error.exit === exitCode.unreachable);
      if (!isPassing) throw error;
      if (error.exit === exitCode.unreachable) await showFailure(error, reader);
    }
    await bell.wait(pauseMs, signals.signal);
  }
  return signals.exit() ?? exitCode.done;
}
