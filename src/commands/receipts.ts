/** `declarant receipts`: what the window said about one declaration, or what it said that matches none. */
import { stdoutOutput } from '../io.ts';
import type { SqliteLedger } from '../ledger/sqlite-ledger.ts';
import { parseClientSeqNo, parseDeclarationKey } from '../model/ids.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadReceiptCodes } from '../pack/receipt-codes.ts';
import {
  type KeptReceipt,
  mostUnmatchedShown,
  receiptsText,
  type UnmatchedReceipt,
  unmatchedText,
} from '../reports/receipts.ts';
import type { JournalReader } from '../window/cn-client/journal.ts';
import { countUnmatched, unmatchedIn } from '../window/cn-client/unmatched.ts';
import type { CommandInput } from './command.ts';
import { lookIntoClient, lookIntoLedger } from './look-into-ledger.ts';
import { otherLedgers } from './other-ledgers.ts';

export async function run({ flags, config }: CommandInput): Promise<number> {
  const { settings } = config;
  const isJson = flags.has('json') || settings.format === 'json' || settings.format === 'ndjson';
  const ref = flags.get('ref');
  const ledger = await lookIntoLedger(settings.ledger);
  try {
    if (typeof ref === 'string') return await showOne(ledger, ref, { isJson, settings });
    const count = await showUnmatched(ledger, { isJson, settings });
    if (ledger === undefined && !isJson) await stdoutOutput.write(await otherLedgers(settings));
    return count === 0 && settings.errorOnEmpty ? exitCode.nothingToDo : exitCode.done;
  } finally {
    ledger?.close();
  }
}

type Showing = { readonly isJson: boolean; readonly settings: CommandInput['config']['settings'] };

async function showOne(
  ledger: SqliteLedger | undefined,
  ref: string,
  { isJson, settings: { lang, pack } }: Showing,
): Promise<number> {
  const number = parseClientSeqNo(ref);
  const key = (number && ledger?.holdersOf([number]).get(number)) ?? parseDeclarationKey(ref);
  const entry = key && ledger?.find([key]).get(key);
  if (ledger === undefined || entry === undefined)
    throw new Stop('usage/unknown-declaration', exitCode.usage, {
      facts: { ref },
      hint: 'declarant releases',
    });
  // By the moments that they name; those of one moment as they came.
  const kept = ledger
    .receiptsOf(entry.key)
    .toSorted((a, b) => Date.parse(a.receipt.at) - Date.parse(b.receipt.at));
  const receipts = await withFiles(kept, ledger);
  const { clientSeqNo, entryId, state, intendedAt, changedAt } = entry;
  const declaration = {
    key: entry.key,
    clientSeqNo,
    ...(entryId === undefined ? {} : { entryId }),
    state,
    intendedAt,
    changedAt,
  };
  const text = isJson
    ? `${JSON.stringify({ type: 'receipts', schemaVersion: 1, declaration, receipts })}\n`
    : receiptsText({ ...declaration, receipts }, { lang, codes: loadReceiptCodes(pack) });
  await stdoutOutput.write(text);
  return exitCode.done;
}

/** The files that they came in, where the window is an import client: its journal knows. */
async function withFiles(
  receipts: readonly KeptReceipt[],
  ledger: SqliteLedger,
): Promise<readonly KeptReceipt[]> {
  const journal = await lookIntoClient(ledger);
  if (journal === undefined) return receipts;
  const { sourcesOf } = await import('../window/cn-client/told.ts');
  try {
    return receipts.map((each) => {
      const files = sourcesOf(each.receipt, journal);
      return files.length === 0 ? each : { ...each, files };
    });
  } finally {
    journal.close();
  }
}

/** How many there are. */
async function showUnmatched(
  ledger: SqliteLedger | undefined,
  { isJson, settings: { lang, pack } }: Showing,
): Promise<number> {
  const journal = ledger === undefined ? undefined : await lookIntoClient(ledger);
  try {
    const count = (ledger?.countStrayReceipts() ?? 0) + (journal === undefined ? 0 : countUnmatched(journal));
    if (!isJson) {
      const shown = [...firstOf(everyUnmatched(ledger, journal), mostUnmatchedShown)];
      await stdoutOutput.write(unmatchedText(shown, count, { lang, codes: loadReceiptCodes(pack) }));
      return count;
    }
    await stdoutOutput.write(`{"type":"receipts","schemaVersion":1,"count":${count},"unmatched":[`);
    let separator = '';
    for (const each of everyUnmatched(ledger, journal)) {
      await stdoutOutput.write(separator + JSON.stringify(each));
      separator = ',';
    }
    await stdoutOutput.write(']}\n');
    return count;
  } finally {
    journal?.close();
  }
}

function* everyUnmatched(
  ledger: SqliteLedger | undefined,
  journal: JournalReader | undefined,
): Generator<UnmatchedReceipt> {
  for (const receipt of ledger?.strayReceipts(Number.MAX_SAFE_INTEGER) ?? [])
    yield { why: 'not-ours', ...receipt };
  if (journal !== undefined) yield* unmatchedIn(journal);
}

function* firstOf<Item>(items: Iterable<Item>, most: number): Generator<Item> {
  let left = most;
  for (const item of items) {
    if (left === 0) return;
    left -= 1;
    yield item;
  }
}
