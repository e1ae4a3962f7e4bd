/** The attachments of declarations that are about to be handed over, in the journal: what was looked at is what goes out, whatever becomes of the files. */
import type { DocumentFile } from '../../model/documents.ts';
import { bytesOf } from './attachments.ts';
import { type Journal, numberIn, blobIn } from './journal.ts';
import { filesInZip } from './unzip.ts';
import type { ZipFile } from './zip.ts';

/** A message that was not handed over in so long is made anew from its manifest. */
const keptMs = 30 * 86_400_000;

/** Durable when this returns, one file in memory at a time. Gives back those that are no longer what was looked at. */
export async function keepDocuments(
  documents: readonly DocumentFile[],
  { journal, now }: { readonly journal: Journal; readonly now: () => Date },
): Promise<readonly DocumentFile[]> {
  const lost: DocumentFile[] = [];
  for (const document of documents) {
    if (journal.get('select 1 from document where id = ?', document.id) !== undefined) continue;
    const bytes = await bytesOf(document);
    if (bytes === undefined) lost.push(document);
    else
      journal.run('insert or ignore into document values (?, ?, ?)', document.id, now().toISOString(), bytes);
  }
  return lost;
}

/** In the order of the names. Nothing where one of them is not there. */
export function keptDocuments(ids: readonly string[], journal: Journal): readonly ZipFile[] | undefined {
  const files: ZipFile[] = [];
  for (const id of ids) {
    const row = journal.get('select content from document where id = ?', id);
    if (row === undefined) return undefined;
    files.push({ name: id, bytes: blobIn(row, 'content') });
  }
  return files;
}

/** Undefined where one of them is not there. */
export function bytesKept(ids: readonly string[], journal: Journal): number | undefined {
  let bytes = 0;
  for (const id of ids) {
    const row = journal.get('select length(content) as bytes from document where id = ?', id);
    if (row === undefined) return undefined;
    bytes += numberIn(row, 'bytes');
  }
  return bytes;
}

/** What was handed over is in its message; what nobody asked for in a month is not needed. */
export function dropDocuments(ids: readonly string[], journal: Journal): void {
  for (const id of ids) journal.run('delete from document where id = ?', id);
}

/** After a crash nothing but the message itself tells which they were. */
export function dropDocumentsOf(message: Uint8Array, journal: Journal): void {
  const files = filesInZip(Buffer.from(message)) ?? [];
  dropDocuments(
    files.map(({ name }) => name),
    journal,
  );
}

export function dropOldDocuments(journal: Journal, now: () => Date): void {
  const before = new Date(now().getTime() - keptMs).toISOString();
  journal.run('delete from document where at < ?', before);
}
