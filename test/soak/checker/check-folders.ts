/** I2, I5, I6, I9, I10, I12 and I13 at the import client: what lies in its folders, against the journal's kept copies and the ledger. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Campaign, groupedBy, type Json, openTables, type Say } from './evidence.ts';

/** SentBox and FailBox first: a message that the client moves meanwhile is missed, never counted twice. */
export const boxes = ['SentBox', 'FailBox', 'OutBox', 'InBox'] as const;
/** Somebody else's: they stay as they are. */
export const foreignFiles = [
  ['OutBox', '别的程序.xml.Temp'],
  ['OutBox', 'list.txt'],
  ['SentBox', 'client.log'],
  ['InBox', '说明.txt'],
  ['FailBox', 'note.txt'],
] as const;
export const foreignText = 'not ours\n';

type Message = {
  readonly box: string;
  readonly name: string;
  readonly stem: string;
  readonly bytes: Buffer;
  readonly ref: string;
  readonly clientSeqNo: string;
};

const stemPattern = /D[0-9A-Z]{17}-[0-9a-f]{12}-\d+/u;

function messagesIn(root: string): readonly Message[] {
  return boxes
    .filter((box) => box !== 'InBox')
    .flatMap((box) =>
      readdirSync(join(root, box), { recursive: true, withFileTypes: true }).flatMap((file) => {
        const stem = stemPattern.exec(file.name)?.[0];
        const path = join(file.parentPath, file.name);
        if (!file.isFile() || !file.name.endsWith('.xml') || stem === undefined || !existsSync(path))
          return [];
        const bytes = readFileSync(path);
        const text = bytes.toString('utf8');
        const valueOf = (tag: string): string =>
          new RegExp(`<${tag}>([^<]*)</${tag}>`, 'u').exec(text)?.[1] ?? '';
        const ref = valueOf('BillNo').slice(1);
        return [{ box, name: file.name, stem, bytes, ref, clientSeqNo: valueOf('ClientSeqNo') }];
      }),
    );
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
  for (const [ref, some] of groupedBy(messages, (message) => message.ref))
    if (some.length > 1)
      say('I2', `${ref} was handed over ${some.length} times: ${some.map(({ name }) => name).join(', ')}`);
  for (const [number, some] of groupedBy(messages, ({ clientSeqNo }) => clientSeqNo))
    if (new Set(some.map(({ ref }) => ref)).size > 1) say('I6', `${number} names two declarations`);
  for (const { ref, fate } of rows)
    if ((fate === 'flawed' || fate === 'conflict') && messages.some((message) => message.ref === ref))
      say('I9', `${ref} is ${fate} and was handed over`);
  for (const { name, bytes } of messages)
    if (!bytes.toString('utf8').endsWith('</DecMessage>\n')) say('I10', `${name} is not whole`);
  for (const [box, name] of foreignFiles) {
    const path = join(root, box, name);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== foreignText)
      say('I10', `${box}/${name}, which is not ours, is gone or changed`);
  }
  checkKept(folder, messages, say);
}

/** Each message is byte by byte the copy that was kept before, under an attempt that was written down before. */
function checkKept(folder: string, messages: readonly Message[], say: Say): void {
  const file = readdirSync(folder).find((name) => /^cn-client-.*\.db$/u.test(name));
  const journal = file === undefined ? undefined : openTables(join(folder, file));
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
  for (const { stem, name, bytes, ref } of messages) {
    const copy = kept.get(stem);
    const message = copy?.['message'];
    if (!(message instanceof Uint8Array) || !bytes.equals(message))
      say('I5', `${name} is not the copy that was kept`);
    else if (copy?.['key'] !== ref) say('I5', `${name} is kept as another declaration's`);
    else if (!attempted.has(`${String(copy['batch'])} ${ref} ${String(copy['digest'])}`))
      say('I13', `${ref} was handed over without an attempt written down`);
  }
  journal.close();
  ledger.close();
}

/** At the end: nothing half written is left in OutBox, and nothing of ours was left lying there. */
export function checkNothingLeft({ folder }: Campaign, say: Say): void {
  for (const name of readdirSync(join(folder, 'client', 'OutBox')))
    if (stemPattern.test(name) || name.startsWith('declarant-')) say('I10', `OutBox/${name} was left behind`);
}
