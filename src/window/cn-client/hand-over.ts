/** Hands messages over to the import client: each under a temporary name, on the disk, then renamed into OutBox, every step in the journal. */
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DeclarationKey, type Digest, parseDeclarationKey, parseDigest } from '../../model/ids.ts';
import type { Receipt } from '../../model/receipt.ts';
import { exists, type Folders, removeProbes, syncFolder, writeWhole } from './folders.ts';
import { type Journal, type JournalRow, numberIn, textIn, blobIn } from './journal.ts';
import { dropDocuments, dropDocumentsOf } from './kept-documents.ts';
import { tell } from './matching.ts';
import { messageName } from './message-file.ts';

export type Message = {
  readonly key: DeclarationKey;
  readonly digest: Digest;
  readonly clientSeqNo: string;
  readonly stem: string;
  /** Made when it is written down, and then read from the journal: no two messages are held at a time. */
  readonly make: () => Uint8Array;
  /** Kept in the journal until the message lies in OutBox. */
  readonly documents: readonly string[];
  readonly batch: string;
  readonly at: string;
  /** Already there: found in a folder of the client after the journal was lost. */
  readonly isThere: boolean;
};

/** The code of our own word that a message lies in OutBox. Not a receipt of customs. */
export const handedOverCode = 'OutBox';

const temporary = (folders: Folders, name: string): string => join(folders.OutBox, `${name}.Temp`);

/** The stems that lie in OutBox when this returns; the others certainly do not, and nothing of them stays in the journal. */
export async function handOver(
  messages: readonly Message[],
  {
    folders,
    journal,
    signal,
  }: { readonly folders: Folders; readonly journal: Journal; readonly signal: AbortSignal },
): Promise<ReadonlySet<string>> {
  if (messages.length === 0) return new Set();
  journal.commit(() => {
    for (const { key, digest, clientSeqNo, stem, batch, at, make } of messages)
      journal.run(
        "insert into sent (key, digest, client_seq_no, stem, batch, phase, at, message) values (?, ?, ?, ?, ?, 'intended', ?, ?)",
        key,
        digest,
        clientSeqNo,
        stem,
        batch,
        at,
        make(),
      );
  });
  const written = await whileItWorks(messages, signal, async ({ stem, isThere }) => {
    if (isThere) return;
    const bytes = blobIn(journal.get('select message from sent where stem = ?', stem), 'message');
    await writeWhole(temporary(folders, messageName(stem, bytes)), bytes);
  });
  await syncFolder(folders.OutBox);
  // From here a temporary file that is gone means that the message was renamed: see `recover`.
  setPhase(journal, written, 'placing');
  const placed = await whileItWorks(written, signal, async ({ stem, isThere }) => {
    if (isThere) return;
    const name = nameIn(journal, stem);
    await rename(temporary(folders, name), join(folders.OutBox, name));
  });
  await syncFolder(folders.OutBox);
  const stems = new Set(placed.map(({ stem }) => stem));
  const left = messages.filter(({ stem }) => !stems.has(stem)).map(({ stem }) => stem);
  journal.commit(() => {
    for (const stem of stems) markPlaced(journal, stem);
    for (const { documents } of placed) dropDocuments(documents, journal);
    for (const stem of left) journal.run("update sent set phase = 'intended' where stem = ?", stem);
  });
  await withdraw(left, folders, journal);
  return stems;
}

/** What a crash left half done: a temporary file still there was never renamed; one that is gone was. False where OutBox is out of reach: then nothing can be told. */
export async function recover(folders: Folders, journal: Journal): Promise<boolean> {
  const isThere = await stat(folders.OutBox).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) return false;
  await removeProbes(folders);
  const open = journal.all("select stem, phase from sent where phase <> 'placed'");
  const left: string[] = [];
  for (const row of open) {
    const stem = textIn(row, 'stem');
    const isPlaced = row['phase'] === 'placing' && !(await exists(temporary(folders, nameIn(journal, stem))));
    if (!isPlaced) {
      left.push(stem);
      continue;
    }
    const message = blobIn(journal.get('select message from sent where stem = ?', stem), 'message');
    journal.commit(() => {
      markPlaced(journal, stem);
      dropDocumentsOf(message, journal);
    });
  }
  journal.commit(() => {
    for (const stem of left) journal.run("update sent set phase = 'intended' where stem = ?", stem);
  });
  await withdraw(left, folders, journal);
  return true;
}

/** Removes temporary files of ours that will not be renamed any more, and then their rows. */
async function withdraw(stems: readonly string[], folders: Folders, journal: Journal): Promise<void> {
  for (const stem of stems) {
    const isGone = await rm(temporary(folders, nameIn(journal, stem)), { force: true }).then(
      () => true,
      () => false,
    );
    if (isGone) journal.run("delete from sent where stem = ? and phase = 'intended'", stem);
  }
}

/** Stops at the first that fails, or when the signal comes: what is left was not done. */
async function whileItWorks(
  messages: readonly Message[],
  signal: AbortSignal,
  work: (message: Message) => Promise<void>,
): Promise<readonly Message[]> {
  const done: Message[] = [];
  for (const message of messages) {
    if (signal.aborted) break;
    const isDone = await work(message).then(
      () => true,
      () => false,
    );
    if (!isDone) break;
    done.push(message);
  }
  return done;
}

function setPhase(journal: Journal, messages: readonly Message[], phase: string): void {
  journal.commit(() => {
    for (const { stem } of messages) journal.run('update sent set phase = ? where stem = ?', phase, stem);
  });
}

function markPlaced(journal: Journal, stem: string): void {
  journal.run("update sent set phase = 'placed' where stem = ?", stem);
  const row = journal.get('select * from sent where stem = ?', stem);
  if (row !== undefined) tell(handedOver(row), numberIn(row, 'id'), journal);
}

/** The file's name: its ending follows from what it holds. */
function nameIn(journal: Journal, stem: string): string {
  const row = journal.get('select substr(message, 1, 2) as start from sent where stem = ?', stem);
  return messageName(stem, blobIn(row, 'start'));
}

/** Our own word that the message is in OutBox: `received` by the import client's folder, which is a pending declaration and no more. */
function handedOver(row: JournalRow): Receipt {
  const key = parseDeclarationKey(textIn(row, 'key'));
  const digest = parseDigest(textIn(row, 'digest'));
  if (key === undefined || digest === undefined) throw new TypeError('the journal holds no key or digest');
  const stem = textIn(row, 'stem');
  const text = `已写入 OutBox/${messageName(stem, blobIn(row, 'message'))}，等待导入客户端`;
  return {
    key,
    id: `${handedOverCode}:${stem}`,
    state: 'received',
    at: textIn(row, 'at'),
    code: handedOverCode,
    text,
    problems: [],
    digest,
  };
}
