/** Reads the shared strings part: plain strings by a fast scan, all others through the strict reader. */
import { isUtf8 } from 'node:buffer';
import type { ReadLimits } from '../format.ts';
import { textEnd, textFlag } from './scan.ts';
import { stringTable } from './strings.ts';
import type { SharedStrings, StringTable } from './strings.ts';
import { decodeXmlText, Doubt, unescapeText } from './text.ts';
import { append, consume, newWindow, plainStart } from './window.ts';
import type { Window } from './window.ts';
import { mainNamespaces } from './workbook.ts';
import { xmlReader } from './xml.ts';
import type { XmlHandler, XmlReader } from './xml.ts';
import type { Archive } from './zip.ts';

/** The table is empty where the workbook has no such part. */
export async function readSharedStrings(
  archive: Archive,
  part: string | undefined,
  limits: ReadLimits,
): Promise<SharedStrings> {
  const table = stringTable(part ?? '', limits);
  if (part === undefined) return table;
  try {
    await readFast(archive, part, table, limits);
  } catch (error) {
    if (!(error instanceof Doubt)) throw error;
    table.clear();
    await readStrict(archive, part, table, limits);
  }
  return table;
}

/** The strict way, alone. */
export async function readStrict(
  archive: Archive,
  part: string,
  table: StringTable,
  limits: ReadLimits,
): Promise<void> {
  const reader = xmlReader(part, stringHandler(table).handler, limits);
  for await (const chunk of archive.read(part)) reader.write(chunk);
  reader.end();
}

/** The strict reader sees the part's start, every string that is not plain, and the part's end: one document without the plain strings. */
async function readFast(
  archive: Archive,
  part: string,
  table: StringTable,
  limits: ReadLimits,
): Promise<void> {
  const { handler, isInTable } = stringHandler(table);
  const reader = xmlReader(part, handler, limits);
  const window = newWindow();
  let stage: 'start' | 'strings' | 'end' = 'start';
  for await (const chunk of archive.read(part)) {
    if (stage === 'end') {
      reader.write(chunk);
      continue;
    }
    append(window, chunk);
    if (stage === 'start') {
      const first = plainStart(window, '<si>');
      if (first === -1) continue;
      reader.write(window.bytes.subarray(0, first));
      if (!isInTable()) throw new Doubt();
      consume(window, first);
      stage = 'strings';
    }
    const { at, isEnd } = scanStrings(window, table, reader);
    if (!isUtf8(window.bytes.subarray(0, at))) throw new Doubt();
    consume(window, at);
    if (isEnd) {
      reader.write(window.bytes.subarray(0, window.end));
      stage = 'end';
    }
  }
  if (stage !== 'end') throw new Doubt();
  reader.end();
}

const preserve = Buffer.from(' xml:space="preserve">');

function scanStrings(
  { bytes, end }: Window,
  table: StringTable,
  reader: XmlReader,
): { readonly at: number; readonly isEnd: boolean } {
  let at = 0;
  for (;;) {
    while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
    if (at + 32 >= end && bytes.indexOf('</sst', at) === -1) return { at, isEnd: false };
    if (bytes[at] === 0x3c && bytes[at + 1] === 0x2f) return { at, isEnd: true };
    if (!(bytes[at] === 0x3c && bytes[at + 1] === 0x73 && bytes[at + 2] === 0x69)) throw new Doubt();
    const after = plainString(bytes, at, table);
    if (after > 0) {
      at = after;
      continue;
    }
    const close = bytes.subarray(0, end).indexOf('</si>', at);
    if (close === -1) return { at, isEnd: false };
    const element = bytes.subarray(at, close + 5);
    if (element.includes('<!') || element.includes('<?')) throw new Doubt();
    reader.write(element);
    at = close + 5;
  }
}

/** Adds `<si><t>…</t></si>`; 0 where it is something else, or not here to its end. */
function plainString(bytes: Buffer, start: number, table: StringTable): number {
  let at = start + 3;
  if (!(bytes[at] === 0x3e && bytes[at + 1] === 0x3c && bytes[at + 2] === 0x74)) return 0;
  at += 3;
  if (bytes[at] === 0x3e) at += 1;
  else if (
    bytes.compare(preserve, 0, preserve.length, at, Math.min(at + preserve.length, bytes.length)) === 0
  )
    at += preserve.length;
  else return 0;
  const found = textEnd(bytes, at);
  const flags = found & 7;
  const close = (found - flags) / 8;
  if ((flags & textFlag.bad) !== 0 || !isClosed(bytes, close)) return 0;
  if (flags === 0) table.addBytes(bytes, at, close);
  else table.add(unescapeText(decodeXmlText(bytes.toString('utf8', at, close))));
  return close + 9;
}

/** `</t></si>` */
function isClosed(bytes: Buffer, at: number): boolean {
  return (
    bytes[at + 1] === 0x2f &&
    bytes[at + 2] === 0x74 &&
    bytes[at + 3] === 0x3e &&
    bytes[at + 4] === 0x3c &&
    bytes[at + 5] === 0x2f &&
    bytes[at + 6] === 0x73 &&
    bytes[at + 7] === 0x69 &&
    bytes[at + 8] === 0x3e
  );
}

/** Joins the runs of a string and leaves its phonetic guide out. */
function stringHandler(table: StringTable): {
  readonly handler: XmlHandler;
  readonly isInTable: () => boolean;
} {
  const path: string[] = [];
  let text: string | undefined;
  let isText = false;
  let isDefault = false;
  const handler: XmlHandler = {
    open({ local, uri, ns }) {
      if (path.length === 0) isDefault = mainNamespaces.has(ns[''] ?? '');
      path.push(mainNamespaces.has(uri) ? local : '');
      if (path.length === 2 && path[0] === 'sst' && path[1] === 'si') text = '';
      isText = text !== undefined && path.at(-1) === 't' && (path.length === 3 || path[2] === 'r');
    },
    text(chunk) {
      if (isText && text !== undefined) text += chunk;
    },
    close() {
      isText = false;
      path.pop();
      if (path.length !== 1 || text === undefined) return;
      table.add(unescapeText(text));
      text = undefined;
    },
  };
  return { handler, isInTable: () => path.length === 1 && path[0] === 'sst' && isDefault };
}
