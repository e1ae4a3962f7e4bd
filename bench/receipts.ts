/** Receipt files read from InBox: time and memory for N and for a tenth of it. `node --expose-gc bench/receipts.ts [N]`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReceiptCodes } from '../src/model/receipt-codes.ts';
import { foldersUnder } from '../src/window/cn-client/folders.ts';
import { takeInBox } from '../src/window/cn-client/in-box.ts';
import { openJournal } from '../src/window/cn-client/journal.ts';

const most = Number(process.argv[2] ?? '100000');
const file = join(import.meta.dirname, '../schemas/cn/goods-declaration/receipts.json');
const codes = parseReceiptCodes(JSON.parse(readFileSync(file, 'utf8')));

async function measure(count: number): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), 'declarant-bench-'));
  const folders = foldersUnder(root);
  mkdirSync(folders.InBox);
  for (let at = 0; at < count; at += 1) {
    const number = `I2026${String(at).padStart(13, '0')}`;
    const text = `<DEC_RESULT><CUS_CIQ_NO>${number}</CUS_CIQ_NO><ENTRY_ID></ENTRY_ID><NOTICE_DATE>2026-03-02T09:00:05</NOTICE_DATE><CHANNEL>7</CHANNEL><NOTE>申报成功</NOTE></DEC_RESULT>`;
    writeFileSync(join(folders.InBox, `Receipt_DECCUS004_${number}_20260302090005123.xml`), text);
  }
  const journal = openJournal(join(root, 'journal.db'));
  let peak = 0;
  const watch = setInterval(() => void (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const begun = performance.now();
  await takeInBox({ folders, journal, codes, settleMs: 0 });
  const tookMs = performance.now() - begun;
  const again = performance.now();
  await takeInBox({ folders, journal, codes, settleMs: 0 });
  const againMs = performance.now() - again;
  clearInterval(watch);
  journal.close();
  rmSync(root, { recursive: true });
  const mb = peak / 1_048_576;
  console.log(
    `${count} files: ${(tookMs / 1000).toFixed(1)} s, ${Math.round(count / (tookMs / 1000))} files/s, peak ${mb.toFixed(0)} MB; looked again in ${againMs.toFixed(0)} ms`,
  );
  return mb;
}

const small = await measure(Math.round(most / 10));
globalThis.gc?.();
const large = await measure(most);
console.log(`peak of ${most} against a tenth: ${(large / small).toFixed(2)}`);
