/** One file that the client put into InBox or FailBox, read: what it says, and what its name says. */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { clientPrefix } from '../../model/receipt-codes.ts';
import { beijingSeconds } from './beijing.ts';
import { type Folders, stemIn } from './folders.ts';
import type { Word } from './matching.ts';
import { maxReceiptBytes } from './receipt-xml.ts';
import { momentIn, type ReadReceipt, readReceipts } from './receipts.ts';

export type Taken = {
  /** `InBox/…` or `FailBox/…`. */
  readonly name: string;
  readonly raw: Buffer;
  readonly words: readonly Word[];
  readonly stem: string | undefined;
};

type Reading = { readonly folders: Folders; readonly settleMs: number };

/**
 * `later`: it went away, cannot be read just now, or is not finished. Not asynchronous: of a hundred thousand small files
 * that leaves less behind in memory.
 */
export function readReceiptFile(name: string, { folders, settleMs }: Reading): Taken | 'later' {
  const found = readWhole(join(folders.InBox, name));
  if (found === undefined) return 'later';
  const { raw, mtimeMs } = found;
  const { words: read, stem } = wordsOf(name, raw);
  const isOpen = read.some(({ form }) => form === 'unknown') && Date.now() - Math.floor(mtimeMs) < settleMs;
  if (isOpen) return 'later';
  const at = beijingSeconds(mtimeMs);
  const words = read.map((word): Word => ({ ...word, at: word.at ?? at }));
  return { name: `InBox/${name}`, raw, words, stem };
}

/** What a file says, together with what its name says. */
export function wordsOf(
  name: string,
  raw: Uint8Array,
): { readonly words: readonly ReadReceipt[]; readonly stem: string | undefined } {
  const at = momentIn(stampIn(name));
  const fromName = { ...numberIn(name), ...(at === undefined ? {} : { at }) };
  return { words: readReceipts(raw).map((word) => ({ ...fromName, ...word })), stem: stemIn(name) };
}

/** Of a file that is no receipt for its size, only its size. */
function readWhole(path: string): { readonly raw: Buffer; readonly mtimeMs: number } | undefined {
  let descriptor: number | undefined;
  try {
    // A pipe that was put there does not hold us up.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { size, mtimeMs } = fstatSync(descriptor);
    if (size > maxReceiptBytes) return { raw: Buffer.from(`${size} bytes`), mtimeMs };
    const raw = Buffer.allocUnsafe(size);
    let length = 0;
    for (let more = -1; more !== 0 && length < size; length += more)
      more = readSync(descriptor, raw, length, size - length, length);
    return { raw: raw.subarray(0, length), mtimeMs };
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Our own message in FailBox: the client could not send it, whether or not it says why. Others there are none of our business. */
export function readFailed(name: string, { folders }: Reading): Taken | 'later' | undefined {
  const stem = stemIn(name);
  if (stem === undefined) return undefined;
  const found = statSync(join(folders.FailBox, name), { throwIfNoEntry: false });
  if (found === undefined) return 'later';
  const at = momentIn(stampIn(name)) ?? beijingSeconds(found.mtimeMs);
  const word: Word = {
    form: 'client-failure',
    id: `FailBox:${name}`,
    code: clientPrefix,
    text: `FailBox/${name}`,
    at,
  };
  return { name: `FailBox/${name}`, raw: Buffer.alloc(0), words: [word], stem };
}

/** The last run of 17 to 23 digits in a file's name is its moment. */
export function stampIn(name: string): string {
  return [...name.matchAll(/(?<!\d)\d{17,23}(?!\d)/gu)].at(-1)?.[0] ?? '';
}

/** `Receipt_…<统一编号>_…`: for a receipt whose elements are missing or that is not understood. */
function numberIn(name: string): { readonly windowNumber?: string } {
  const number = /(?<![0-9A-Z])[IE]\d{17}(?!\d)/u.exec(name)?.[0];
  return number === undefined ? {} : { windowNumber: number };
}
