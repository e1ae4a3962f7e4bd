/** What is to be done with a declaration that shall be handed over: its message, or the answer where nothing is. */
import type { DeclarationContent } from '../../model/declaration.ts';
import { clientSeqNoOf, type DeclarationKey } from '../../model/ids.ts';
import type { Receipt } from '../../model/receipt.ts';
import { isLodgementState, stateAfter } from '../../model/state.ts';
import type { Answer, Batch, Lodgement } from '../single-window.ts';
import { structured } from './attachments.ts';
import { beijingSeconds } from './beijing.ts';
import { attachments } from './documents.ts';
import type { Message } from './hand-over.ts';
import { type Journal, type JournalRow, numberIn, textIn } from './journal.ts';
import { bytesKept, keptDocuments } from './kept-documents.ts';
import { messageFile, type MessageSettings } from './message-file.ts';
import { entriesOf } from './problem-at.ts';
import { handOverWord } from './told.ts';

type Planning = {
  readonly options: MessageSettings & { readonly now: () => Date };
  readonly journal: Journal;
  readonly there: ReadonlySet<string>;
};

/** The message to hand over, or the answer where nothing is handed over. */
export function planFor(
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
  const documents = documentIds(content);
  // They are kept before the declaration is written down: only a journal that was lost is without them. Its manifest has them.
  if (bytesKept(documents, journal) === undefined)
    return { kind: 'not-sent', key, reason: { cause: 'refused' } };
  const clientSeqNo = clientSeqNoOf(key);
  const start = `${clientSeqNo}-${digest.slice(0, 12)}-`;
  const known = [...there].find((each) => each.startsWith(start));
  const stem = known ?? `${start}${before.length + 1}`;
  const { form, operType } = options;
  const numbered = withWindowNumber(content, windowNumberOf(key, journal));
  const make = (): Uint8Array => {
    const files = keptDocuments(documents, journal) ?? [];
    return messageFile(numbered, { form, operType, clientSeqNo, stem, documents: files });
  };
  return {
    key,
    digest,
    clientSeqNo,
    stem,
    make,
    documents,
    batch: batch.id,
    at,
    isThere: known !== undefined,
  };
}

/** The files that go with it, by the names that they have in the archive. A structured document is a number and no file. */
function documentIds(content: DeclarationContent): readonly string[] {
  return entriesOf(content, attachments)
    .filter((entry) => entry['EdocFomatType'] !== structured)
    .map((entry) => entry['EdocID'] ?? '');
}

/** About what its message takes on the disk. */
export function sizeOf({ body }: Lodgement, journal: Journal): number {
  return body.length * 3 + (bytesKept(documentIds(parseContent(body)), journal) ?? 0);
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

/** The ledger's own canonical JSON. */
function parseContent(body: string): DeclarationContent {
  const content: DeclarationContent = JSON.parse(body);
  return content;
}
