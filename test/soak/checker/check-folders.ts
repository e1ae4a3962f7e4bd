/** I2, I5, I6, I9, I10, I12 and I13 at the import client: what lies in its folders, against the journal's kept copies and the ledger. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { filesOf } from './archive.ts';
import { type Carrier, checkDocuments, valueOf } from './check-documents.ts';
import { type Campaign, groupedBy, type Json, openTables, type Say, type Tables } from './evidence.ts';

/** SentBox and FailBox first: a message that the client moves meanwhile is missed, never counted twice. */
export const boxes = ['SentBox', 'FailBox', 'OutBox', 'InBox'] as const;
/** Somebody else's: they stay as they are. */
export const foreignFiles = [
  ['OutBox', '别的程序.xml.Temp'],
  ['OutBox', '别的程序.zip.Temp'],
  ['OutBox', 'list.txt'],
  ['SentBox', 'client.log'],
  ['InBox', '说明.txt'],
  ['FailBox', 'note.txt'],
] as const;
export const foreignText = 'not ours\n';

type Message = Carrier & {
  readonly box: string;
  readonly stem: string;
  /** Of the file: the message, or the archive with its documents. */
  readonly bytes: Buffer;
  readonly clientSeqNo: string;
  /** Why it is not whole. */
  readonly wrong?: string;
};

const stemPattern = /D[0-9A-Z]{17}-[0-9a-f]{12}-\d+/u;

function messagesIn(root: string): readonly Message[] {
  return boxes
    .filter((box) => box !== 'InBox')
    .flatMap((box) =>
      readdirSync(join(root, box), { recursive: true, withFileTypes: true }).flatMap((file) => {
        const stem = stemPattern.exec(file.name)?.[0];
        const path = join(file.parentPath, file.name);
        if (!file.isFile() || !/\.(?:xml|zip)$/u.test(file.name) || stem === undefined) return [];
        const bytes = bytesAt(path);
        if (bytes === undefined) return [];
        const { text, ...parts } = partsOf(stem, extname(file.name), bytes);
        const ref = valueOf('BillNo', text).slice(1);
        const clientSeqNo = valueOf('ClientSeqNo', text);
        return [{ box, name: file.name, stem, bytes, ref, clientSeqNo, text, ...parts }];
      }),
    );
}

/** Nothing where the client has moved it meanwhile. */
function bytesAt(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** An archive holds one message, under the name that it would have alone. */
function partsOf(stem: string, ending: string, bytes: Buffer): Pick<Message, 'text' | 'documents' | 'wrong'> {
  const files = ending === '.xml' ? [{ name: `${stem}.xml`, bytes }] : filesOf(bytes);
  if (typeof files === 'string') return { text: '', documents: [], wrong: files };
  const documents = files.filter(({ name }) => name !== `${stem}.xml`);
  const text = files.find((file) => !documents.includes(file))?.bytes.toString('utf8') ?? '';
  const isWhole = text.endsWith('</DecMessage>\n') && files.length === documents.length + 1;
  return { text, documents, ...(isWhole ? {} : { wrong: 'its message is cut off or missing' }) };
}

/** What customs behind the client took: everything that the client could send and that customs does not reject. */
export function folderLog({ folder, rows }: Pick<Campaign, 'folder' | 'rows'>): readonly Json[] {
  const rejected = new Set(rows.filter(({ fate }) => fate === 'customs-rejects').map(({ ref }) => ref));
  return messagesIn(join(folder, 'client'))
    .filter(({ box, ref }) => box === 'SentBox' && !rejected.has(ref))
    .map(({ ref, name }) => ({ type: 'accepted', ref, name }));
}

/** After each kill, and at the end. */
export function checkFolders({ folder, rows }: Pick<Campaign, 'folder' | 'rows'>, say: Say): void {
  const root = join(folder, 'client');
  const messages = messagesIn(root);
  const whole = messages.filter(({ wrong }) => wrong === undefined);
  for (const [ref, some] of groupedBy(whole, (message) => message.ref))
    if (some.length > 1)
      say('I2', `${ref} was handed over ${some.length} times: ${some.map(({ name }) => name).join(', ')}`);
  for (const [number, some] of groupedBy(whole, ({ clientSeqNo }) => clientSeqNo))
    if (new Set(some.map(({ ref }) => ref)).size > 1) say('I6', `${number} names two declarations`);
  for (const { ref, fate } of rows)
    if ((fate === 'flawed' || fate === 'conflict') && messages.some((message) => message.ref === ref))
      say('I9', `${ref} is ${fate} and was handed over`);
  for (const { name, wrong } of messages)
    if (wrong !== undefined) say('I10', `${name} is not whole: ${wrong}`);
  checkDocuments({ folder, rows }, whole, say);
  for (const [box, name] of foreignFiles) {
    const path = join(root, box, name);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== foreignText)
      say('I10', `${box}/${name}, which is not ours, is gone or changed`);
  }
  checkKept(folder, messages, say);
}

/** Nothing where a kill came before its tables were made. */
function journalIn(folder: string): Tables | undefined {
  const file = readdirSync(folder).find((name) => /^cn-client-.*\.db$/u.test(name));
  const journal = file === undefined ? undefined : openTables(join(folder, file));
  if (journal?.all("SELECT 1 FROM sqlite_schema WHERE name = 'sent'").length !== 0) return journal;
  journal.close();
  return undefined;
}

/** Each message is byte by byte the copy that was kept before, under an attempt that was written down before. */
function checkKept(folder: string, messages: readonly Message[], say: Say): void {
  const journal = journalIn(folder);
  const ledger = openTables(join(folder, 'ledger.db'));
  if (journal === undefined || ledger === undefined) {
    if (messages.length > 0) say('I13', 'messages were handed over without a journal or a ledger');
    ledger?.close();
    journal?.close();
    return;
  }
  const integrity = journal.all('PRAGMA integrity_check').map((row) => String(row['integrity_check']));
  if (integrity.join(' ') !== 'ok') say('I12', `journal: ${integrity.join('; ')}`);
  const kept = new Map(journal.all('SELECT * FROM sent').map((row) => [String(row['stem']), row]));
  const attempted = new Set(
    ledger
      .all(
        'SELECT d.key AS key, lower(hex(v.digest)) AS digest, b.batch AS batch FROM versions v JOIN declarations d ON d.id = v.declaration JOIN batches b ON b.id = v.batch JOIN attempts a ON a.batch = b.id',
      )
      .map((row) => `${String(row['batch'])} ${String(row['key'])} ${String(row['digest'])}`),
  );
  for (const { stem, name, bytes, ref, wrong } of messages) {
    const copy = kept.get(stem);
    const message = copy?.['message'];
    if (!(message instanceof Uint8Array) || !bytes.equals(message))
      say('I5', `${name} is not the copy that was kept`);
    else if (wrong !== undefined) continue;
    else if (copy?.['key'] !== ref) say('I5', `${name} is kept as another declaration's`);
    else if (!attempted.has(`${String(copy['batch'])} ${ref} ${String(copy['digest'])}`))
      say('I13', `${ref} was handed over without an attempt written down`);
  }
  journal.close();
  ledger.close();
}

/** At the end: nothing half written is left in OutBox, nothing of ours was left lying there, and no document is kept whose message is there. */
export function checkNothingLeft({ folder }: Campaign, say: Say): void {
  const journal = journalIn(folder);
  const left = journal?.all('SELECT id FROM document').length ?? 0;
  journal?.close();
  if (left > 0) say('I10', `the journal still keeps ${left} documents, and every message is there`);
  for (const name of readdirSync(join(folder, 'client', 'OutBox')))
    if (stemPattern.test(name) || name.startsWith('declarant-')) say('I10', `OutBox/${name} was left behind`);
}
