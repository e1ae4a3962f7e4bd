/** Looks at a PDF without opening it: its version, and how many pages it has. */
import { inflateSync } from 'node:zlib';

/** Inflated bytes of one object stream; larger ones are not looked into. */
const maxStreamBytes = 16_777_216;

export type PdfFacts = {
  /** `1.7`. */
  readonly version: string;
  /** 0 where they cannot be counted. */
  readonly pages: number;
};

/** Nothing where the bytes are no PDF. The mark may stand anywhere in the first kilobyte (ISO 32000-1, annex H.3.4.1). */
export function pdfFacts(bytes: Buffer): PdfFacts | undefined {
  const version = /%PDF-(\d\.\d)/u.exec(bytes.toString('latin1', 0, 1024))?.[1];
  if (version === undefined) return undefined;
  const text = bytes.toString('latin1');
  return { version, pages: countPages(text) || countPages(objectStreams(bytes, text)) };
}

function countPages(text: string): number {
  return text.match(/\/Type\s*\/Page(?![A-Za-z])/gu)?.length ?? 0;
}

/** Since version 1.5 the page objects may stand packed in object streams. */
function objectStreams(bytes: Buffer, text: string): string {
  let found = '';
  for (const match of text.matchAll(/\/ObjStm[^]{0,300}?stream\r?\n/gu)) {
    const start = match.index + match[0].length;
    const end = text.indexOf('endstream', start);
    if (end < 0) continue;
    try {
      found += inflateSync(bytes.subarray(start, end), { maxOutputLength: maxStreamBytes }).toString(
        'latin1',
      );
    } catch {
      // Packed in another way, encrypted or broken: its pages are not counted.
    }
  }
  return found;
}
