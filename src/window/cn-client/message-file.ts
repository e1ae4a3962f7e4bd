/** The file that goes to the import client: the message alone, or a flat zip of the message and its attachments. */
import type { DeclarationContent } from '../../model/declaration.ts';
import type { ClientSeqNo } from '../../model/ids.ts';
import type { MessageForm } from '../../model/message-form.ts';
import { type OperType, writeDecMessage } from './dec-message.ts';
import { type ZipFile, zipOf } from './zip.ts';

export type MessageSettings = {
  readonly form: MessageForm;
  readonly operType: OperType;
};

export type MessageParts = MessageSettings & {
  readonly clientSeqNo: ClientSeqNo;
  /** Without an ending. */
  readonly stem: string;
  readonly documents: readonly ZipFile[];
};

/** The same parts give the same bytes. */
export function messageFile(
  content: DeclarationContent,
  { form, operType, clientSeqNo, stem, documents }: MessageParts,
): Buffer {
  const xml = Buffer.from(writeDecMessage(content, { form, clientSeqNo, operType }), 'utf8');
  return documents.length === 0 ? xml : zipOf([{ name: `${stem}.xml`, bytes: xml }, ...documents]);
}

/** By the first bytes, so that a message from the journal has the name that it was written under. */
export function messageName(stem: string, bytes: Uint8Array): string {
  return bytes[0] === 0x50 && bytes[1] === 0x4b ? `${stem}.zip` : `${stem}.xml`;
}
