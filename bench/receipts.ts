/** Receipt files read from InBox, for N and for a tenth of it: against reading the same bytes, and looked at again. Writes `bench/results/receipts.json` with `--keep`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, opendirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import { keepHeapSmall } from '../src/heap.ts';
import { parseReceiptCodes } from '../src/model/receipt-codes.ts';
import { foldersUnder } from '../src/window/cn-client/folders.ts';
import { openInBox } from '../src/window/cn-client/in-box.ts';
import { openJournal } from '../src/window/cn-client/journal.ts';
import { keepResults } from './measure.ts';

type Measured = {
  readonly files: number;
  /** Opening, reading and closing each file, nothing else. */
  readonly bytesMs: number;
  readonly takeMs: number;
  readonly peakMb: number;
  /** By a program that has just started, nothing new. */
  readonly secondLookMs: number;
  /** By the same program again, nothing changed. */
  readonly restingLookMs: number;
};

const file = join(import.meta.dirname, '../schemas/cn/goods-declaration/receipts.json');

function fill(folder: string, count: number): void {
  mkdirSync(folder);
  for (let at = 0; at < count; at += 1) {
    const number = `I2026${String(at).padStart(13, '0')}`;
    const text = `<DEC_RESULT><CUS_CIQ_NO>${number}</CUS_CIQ_NO><ENTRY_ID></ENTRY_ID><NOTICE_DATE>2026-03-02T09:00:05</NOTICE_DATE><CHANNEL>7</CHANNEL><NOTE>申报成功</NOTE></DEC_RESULT>`;
    writeFileSync(join(folder, `Receipt_DECCUS004_${number}_20260302090005123.xml`), text);
  }
}

async function measure(root: string, count: number): Promise<Measured> {
  // As the commands do that take receipts in.
  keepHeapSmall();
  const folders = foldersUnder(root);
  const timed = async (work: () => unknown): Promise<number> => {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  };
  let bytes = 0;
  const bytesMs = await timed(() => {
    const folder = opendirSync(folders.InBox, { bufferSize: 1024 });
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync())
      bytes += readFileSync(join(folders.InBox, entry.name)).length;
    folder.closeSync();
  });
  const codes = parseReceiptCodes(JSON.parse(readFileSync(file, 'utf8')));
  const journal = openJournal(join(root, 'journal.db'));
  const options = { folders, journal, codes, settleMs: 0 };
  globalThis.gc?.();
  let peak = 0;
  const watch = setInterval(() => void (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const takeMs = await timed(() => openInBox(options).look());
  clearInterval(watch);
  const later = openInBox(options);
  // A folder that has just been filled is not trusted to be at rest.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const secondLookMs = await timed(() => later.look());
  const restingLookMs = await timed(() => later.look());
  journal.close();
  if (bytes === 0) throw new Error('nothing was read');
  return { files: count, bytesMs, takeMs, peakMb: peak / 1_048_576, secondLookMs, restingLookMs };
}

const [, , typed = '100000', ...flags] = argv;
if (flags[0] === '--one') console.log(JSON.stringify(await measure(flags[1] ?? '', Number(typed))));
else {
  // Each in a process of its own: memory that the first grew, or the making of the files, is not what is measured.
  const inProcess = (count: number): Measured => {
    const root = mkdtempSync(join(tmpdir(), 'declarant-bench-'));
    fill(foldersUnder(root).InBox, count);
    const words = ['--expose-gc', argv[1] ?? '', String(count), '--one', root];
    const told = execFileSync(process.execPath, words, { encoding: 'utf8' });
    rmSync(root, { recursive: true });
    return JSON.parse(told);
  };
  const small = inProcess(Math.round(Number(typed) / 10));
  const large = inProcess(Number(typed));
  const ratios = {
    takingToReadingBytes: large.takeMs / large.bytesMs,
    peakToThatOfATenth: large.peakMb / small.peakMb,
    secondLookToFirst: large.secondLookMs / large.takeMs,
    restingLookToFirst: large.restingLookMs / large.takeMs,
  };
  console.log({ small, large, ratios });
  if (flags.includes('--keep')) keepResults('receipts', { small, large, ratios });
}
