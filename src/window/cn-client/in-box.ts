/** Takes in receipt files from InBox, and what the client put into FailBox: each once, in one transaction with what it says. */
import { opendir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { clientPrefix, type ReceiptCodes } from '../../model/receipt-codes.ts';
import { beijingSeconds } from './beijing.ts';
import { type Folders, stemIn } from './folders.ts';
import type { Journal } from './journal.ts';
import { takeWord, type Word } from './matching.ts';
import { maxReceiptBytes } from './receipt-xml.ts';
import { momentIn, readReceipts } from './receipts.ts';

const filesAtOnce = 200;
const namesAtOnce = 10_000;

export type InBoxOptions = {
  readonly folders: Folders;
  readonly journal: Journal;
  readonly codes: ReceiptCodes;
  /** A file that is not understood is left alone until it has not changed for so long: it may still be written. */
  readonly settleMs: number;
};

type Taken = {
  readonly name: string;
  readonly raw: Buffer;
  readonly words: readonly Word[];
  readonly stem: string | undefined;
};

/** Memory stays flat: 10,000 names and 200 files at a time are held. Files are never changed or removed. */
export async function takeInBox(options: InBoxOptions): Promise<void> {
  for (const box of ['InBox', 'FailBox'] as const) {
    let held: Taken[] = [];
    for await (const name of newFiles(box, options)) {
      const taken = box === 'InBox' ? await readOne(name, options) : await failed(name, options);
      if (taken !== undefined) held.push(taken);
      if (held.length < filesAtOnce) continue;
      write(held, options);
      held = [];
    }
    write(held, options);
  }
}

/** In the order of the moments in their names, as far as so many names show it: a folder lists them in any. */
async function* newFiles(
  box: 'InBox' | 'FailBox',
  { folders, journal }: InBoxOptions,
): AsyncGenerator<string> {
  const folder = await opendir(folders[box], { bufferSize: 1024 }).catch(() => undefined);
  if (folder === undefined) return;
  let names: { readonly name: string; readonly stamp: string }[] = [];
  const inOrder = (): readonly string[] => {
    const sorted = names.toSorted((a, b) =>
      a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : a.name < b.name ? -1 : 1,
    );
    names = [];
    return sorted.map(({ name }) => name);
  };
  for await (const entry of folder) {
    const isOther = !entry.isFile() || /^\.|\.te?mp$|\.part$/iu.test(entry.name);
    if (isOther || journal.get('select 1 from file where name = ?', `${box}/${entry.name}`) !== undefined)
      continue;
    names.push({ name: entry.name, stamp: stampIn(entry.name).slice(0, 17) });
    if (names.length >= namesAtOnce) yield* inOrder();
  }
  yield* inOrder();
}

/** Undefined: it went away, cannot be read just now, or is not finished. The next look takes it. */
async function readOne(name: string, { folders, settleMs }: InBoxOptions): Promise<Taken | undefined> {
  const path = join(folders.InBox, name);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const isHuge = found.size > maxReceiptBytes;
  const raw = isHuge ? Buffer.from(`${found.size} bytes`) : await readFile(path).catch(() => undefined);
  if (raw === undefined) return undefined;
  const read = readReceipts(raw);
  const isOpen = read.some(({ form }) => form === 'unknown') && Date.now() - found.mtimeMs < settleMs;
  if (isOpen) return undefined;
  const at = momentIn(stampIn(name)) ?? beijingSeconds(found.mtimeMs);
  const fromName = numberIn(name);
  const words = read.map((word): Word => ({ ...fromName, ...word, at: word.at ?? at }));
  return { name: `InBox/${name}`, raw, words, stem: stemIn(name) };
}

/** Our own message in FailBox: the client could not send it, whether or not it says why. */
async function failed(name: string, { folders }: InBoxOptions): Promise<Taken | undefined> {
  const stem = stemIn(name);
  const found =
    stem === undefined ? undefined : await stat(join(folders.FailBox, name)).catch(() => undefined);
  if (stem === undefined || found === undefined) return undefined;
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

function write(files: readonly Taken[], { journal, codes }: InBoxOptions): void {
  if (files.length === 0) return;
  journal.commit(() => {
    for (const { name, raw, words, stem } of files) {
      journal.run('insert into file values (?, ?)', name, raw);
      for (const word of words) takeWord(word, { file: name, stem }, journal, codes);
    }
  });
}

/** The last run of 17 to 23 digits in a file's name is its moment. */
function stampIn(name: string): string {
  return [...name.matchAll(/(?<!\d)\d{17,23}(?!\d)/gu)].at(-1)?.[0] ?? '';
}

/** `Receipt_…<统一编号>_…`: for a receipt whose elements are missing or that is not understood. */
function numberIn(name: string): { readonly windowNumber?: string } {
  const number = /(?<![0-9A-Z])[IE]\d{17}(?!\d)/u.exec(name)?.[0];
  return number === undefined ? {} : { windowNumber: number };
}
