/** Looks after the import client's journal together with the ledger: the two are one memory. */
import { existsSync } from 'node:fs';
import {
  backupBeside,
  backupLedger,
  purgeLedger,
  type PurgeOptions,
  refuseExisting,
} from '../ledger/maintenance.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { Stop } from '../model/stop.ts';
import { journalBackup, journalOf } from './client-window.ts';

export type ClientFindings = {
  readonly file: string;
  readonly messages: number;
  readonly findings: readonly string[];
};

type Client = { readonly journal: string; readonly isThere: boolean; readonly hasLodged: boolean };

/** The journal of a ledger; undefined where its window is no import client. */
async function clientOf(file: string): Promise<Client | undefined> {
  const ledger = await openLedger({ file, now: () => new Date(), mode: 'read' });
  try {
    const journal = journalOf(ledger.file, ledger.window.address);
    if (journal === undefined) return undefined;
    return { journal, isThere: existsSync(journal), hasLodged: ledger.counts().size > 0 };
  } finally {
    ledger.close();
  }
}

/** Undefined where there is none, and need be none. A ledger that cannot be read tells that itself. */
export async function verifyClient(file: string): Promise<ClientFindings | undefined> {
  const client = await clientOf(file).catch((error: unknown) => {
    if (error instanceof Stop) return undefined;
    throw error;
  });
  if (client === undefined || (!client.isThere && !client.hasLodged)) return undefined;
  const nothing = { file: client.journal, messages: 0 };
  const { lookIntoJournal } = await import('../window/cn-client/journal.ts');
  const { verifyJournal } = await import('../window/cn-client/verify-journal.ts');
  try {
    const journal = lookIntoJournal(client.journal);
    if (journal === undefined) return { ...nothing, findings: ['not there'] };
    try {
      return { file: client.journal, ...verifyJournal(journal) };
    } finally {
      journal.close();
    }
  } catch (error) {
    if (error instanceof Stop) return { ...nothing, findings: [error.code] };
    throw error;
  }
}

/** The ledger first: what the journal knows beyond it was handed over, and is found again; the other way round it would be sent twice. */
export async function backupWithClient(
  file: string,
  to: string,
): Promise<{ readonly file: string; readonly client?: string }> {
  const client = await clientOf(file);
  const target = client?.isThere === true ? journalBackup(client.journal, to) : undefined;
  if (target !== undefined) refuseExisting(target);
  const backup = await backupLedger(file, to);
  if (client === undefined || target === undefined) return { file: backup };
  const beside = journalBackup(client.journal, backup);
  backupBeside(client.journal, beside);
  return { file: backup, client: beside };
}

export type Purged = Awaited<ReturnType<typeof purgeLedger>> & {
  readonly client?: { readonly messages: number; readonly files: number; readonly unmatched: number };
};

export async function purgeWithClient(options: Omit<PurgeOptions, 'alongside'>): Promise<Purged> {
  const { openJournal } = await import('../window/cn-client/journal.ts');
  const { purgeJournal } = await import('../window/cn-client/purge-journal.ts');
  let client: Purged['client'];
  const purged = await purgeLedger({
    ...options,
    alongside({ window, file, isGone, cursor }) {
      const path = journalOf(file, window.address);
      if (path === undefined || !existsSync(path)) return;
      const journal = openJournal(path);
      try {
        client = purgeJournal(journal, { olderThan: options.olderThan, isGone, cursor });
      } finally {
        journal.close();
      }
    },
  });
  return client === undefined ? purged : { ...purged, client };
}
