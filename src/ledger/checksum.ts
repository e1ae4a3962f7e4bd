/** Checksums of rows, and texts packed for the ledger: what a flipped bit on a disk cannot slip past. */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Cell } from './database.ts';

/** CRC-32 over the row's values in the table's column order: finds every single changed byte. Not a defence against malice. */
export function sumOf(values: readonly (string | number | null)[]): number {
  return crc32(JSON.stringify(values));
}

/** Below this many characters, packing does not pay. */
const packFrom = 256;

/** Short texts as they are, longer ones as raw DEFLATE (RFC 1951) where that is smaller. */
export function pack(text: string): string | Uint8Array {
  if (text.length < packFrom) return text;
  const bytes = Buffer.from(text, 'utf8');
  const packed = deflateRawSync(bytes, { level: 1, windowBits: 13, memLevel: 6 });
  return packed.length < bytes.length * 0.9 ? packed : text;
}

/** No text in a ledger inflates to more: the largest batch of a window is far below. */
const maxBytes = 256 * 1024 * 1024;

/** The text, or nothing where the packed bytes are damaged. */
export function unpack(value: Cell | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (!(value instanceof Uint8Array)) return undefined;
  try {
    return inflateRawSync(value, { maxOutputLength: maxBytes }).toString('utf8');
  } catch {
    return undefined;
  }
}
