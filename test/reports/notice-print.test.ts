/** The release notice as a browser shows and prints it: its QR code can be read again. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadReceiptCodes } from '../../src/pack/receipt-codes.ts';
import { noticePage } from '../../src/reports/notice.ts';
import { chromium, inChromium, screenshot } from './chromium.ts';

const hasReader = spawnSync('zbarimg', ['--version']).status === 0;
const missing = [...(chromium === undefined ? ['chromium'] : []), ...(hasReader ? [] : ['zbarimg'])];
if (missing.length > 0) console.warn(`skipped: no ${missing.join(', no ')} to print and read a notice with`);

const numbers = ['090220261000000001', '022020260123456789'];
const page = noticePage(
  numbers.map((entryId) => ({
    release: {
      key: `提单:${entryId}`,
      bill: '784-12345675',
      entryId,
      state: 'released',
      isReleased: true,
      releasedAt: '2026-03-02T09:00:05+08:00',
      doubts: [],
    },
    fields: [{ title: { zh: '毛重', en: 'Gross weight' }, value: '123.45' }],
    goods: ['84715040  便携式计算机  3 台'],
  })),
  {
    bill: '784-12345675',
    madeAt: '2026-03-02T01:00:05.000Z',
    codes: loadReceiptCodes('cn-goods-declaration'),
  },
);

test.skipIf(missing.length > 0)(
  'a notice is printed, loads nothing, and each QR code gives back its customs number',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'declarant-notice-'));
    try {
      const [html, png] = [join(folder, 'notice.html'), join(folder, 'notice.png')];
      await writeFile(html, page);
      await inChromium(html, { withoutScripts: true }, async (opened) => {
        const { data } = await opened.send('Page.printToPDF', { preferCSSPageSize: true });
        expect(Buffer.from(String(data), 'base64').subarray(0, 5).toString()).toBe('%PDF-');
        expect([opened.requests, opened.alarms]).toEqual([[], []]);
        await writeFile(png, await screenshot(opened, true));
      });
      const read = spawnSync('zbarimg', ['--quiet', '--raw', png], { encoding: 'utf8' });
      expect(read.stdout.trim().split('\n').toSorted()).toEqual(numbers.toSorted());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
