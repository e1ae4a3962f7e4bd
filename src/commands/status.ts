/** `declarant status`: what the ledger holds, and what a person has to do. */
import { stdoutOutput } from '../io.ts';
import type { LedgerEntry, Ledger, RunEntry } from '../ledger/ledger.ts';
import type { SqliteLedger } from '../ledger/sqlite-ledger.ts';
import type { ReceiptCodes } from '../model/receipt-codes.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadReceiptCodes } from '../pack/receipt-codes.ts';
import { actionsOf, ageOfEntry } from '../pipeline/release.ts';
import { type Due, dueTable } from '../reports/due.ts';
import { statusTodo } from '../reports/status-todo.ts';
import { ledgerStatus, runStatus } from '../reports/status.ts';
import type { CommandInput } from './command.ts';
import { lookIntoClient, lookIntoLedger } from './look-into-ledger.ts';
import { otherLedgers } from './other-ledgers.ts';
import { sameWindow } from './same-window.ts';

const mostShown = 20;

const openStates = ['sending', 'unknown', 'received', 'registered', 'held'] as const;

function oldestOf(ledger: Ledger | undefined): Record<string, string> {
  const oldest = openStates.flatMap((state) =>
    (ledger?.inStates([state], 1) ?? []).map(({ intendedAt }) => [state, intendedAt] as const),
  );
  return Object.fromEntries(oldest);
}

function findRun(ledger: Ledger | undefined, id: string): RunEntry {
  const entry = ledger?.runs(Number.MAX_SAFE_INTEGER).find(({ run }) => run === id);
  if (entry === undefined)
    throw new Stop('usage/unknown-run', exitCode.usage, { facts: { run: id }, hint: 'declarant status' });
  return entry;
}

/** Receipts that match no declaration: the window's own, and those in the journal of the import client. */
async function countUnmatchedIn(ledger: SqliteLedger | undefined): Promise<number> {
  if (ledger === undefined) return 0;
  const journal = await lookIntoClient(ledger);
  if (journal === undefined) return ledger.countStrayReceipts();
  const { countUnmatched } = await import('../window/cn-client/unmatched.ts');
  try {
    return ledger.countStrayReceipts() + countUnmatched(journal);
  } finally {
    journal.close();
  }
}

/** The last words with which it was returned. */
function returnedFor({ state, receipts }: LedgerEntry): Pick<Due, 'said'> {
  if (state !== 'rejected') return {};
  const last = receipts
    .filter((receipt) => receipt.state === 'rejected')
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .at(-1);
  if (last === undefined) return {};
  const { code, text } = last;
  return {
    said: { ...(code === undefined ? {} : { code }), ...(text === undefined || text === '' ? {} : { text }) },
  };
}

/** What customs has and a person may have to act on, one by one, oldest first. */
function* dueIn(
  ledger: SqliteLedger | undefined,
  { codes, now }: { readonly codes: ReceiptCodes; readonly now: Date },
): Generator<Due> {
  if (ledger === undefined) return;
  for (const entry of ledger.eachInStates(['received', 'registered', 'accepted', 'held', 'rejected']))
    yield {
      key: entry.key,
      state: entry.state,
      ...(entry.entryId === undefined ? {} : { entryId: entry.entryId }),
      actions: actionsOf(entry, codes),
      ...returnedFor(entry),
      ...ageOfEntry(entry, now, codes),
    };
}

export async function run({ flags, config, typed }: CommandInput): Promise<number> {
  const { format, lang, pack, ledger: file } = config.settings;
  const ledger = await lookIntoLedger(file);
  try {
    const id = flags.get('run');
    if (typeof id === 'string') {
      const entry = findRun(ledger, id);
      const entries: LedgerEntry[] = ledger === undefined ? [] : [...ledger.entriesOfRun(entry.run)];
      if (format === 'json' || format === 'ndjson')
        await stdoutOutput.write(`${JSON.stringify({ run: entry, declarations: entries })}\n`);
      else await stdoutOutput.write(runStatus({ entry, entries }, lang));
      return exitCode.done;
    }
    const codes = loadReceiptCodes(pack);
    const now = new Date();
    const status = {
      file,
      exists: ledger !== undefined,
      ...(ledger?.movedTo === undefined ? {} : { movedTo: ledger.movedTo }),
      counts: Object.fromEntries(ledger?.counts() ?? []),
      oldest: oldestOf(ledger),
      unknown: ledger?.inStates(['sending', 'unknown'], mostShown) ?? [],
      waiting: ledger?.inStates(['received', 'registered', 'held'], mostShown) ?? [],
      unmatched: await countUnmatchedIn(ledger),
      runs: ledger?.runs(5) ?? [],
      now: now.toISOString(),
    };
    const due = dueIn(ledger, { codes, now });
    if (format === 'json' || format === 'ndjson') {
      const told = { type: 'status', schemaVersion: 1, ...status, todo: statusTodo(status) };
      await stdoutOutput.write(`${JSON.stringify(told).slice(0, -1)},"due":[`);
      let separator = '';
      for (const each of due) {
        await stdoutOutput.write(separator + JSON.stringify(each));
        separator = ',';
      }
      await stdoutOutput.write(']}\n');
    } else {
      const receipts = sameWindow('declarant receipts', typed);
      const others = status.exists ? '' : await otherLedgers(config.settings);
      await stdoutOutput.write(
        ledgerStatus(status, lang, { receipts, due: dueTable(due, { lang, codes }) }) + others,
      );
    }
    return exitCode.done;
  } finally {
    ledger?.close();
  }
}
