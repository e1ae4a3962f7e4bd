/** Makes the file that goes to the import client: the message alone, or a flat zip of the message and its attachments. */
import { dirname, resolve } from 'node:path';
import type { Declaration, FieldPath, Place, SegmentContent } from '../../model/declaration.ts';
import { type ClientSeqNo, clientSeqNoOf } from '../../model/ids.ts';
import type { MessageForm } from '../../model/message-form.ts';
import { isError, type Problem } from '../../model/problem.ts';
import { type Attachment, readAttachment } from './attachments.ts';
import { type OperType, orphansIn, writeDecMessage } from './dec-message.ts';
import { zipOf } from './zip.ts';

export type MessageSettings = {
  readonly form: MessageForm;
  readonly operType: OperType;
};
export type Prepared = {
  readonly clientSeqNo: ClientSeqNo;
  /** Absent where a problem is an error. `name` is safe on every file system. */
  readonly file?: { readonly name: string; readonly bytes: Buffer };
  readonly problems: readonly Problem[];
};

const attachments = 'EdocRealation';

/** Reads the attachments from beside the manifest. Pure but for that: the same declaration gives the same bytes. */
export async function prepareMessage(declaration: Declaration, settings: MessageSettings): Promise<Prepared> {
  const { content, key, rows } = declaration;
  const clientSeqNo = clientSeqNoOf(key);
  const folder = rows[0].file === '-' ? process.cwd() : dirname(resolve(rows[0].file));
  const named = listOf(content[attachments]);
  const customMaster = listOf(content['DecHead'])[0]?.['CustomMaster'] ?? '';
  const read: Attachment[] = [];
  for (const [index, entry] of named.entries())
    read.push(await readAttachment(entry, { folder, customMaster, clientSeqNo, index }));
  const problems = [
    ...orphansIn(content, settings.form).map((place) =>
      problemAt(declaration, place, { code: 'message/no-parent', severity: 'error', facts: {} }),
    ),
    ...read.flatMap(({ findings }, index) =>
      findings.map(({ tag, ...finding }) =>
        problemAt(declaration, { segment: attachments, index, tag }, finding),
      ),
    ),
  ];
  if (problems.some(isError)) return { clientSeqNo, problems };
  const sent = read.length === 0 ? content : { ...content, [attachments]: read.map(({ entry }) => entry) };
  const xml = Buffer.from(writeDecMessage(sent, { ...settings, clientSeqNo }), 'utf8');
  if (read.length === 0) return { clientSeqNo, problems, file: { name: `${clientSeqNo}.xml`, bytes: xml } };
  const documents = read.flatMap(({ file }) => (file ? [file] : []));
  const bytes = zipOf([{ name: `${clientSeqNo}.xml`, bytes: xml }, ...documents]);
  return { clientSeqNo, problems, file: { name: `${clientSeqNo}.zip`, bytes } };
}

function problemAt(
  declaration: Declaration,
  place: Place,
  problem: Pick<Problem, 'code' | 'severity' | 'facts'>,
): Problem {
  const { row, column, header } = declaration.originOf(place);
  const value = listOf(declaration.content[place.segment])[place.index ?? 0]?.[place.tag ?? ''];
  const field: FieldPath | undefined = place.tag === undefined ? undefined : `${place.segment}.${place.tag}`;
  return {
    ...problem,
    row,
    ...(column === undefined ? {} : { column }),
    ...(header === undefined ? {} : { header }),
    ...(field === undefined ? {} : { field }),
    ...(value === undefined ? {} : { value }),
  };
}

function listOf(segment: SegmentContent | readonly SegmentContent[] | undefined): readonly SegmentContent[] {
  return segment === undefined ? [] : isList(segment) ? segment : [segment];
}

function isList(segment: SegmentContent | readonly SegmentContent[]): segment is readonly SegmentContent[] {
  return Array.isArray(segment);
}
