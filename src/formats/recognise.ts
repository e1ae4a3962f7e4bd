/** Tells from its bytes what a file is, and for what cannot be read, what to say. */
import type { ProblemCode } from '../model/problem.ts';
import type { InputFile } from './input-file.ts';

const headBytes = 4_096;
const tailBytes = 65_557; // A zip's end record (22 bytes) with the longest comment it may have.

/** Either a format of ours, or the code of the refusal. */
export type Recognised =
  | { readonly format: 'csv' | 'xlsx' | 'decmessage' }
  | { readonly refusal: ProblemCode; readonly kind?: string };

type Signature = {
  readonly bytes: string;
  readonly at?: number;
  readonly refusal: ProblemCode;
  readonly kind: string;
};

/** `bytes` as Latin-1. */
const signatures: readonly Signature[] = [
  { bytes: '%PDF-', refusal: 'file/pdf', kind: 'PDF' },
  { bytes: '\x89PNG\r\n\x1a\n', refusal: 'file/image', kind: 'PNG' },
  { bytes: '\xff\xd8\xff', refusal: 'file/image', kind: 'JPEG' },
  { bytes: 'GIF87a', refusal: 'file/image', kind: 'GIF' },
  { bytes: 'GIF89a', refusal: 'file/image', kind: 'GIF' },
  { bytes: 'II*\0', refusal: 'file/image', kind: 'TIFF' },
  { bytes: 'MM\0*', refusal: 'file/image', kind: 'TIFF' },
  { bytes: 'WEBP', at: 8, refusal: 'file/image', kind: 'WebP' },
  { bytes: 'ftypheic', at: 4, refusal: 'file/image', kind: 'HEIC' },
  { bytes: '\x1f\x8b\x08', refusal: 'file/archive', kind: 'gzip' },
  { bytes: "7z\xbc\xaf'\x1c", refusal: 'file/archive', kind: '7z' },
  { bytes: 'Rar!\x1a\x07', refusal: 'file/archive', kind: 'RAR' },
  { bytes: 'BZh91AY&SY', refusal: 'file/archive', kind: 'bzip2' },
  { bytes: '\xfd7zXZ\0', refusal: 'file/archive', kind: 'xz' },
  { bytes: '(\xb5/\xfd', refusal: 'file/archive', kind: 'zstd' },
  { bytes: '{\\rtf', refusal: 'file/other-document', kind: 'RTF' },
  // Excel 2 to 4 wrote bare BIFF streams, without a compound file around them.
  { bytes: '\x09\x00\x04\x00', refusal: 'file/legacy-xls', kind: 'BIFF2' },
  { bytes: '\x09\x02\x06\x00', refusal: 'file/legacy-xls', kind: 'BIFF3' },
  { bytes: '\x09\x04\x06\x00', refusal: 'file/legacy-xls', kind: 'BIFF4' },
  { bytes: '\xff\xfe\0\0', refusal: 'file/utf-32', kind: 'UTF-32LE' },
  { bytes: '\0\0\xfe\xff', refusal: 'file/utf-32', kind: 'UTF-32BE' },
];

/** `input` is at most some 200 KiB further read, wherever in the file the deciding bytes are. */
export async function recognise(input: InputFile): Promise<Recognised> {
  const head = await input.bytesAt(0, headBytes);
  if (head.length === 0) return { refusal: 'file/empty' };
  const start = head.toString('latin1');
  for (const { bytes, at = 0, refusal, kind } of signatures) {
    if (start.startsWith(bytes, at)) return { refusal, kind };
  }
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06'))
    return await recogniseZip(input, start);
  if (start.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return await recogniseCompound(input, head);
  return recogniseText(head, start);
}

/** The names in the central directory stand at the file's end, uncompressed. */
async function recogniseZip(input: InputFile, start: string): Promise<Recognised> {
  if (start.startsWith('mimetypeapplication/vnd.oasis.opendocument.', 30)) {
    return start.startsWith('spreadsheet', 73)
      ? { refusal: 'file/ods' }
      : { refusal: 'file/other-document', kind: 'OpenDocument' };
  }
  const tail = await input.bytesAt(Math.max(0, input.size - tailBytes), tailBytes);
  const names = start + tail.toString('latin1');
  if (names.includes('xl/workbook.bin')) return { refusal: 'file/xlsb' };
  if (names.includes('xl/')) return { format: 'xlsx' };
  if (names.includes('word/document.xml')) return { refusal: 'file/other-document', kind: 'Word' };
  if (names.includes('ppt/presentation.xml')) return { refusal: 'file/other-document', kind: 'PowerPoint' };
  // Cut off before its directory: the workbook reader says how it is damaged.
  const isWhole = tail.includes('PK\x05\x06', 0, 'latin1');
  if (!isWhole || names.includes('[Content_Types].xml')) return { format: 'xlsx' };
  // A message with its attachments: the names are checked when it is read.
  return /\.xml/iu.test(names) ? { format: 'decmessage' } : { refusal: 'file/archive', kind: 'zip' };
}

/** [MS-CFB] 2.2: the sector size is `1 << u16 at 30`, the first directory sector stands at 48. Stream names are UTF-16LE. */
async function recogniseCompound(input: InputFile, head: Buffer): Promise<Recognised> {
  if (head.length < 512) return { refusal: 'file/legacy-xls' };
  const sectorBytes = head.readUInt16LE(30) === 12 ? 4_096 : 512;
  const directory = await input.bytesAt((head.readUInt32LE(48) + 1) * sectorBytes, 4_096);
  const holds = (name: string): boolean => directory.includes(Buffer.from(name, 'utf16le'));
  if (holds('EncryptedPackage')) return { refusal: 'file/encrypted' };
  if (holds('WordDocument')) return { refusal: 'file/other-document', kind: 'Word' };
  if (holds('PowerPoint Document')) return { refusal: 'file/other-document', kind: 'PowerPoint' };
  return { refusal: 'file/legacy-xls' };
}

function recogniseText(head: Buffer, start: string): Recognised {
  const text = head
    .toString('utf8')
    .replace(/^\uFEFF/u, '')
    .trimStart()
    .toLowerCase();
  if (/^(?:<!doctype html|<html|<head|<meta|<table|<style|<div|mime-version:)/u.test(text)) {
    return { refusal: 'file/html-table' };
  }
  if (/^(?:\{\s*"|\[\s*\{)/u.test(text)) return { refusal: 'file/other-document', kind: 'JSON' };
  if (/^<[^\0]*<(?:[\w.-]+:)?decmessage[\s>/]|^<(?:[\w.-]+:)?decmessage[\s>/]/u.test(text))
    return { format: 'decmessage' };
  if (text.startsWith('<?xml') || text.startsWith('<workbook')) return { refusal: 'file/xml' };
  if (/^(?:\xff\xfe|\xfe\xff)/u.test(start) || utf16Without(head) !== undefined) return { format: 'csv' };
  return isBinary(head) ? { refusal: 'file/binary' } : { format: 'csv' };
}

/** More than one control character in a hundred (tab, line ends, form feed and escape aside). A text with a stray NUL is still a text. */
function isBinary(head: Buffer): boolean {
  let controls = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32)) controls++;
  return controls * 100 > head.length && controls > 1;
}

/**
 * UTF-16 that does not say so: every fifth pair or more holds a NUL, nearly all on the same side (阀 is U+9600), and the text has
 * ends of cells or lines.
 */
export function utf16Without(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = head.length >> 1;
  const nuls = [0, 0];
  for (let at = 0; at < pairs * 2; at++) if (head[at] === 0) nuls[at & 1] = (nuls[at & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const most = Math.max(even, odd);
  if (most === 0 || most * 5 < pairs || Math.min(even, odd) * 4 > most) return undefined;
  const label = odd > even ? 'utf-16le' : 'utf-16be';
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(head.subarray(0, pairs * 2), {
      stream: true,
    });
    return /[\r\n,;\t|]/u.test(text) && !/[\u0000-\u0008\u000e-\u001f]/u.test(text) ? label : undefined;
  } catch {
    return undefined;
  }
}
