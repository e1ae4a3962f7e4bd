/** Makes the message of a declaration whose documents were looked at. */
import type { Declaration } from '../../model/declaration.ts';
import { type ClientSeqNo, clientSeqNoOf } from '../../model/ids.ts';
import { isError, type Problem } from '../../model/problem.ts';
import { bytesOf } from './attachments.ts';
import { orphansIn } from './dec-message.ts';
import { messageFile, messageName, type MessageSettings } from './message-file.ts';
import { problemAt } from './problem-at.ts';
import type { ZipFile } from './zip.ts';

export type Prepared = {
  readonly clientSeqNo: ClientSeqNo;
  /** Absent where a problem is an error. `name` is safe on every file system. */
  readonly file?: { readonly name: string; readonly bytes: Buffer };
  readonly problems: readonly Problem[];
};

/** Reads the attachments once more. Pure but for that: the same declaration gives the same bytes. */
export async function prepareMessage(declaration: Declaration, settings: MessageSettings): Promise<Prepared> {
  const { content, key, documents = [] } = declaration;
  const clientSeqNo = clientSeqNoOf(key);
  const problems = orphansIn(content, settings.form).map((place) =>
    problemAt(declaration, place, { code: 'message/no-parent', severity: 'error', facts: {} }),
  );
  const read: ZipFile[] = [];
  for (const document of documents) {
    const bytes = await bytesOf(document);
    if (bytes === undefined) problems.push(changedSince(declaration, document.path));
    else read.push({ name: document.id, bytes });
  }
  if (problems.some(isError)) return { clientSeqNo, problems };
  const bytes = messageFile(content, { ...settings, clientSeqNo, stem: clientSeqNo, documents: read });
  return { clientSeqNo, problems, file: { name: messageName(clientSeqNo, bytes), bytes } };
}

function changedSince({ rows: [{ file, sheet, line }] }: Declaration, path: string): Problem {
  const row = sheet === undefined ? { file, line } : { file, sheet, line };
  return { code: 'attachment/changed', severity: 'error', row, facts: { name: path } };
}
