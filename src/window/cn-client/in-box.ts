/** Takes in receipt files from InBox, and what the client put into FailBox: each once, in one transaction with what it says. */
import { opendir, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { ReceiptCodes } from '../../model/receipt-codes.ts';
import type { Folders } from './folders.ts';
import type { Journal } from './journal.ts';
import { takeWord } from './matching.ts';
import { readFailed, readReceiptFile, stampIn, type Taken } from './receipt-file.ts';

/** Of one transaction. */
const filesAtOnce = 200;
const bytesAtOnce = 8_388_608;
const namesAtOnce = 10_000;
/** A folder that changed so shortly before it was read may change again without showing it. */
const restMs = 2_000;
/** Not every file system tells when a folder changes: so often it is read in any case. */
const trustMs = 30_000;

export type InBoxOptions = {
  readonly folders: Folders;
  readonly journal: Journal;
  readonly codes: ReceiptCodes;
  /** A file that is not understood is left alone until it has not changed for so long: it may still be written. */
  readonly settleMs: number;
};

type Box = 'InBox' | 'FailBox';

/**
 * Each look takes what is new. A folder that has rested since everything in it was taken is not read again for a while.
 * Memory stays flat: 10,000 names and some files at a time are held. Files are never changed or removed.
 */
export function openInBox(options: InBoxOptions): { readonly look: () => Promise<void> } {
  const read = new Map<Box, { readonly changed: bigint; readonly untilMs: number }>();
  return {
    async look() {
      for (const box of ['InBox', 'FailBox'] as const) {
        const found = await stat(options.folders[box], { bigint: true }).catch(() => undefined);
        const begunMs = Date.now();
        const last = read.get(box);
        if (found !== undefined && last?.changed === found.mtimeNs && begunMs < last.untilMs) continue;
        read.delete(box);
        const isWhole = await takeBox(box, options);
        const restedMs = found === undefined ? 0 : begunMs - Number(found.mtimeMs);
        if (found !== undefined && isWhole && restedMs >= restMs)
          read.set(box, { changed: found.mtimeNs, untilMs: begunMs + trustMs });
      }
    },
  };
}

/** False where a file was left for the next look. */
async function takeBox(box: Box, options: InBoxOptions): Promise<boolean> {
  const readIt = box === 'InBox' ? readReceiptFile : readFailed;
  let isWhole = true;
  let held: Taken[] = [];
  let bytes = 0;
  for await (const name of newFiles(box, options)) {
    const taken = readIt(name, options);
    if (taken === 'later') isWhole = false;
    if (taken === undefined || taken === 'later') continue;
    held.push(taken);
    bytes += taken.raw.length;
    if (held.length < filesAtOnce && bytes < bytesAtOnce) continue;
    write(held, options);
    held = [];
    bytes = 0;
    // Signals and timers get their turn.
    await setImmediate();
  }
  write(held, options);
  return isWhole;
}

/** In the order of the moments in their names, as far as so many names show it: a folder lists them in any. */
async function* newFiles(box: Box, { folders, journal }: InBoxOptions): AsyncGenerator<string> {
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

function write(files: readonly Taken[], { journal, codes }: InBoxOptions): void {
  if (files.length === 0) return;
  journal.commit(() => {
    for (const { name, raw, words, stem } of files) {
      journal.run('insert into file values (?, ?)', name, raw);
      for (const word of words) takeWord(word, { file: name, stem }, journal, codes);
    }
  });
}
