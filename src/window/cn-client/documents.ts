/** What a declaration says of its attachments, completed from the files themselves. */
import { dirname, resolve } from 'node:path';
import type { Declaration, Filled, SegmentContent } from '../../model/declaration.ts';
import type { Completed } from '../../model/documents.ts';
import { clientSeqNoOf } from '../../model/ids.ts';
import { type Attachment, type DocumentPlace, filesIn, readAttachment } from './attachments.ts';
import { entriesOf, problemAt } from './problem-at.ts';

export const attachments = 'EdocRealation';

/** Names and sizes are the file's own, and the interface's form of name (rule R179). */
const rule = 'R179';

/** Looks in `beside`, or where the manifest lies, and first inside it where it is a message in a zip; in the current folder where it came from standard input. */
export async function completeDocuments(declaration: Declaration, beside?: string): Promise<Completed> {
  const { content, key, rows } = declaration;
  const place = await placeOf(rows[0].file, beside);
  const customMaster = entriesOf(content, 'DecHead')[0]?.['CustomMaster'] ?? '';
  const clientSeqNo = clientSeqNoOf(key);
  const named = entriesOf(content, attachments);
  const read: Attachment[] = [];
  for (const [index, entry] of named.entries())
    read.push(await readAttachment(entry, { place, customMaster, clientSeqNo, index }));
  return {
    content: { ...content, [attachments]: read.map(({ entry }) => entry) },
    documents: read.flatMap(({ document }) => document ?? []),
    filled: read.flatMap(({ entry }, index) => changed(named[index] ?? {}, entry, index)),
    problems: read.flatMap(({ findings }, index) =>
      findings.map(({ tag, ...finding }) =>
        problemAt(declaration, { segment: attachments, index, tag }, finding),
      ),
    ),
  };
}

async function placeOf(file: string, beside: string | undefined): Promise<DocumentPlace> {
  const folder = beside ?? (file === '-' ? process.cwd() : dirname(resolve(file)));
  const files = /\.zip$/iu.test(file) ? await filesIn(file) : undefined;
  return files === undefined ? { folder } : { folder, archive: { path: resolve(file), files } };
}

function changed(before: SegmentContent, after: SegmentContent, index: number): readonly Filled[] {
  return Object.entries(after)
    .filter(([tag, value]) => before[tag] !== value)
    .map(([tag, value]) => ({ place: { segment: attachments, index, tag }, value, rule }));
}
