/** A single window behind the folders of its import client: messages go into OutBox, receipts come from InBox. */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clientSeqNoOf, type DeclarationKey } from '../../model/ids.ts';
import type { MessageForm } from '../../model/message-form.ts';
import type { ReceiptCodes } from '../../model/receipt-codes.ts';
import type { Answer, Inquiry, SingleWindow } from '../single-window.ts';
import type { OperType } from './dec-message.ts';
import { foldersUnder, proveFolders, stemsIn, troubleWith } from './folders.ts';
import { handOver, recover } from './hand-over.ts';
import { openInBox } from './in-box.ts';
import { type Journal, numberIn, openJournal } from './journal.ts';
import { dropOldDocuments, keepDocuments } from './kept-documents.ts';
import { planFor, sizeOf } from './plan-message.ts';
import { handOverWord, receiptIn } from './told.ts';

export type FolderWindowOptions = {
  readonly name: string;
  /** The folder in which OutBox, SentBox, InBox and FailBox lie. */
  readonly root: string;
  /** The file of the window's own memory; it must live as long as the ledger. */
  readonly journal: string;
  readonly form: MessageForm;
  readonly codes: ReceiptCodes;
  readonly operType: OperType;
  readonly now: () => Date;
  /** 5 s where absent. */
  readonly settleMs?: number;
};

const eventsAtOnce = 1000;
const lookEveryMs = 500;

/** Throws `Stop` where the journal cannot be used. The folders are proved by `limits`, before anything is sent. One process at a time: the ledger's lock sees to it. */
export async function openFolderWindow(options: FolderWindowOptions): Promise<SingleWindow> {
  const { name, codes, settleMs = 5_000 } = options;
  const root = resolve(options.root);
  const folders = foldersUnder(root);
  const journal = openJournal(options.journal);
  dropOldDocuments(journal, options.now);
  let isRecovered = await recover(folders, journal);
  const isNew = journal.get('select 1 from sent') === undefined;
  // After the journal was lost, what lies in the folders is still known by its name.
  const there = isNew ? await stemsIn(folders) : new Set<string>();
  const inBox = openInBox({ folders, journal, codes, settleMs });

  return {
    name,
    address: `cn-client:${root}`,
    async limits() {
      await proveFolders(folders);
      return { declarations: 500, bytes: 33_554_432 };
    },
    keepDocuments: (documents) => keepDocuments(documents, { journal, now: options.now }),
    async submit(batch, signal) {
      const bytes = batch.lodgements.reduce((sum, lodgement) => sum + sizeOf(lodgement, journal), 0);
      const trouble = signal.aborted ? 'timeout' : await troubleWith(proveFolders(folders, bytes));
      if (trouble !== undefined)
        return batch.lodgements.map(({ key }) => ({ kind: 'not-sent', key, reason: { cause: trouble } }));
      if (!isRecovered) isRecovered = await recover(folders, journal);
      await inBox.look();
      const plans = batch.lodgements.map((lodgement) =>
        planFor(lodgement, batch, { options, journal, there }),
      );
      const placed = await handOver(
        plans.flatMap((plan) => ('stem' in plan ? [plan] : [])),
        { folders, journal, signal },
      );
      return plans.map((plan): Answer => {
        if (!('stem' in plan)) return plan;
        const row = placed.has(plan.stem)
          ? journal.get('select * from sent where stem = ?', plan.stem)
          : undefined;
        if (row !== undefined)
          return { kind: 'answered', key: plan.key, receipt: handOverWord(row, journal) };
        return { kind: 'not-sent', key: plan.key, reason: { cause: 'unavailable' } };
      });
    },
    async inquire(keys) {
      if (!isRecovered) isRecovered = await recover(folders, journal);
      if (!isRecovered)
        return keys.map((key) => ({ kind: 'no-answer', key, reason: { cause: 'unreachable' } }));
      await inBox.look();
      return keys.map((key) => inquiryOf(key, journal, there));
    },
    async events(since, waitMs, signal) {
      const [id, seq] = since.split(':');
      const after = id === journal.id ? Number(seq) : 0;
      const page = () =>
        journal.all('select seq, json from feed where seq > ? order by seq limit ?', after, eventsAtOnce);
      for (let leftMs = waitMs; ; leftMs -= lookEveryMs) {
        let rows = page();
        // What was taken before is told first: a long feed does not cost a look for each page.
        if (rows.length === 0) {
          await inBox.look();
          rows = page();
        }
        const last = rows.at(-1);
        if (last !== undefined)
          return { receipts: rows.map(receiptIn), next: `${journal.id}:${numberIn(last, 'seq')}` };
        if (leftMs <= 0 || signal.aborted) return { receipts: [], next: since };
        await pause(Math.min(lookEveryMs, leftMs), undefined, { signal }).catch(() => undefined);
      }
    },
    close: () => Promise.resolve(journal.close()),
  };
}

function inquiryOf(key: DeclarationKey, journal: Journal, there: ReadonlySet<string>): Inquiry {
  const last = journal.get(
    "select * from sent where key = ? and phase = 'placed' order by id desc limit 1",
    key,
  );
  if (last === undefined) {
    // Not in the journal, but a file of this number lies in the folders: it went out, whatever became of the journal.
    const prefix = `${clientSeqNoOf(key)}-`;
    const isThere = [...there].some((stem) => stem.startsWith(prefix));
    return isThere
      ? { kind: 'no-answer', key, reason: { cause: 'broken-answer' } }
      : { kind: 'not-found', key };
  }
  const rows = journal.all(
    'select json from feed join sent on sent.id = feed.sent where key = ? order by seq',
    key,
  );
  const found: Inquiry = { kind: 'found', key, receipts: rows.map(receiptIn) };
  const digest = receiptIn(
    journal.get('select json from feed where sent = ? order by seq limit 1', numberIn(last, 'id')) ?? {},
  ).digest;
  return digest === undefined ? found : { ...found, digest };
}
