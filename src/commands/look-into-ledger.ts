/** A ledger that is only looked at, with the client journal that is one memory with it. */
import { openLedger } from '../ledger/open-ledger.ts';
import type { SqliteLedger } from '../ledger/sqlite-ledger.ts';
import { Stop } from '../model/stop.ts';
import type { JournalReader } from '../window/cn-client/journal.ts';
import { journalOf } from './client-window.ts';

/** Undefined where nothing was ever lodged. */
export async function lookIntoLedger(file: string): Promise<SqliteLedger | undefined> {
  try {
    return await openLedger({ file, now: () => new Date(), mode: 'read' });
  } catch (error) {
    if (error instanceof Stop && error.code === 'ledger/not-found') return undefined;
    throw error;
  }
}

/** Undefined where its window is no import client, or nothing was handed over yet. */
export async function lookIntoClient(ledger: SqliteLedger): Promise<JournalReader | undefined> {
  const file = journalOf(ledger.file, ledger.window.address);
  if (file === undefined) return undefined;
  const { lookIntoJournal } = await import('../window/cn-client/journal.ts');
  return lookIntoJournal(file);
}
