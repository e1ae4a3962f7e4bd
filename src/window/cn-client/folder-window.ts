/** A single window behind the folders of its import client: messages go into OutBox, receipts come from InBox. */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeclarationContent } from '../../model/declaration.ts';
import { clientSeqNoOf, type DeclarationKey } from '../../model/ids.ts';
import type { MessageForm } from '../../model/message-form.ts';
import type { Receipt } from '../../model/receipt.ts';
import type { ReceiptCodes } from '../../model/receipt-codes.ts';
import { isLodgementState, stateAfter } from '../../model/state.ts';
import type { Answer, Batch, Inquiry, Lodgement, SingleWindow } from '../single-window.ts';
import { beijingSeconds } from './beijing.ts';
import { type OperType, writeDecMessage } from './dec-message.ts';
import { foldersUnder, proveFolders, stemsIn, troubleWith } from './folders.ts';
import { handOver, type Message, recover } from './hand-over.ts';
import { takeInBox } from './in-box.ts';
import { type Journal, type JournalRow, numberIn, openJournal, textIn } from './journal.ts';

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
  let isRecovered = await recover(folders, journal);
  const isNew = journal.get('select 1 from sent') === undefined;
  // After the journal was lost, what lies in the folders is still known by its name.
  const there = isNew ? await stemsIn(folders) : new Set<string>();
  const take = (): Promise<void> => takeInBox({ folders, journal, codes, settleMs });

  return {
    name,
    address: `cn-client:${root}`,
    async limits() {
      await proveFolders(folders);
      return { declarations: 500, bytes: 33_554_432 };
    },
    async submit(batch, signal) {
      const bytes = batch.lodgements.reduce((sum, { body }) => sum + body.length * 3, 0);
      const trouble = signal.aborted ? 'timeout' : await troubleWith(proveFolders(folders, bytes));
      if (trouble !== undefined)
        return batch.lodgements.map(({ key }) => ({ kind: 'not-sent', key, reason: { cause: trouble } }));
      if (!isRecovered) isRecovered = await recover(folders, journal);
      await take();
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
      await take();
      return keys.map((key) => inquiryOf(key, journal, there));
    },
    async events(since, waitMs, signal) {
      const [id, seq] = since.split(':');
      const after = id === journal.id ? Number(seq) : 0;
      for (let leftMs = waitMs; ; leftMs -= lookEveryMs) {
        await take();
        const rows = journal.all(
          'select seq, json from feed where seq > ? order by seq limit ?',
          after,
          eventsAtOnce,
        );
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

type Planning = {
  readonly options: FolderWindowOptions;
  readonly journal: Journal;
  readonly there: ReadonlySet<string>;
};

/** The message to hand over, or the answer where nothing is handed over. */
function planFor(
  { key, digest, body }: Lodgement,
  batch: Batch,
  { options, journal, there }: Planning,
): Message | Answer {
  const before = journal.all("select * from sent where key = ? and phase = 'placed' order by id", key);
  const last = before.at(-1);
  const at = beijingSeconds(options.now().getTime());
  if (last !== undefined && textIn(last, 'digest') === digest) {
    const receipt = handOverWord(last, journal);
    const isSameBatch = textIn(last, 'batch') === batch.id;
    return { kind: 'answered', key, receipt: isSameBatch ? receipt : { ...receipt, isReplay: true } };
  }
  const refused = (code: string, message: string): Receipt => ({
    key,
    id: `${code}.${digest.slice(0, 12)}`,
    state: 'rejected',
    at,
    code,
    text: message,
    digest,
    problems: [{ code, severity: 'error', message }],
  });
  if (last !== undefined && stands(last, journal))
    return {
      kind: 'answered',
      key,
      receipt: refused('duplicate-reference', '此单号已交给导入客户端，内容不同'),
      isDuplicate: true,
    };
  const content = parseContent(body);
  if (content['EdocRealation'] !== undefined)
    return {
      kind: 'answered',
      key,
      receipt: refused(
        'attachments-not-carried',
        '随附单据不能由此窗口发送：请用 declarant export 生成压缩包',
      ),
    };
  const clientSeqNo = clientSeqNoOf(key);
  const start = `${clientSeqNo}-${digest.slice(0, 12)}-`;
  const known = [...there].find((each) => each.startsWith(start));
  const stem = known ?? `${start}${before.length + 1}`;
  const xml = writeDecMessage(withWindowNumber(content, windowNumberOf(key, journal)), {
    form: options.form,
    clientSeqNo,
    operType: options.operType,
  });
  return {
    key,
    digest,
    clientSeqNo,
    stem,
    bytes: Buffer.from(xml, 'utf8'),
    batch: batch.id,
    at,
    isThere: known !== undefined,
  };
}

/** Neither rejected nor cancelled. */
function stands(sent: JournalRow, journal: Journal): boolean {
  const states = journal
    .all('select state from feed where sent = ?', numberIn(sent, 'id'))
    .map(({ state }) => state);
  const after = stateAfter(
    states.map((state) => (typeof state === 'string' && isLodgementState(state) ? { state } : {})),
  );
  return after !== 'rejected' && after !== 'cancelled';
}

/** A correction goes to the draft that the window has; without its number a second one would appear. */
function withWindowNumber(content: DeclarationContent, number: string | undefined): DeclarationContent {
  const head = content['DecHead'];
  if (number === undefined || head === undefined || Array.isArray(head)) return content;
  return { ...content, DecHead: { ...head, SeqNo: number } };
}

function windowNumberOf(key: DeclarationKey, journal: Journal): string | undefined {
  const sql =
    "select number from number join sent on sent.id = number.sent where key = ? and number like 'window:%' order by sent.id desc limit 1";
  const row = journal.get(sql, key);
  return row === undefined ? undefined : textIn(row, 'number').slice('window:'.length);
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

function handOverWord(sent: JournalRow, journal: Journal): Receipt {
  return receiptIn(
    journal.get("select json from feed where sent = ? and receipt like 'OutBox:%'", numberIn(sent, 'id')) ??
      {},
  );
}

/** As `tell` wrote it. */
function receiptIn(row: JournalRow): Receipt {
  const receipt: Receipt = JSON.parse(textIn(row, 'json'));
  return receipt;
}

/** The ledger's own canonical JSON. */
function parseContent(body: string): DeclarationContent {
  const content: DeclarationContent = JSON.parse(body);
  return content;
}
