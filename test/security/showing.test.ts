/** What comes from outside is shown, never obeyed: no byte of it reaches a terminal as a command, no cell of it a spreadsheet as a formula. */
import { parse } from 'csv-parse/sync';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { neutralise } from '../../src/reports/csv.ts';
import { reconcileReport } from '../../src/reports/reconcile.ts';
import { parseDeclarationKey } from '../../src/model/ids.ts';
import { loadReceiptCodes } from '../../src/pack/receipt-codes.ts';
import { noticePage } from '../../src/reports/notice.ts';
import { releaseTable } from '../../src/reports/releases.ts';
import { eventLine } from '../../src/reports/watch.ts';
import { cancelPlan, cancelResult } from '../../src/reports/cancel.ts';
import { dueTable } from '../../src/reports/due.ts';
import { receiptsText, unmatchedText } from '../../src/reports/receipts.ts';
import { ledgerStatus, runStatus } from '../../src/reports/status.ts';
import { verified } from '../../src/reports/maintenance.ts';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';
import { manifestText } from '../commands/sandbox-place.ts';
import { convertedBy, hasLibreOffice } from '../reports/libre-office.ts';

// Each test starts several processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

/** C0 but LF and TAB, DEL, C1, and bidi controls. CR only ends a line of CSV. */
const dangerous =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)/u;

const payloads = {
  'cursor and screen': '\u001b[2J\u001b[1;1H',
  'link (OSC 8)': '\u001b]8;;http://x.example\u0007here\u001b]8;;\u0007',
  'clipboard (OSC 52)': '\u001b]52;c;aGk=\u0007',
  'device control': '\u001bP0;1|x\u001b\\',
  'eight-bit controls': '\u009b31m\u009d0;title\u009c',
  'overwriting by backspace': 'rejected\b\b\b\b\b\b\b\baccepted',
  'reordered text': '\u202e0001\u2066x\u2069',
  'nothing to see': '\u200b\u2060\ufeff',
  'line separators': 'a\u2028b\u2029c\u0085d',
};

/** Every cell, the header too, ends with the payload. */
async function place(payload: string): Promise<Place> {
  const at = await freshPlace();
  const [header = [], ...rows]: string[][] = parse(await manifestText());
  const bent = [...header, `列${payload}`];
  const text = [bent, ...rows.slice(0, 4).map((row) => [...row.map((cell) => cell + payload), payload])]
    .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
    .join('\n');
  await writeFile(join(at.folder, 'm.csv'), text);
  return at;
}

describe.each(Object.entries(payloads))('%s', (_name, payload) => {
  it('reaches neither terminal nor results', async () => {
    const at = await place(payload);
    for (const format of ['human', 'json', 'ndjson', 'csv', 'sarif', 'junit', 'github']) {
      const { stdout, stderr, code } = await declarant(at, ['check', 'm.csv', '--format', format]);
      expect(`${stdout}${stderr}`.replace(/^\ufeff/u, '')).not.toMatch(dangerous);
      expect(code).toBeLessThan(70);
      if (format === 'json') JSON.parse(stdout);
    }
    await declarant(at, ['import', 'm.csv', '--out', 'out', '--lang', 'zh']);
    for (const name of ['results.ndjson', 'results.csv']) {
      const written = await readFile(join(at.folder, 'out', name), 'utf8').catch(() => '');
      expect(written).not.toMatch(dangerous);
    }
    const looking = [
      ['status'],
      ['status', '--format', 'json'],
      ['explain', payload],
      ['codes', payload],
      ['problems', payload],
      ['releases', '--bill', payload],
      ['inspect', 'm.csv'],
      ['inspect', 'm.csv', '--format', 'json'],
      ['map', 'm.csv'],
      [payload],
    ];
    for (const words of looking) {
      const { stdout, stderr } = await declarant(
        at,
        words.map((word) => word.replaceAll('\u0000', '')),
      );
      expect(stdout + stderr).not.toMatch(dangerous);
    }
  });
});

const codes = loadReceiptCodes('cn-goods-declaration');
const known = parseDeclarationKey('K') ?? expect.unreachable('no key');

const entry = (text: string) => ({
  key: text,
  state: 'unknown' as const,
  before: 'sending' as const,
  changedAt: '2026-11-23T08:00:00.000Z',
  intendedAt: '2026-11-23T08:00:00.000Z',
  entryId: text,
  rows: [{ file: text, sheet: text, line: 2 }],
});

describe.each(Object.values(payloads))('a report with %j everywhere', (payload) => {
  const one = entry(payload);
  const run = { run: payload, command: payload, startedAt: one.changedAt, files: [{ file: payload }] };
  const now = one.changedAt;
  const status = {
    file: payload,
    exists: true,
    counts: { [payload]: 1 },
    oldest: {},
    now,
    unknown: [one],
    waiting: [one],
    unmatched: 1,
    runs: [run],
  };
  const watched = {
    event: payload,
    key: payload,
    bill: payload,
    entryId: payload,
    at: payload,
    state: 'held' as const,
    receipt: payload,
    code: payload,
    text: payload,
  };
  const receipt = {
    key: known,
    id: payload,
    at: payload,
    code: payload,
    text: payload,
    problems: [],
  };
  const release = {
    key: payload,
    bill: payload,
    entryId: payload,
    state: 'released' as const,
    isReleased: true,
    releasedAt: payload,
    evidence: receipt,
    doubts: [receipt],
  };
  it.each([
    ['status', ledgerStatus(status, 'zh', { receipts: payload, due: { lines: [], needs: 0 } })],
    [
      'status, what is due',
      dueTable(
        [
          {
            key: payload,
            state: 'rejected',
            entryId: payload,
            actions: ['correct', payload],
            said: { code: payload, text: payload },
            minutes: 1,
            isOverdue: true,
          },
        ],
        { lang: 'en', codes },
      ).lines.join('\n'),
    ],
    [
      'receipts',
      unmatchedText([{ ...receipt, why: 'not-understood', file: payload, raw: payload }], 1, {
        lang: 'zh',
        codes,
      }),
    ],
    [
      'receipts --ref',
      receiptsText(
        {
          key: payload,
          clientSeqNo: payload,
          state: 'held',
          receipts: [{ receipt, version: 1, counts: false }],
        },
        { lang: 'en', codes },
      ),
    ],
    ['status --run', runStatus({ entry: run, entries: [one] }, 'en')],
    ['reconcile', reconcileReport([one], { lang: 'en', quiet: false })],
    ['cancel, planned', cancelPlan('r', { cancel: [one], spare: [{ entry: one, why: 'released' }] }, 'zh')],
    [
      'cancel, done',
      cancelResult(
        { cancel: [one], spare: [] },
        { answers: [{ kind: 'refused', key: payload, text: payload }], lang: 'en', quiet: false },
      ),
    ],
    ['watch', eventLine(watched, { lang: 'zh', codes })],
    [
      'releases',
      releaseTable(
        { bill: payload, mayHandOver: false, declarations: [release] },
        { lang: 'en', codes, watch: payload },
      ),
    ],
    [
      'notice',
      noticePage(
        [{ release, fields: [{ title: { zh: payload, en: payload }, value: payload }], goods: [payload] }],
        { bill: payload, madeAt: payload, codes },
      ),
    ],
    ['ledger verify', verified(payload, { declarations: 1, findings: [payload] }, 'en')],
  ])('%s', (_name, text) => {
    expect(text).not.toMatch(dangerous);
  });
});

/** `=cmd|…`, the other beginnings, full-width ones, behind blanks that a spreadsheet drops, and on a later line. */
const formulas = [
  ...['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20', '\u2212'].map(
    (sign) => `${sign}cmd|'/C calc'!A0`,
  ),
  '\t=1+1',
  '\r=1+1',
  ' =1+1',
  '\u00a0=1+1',
  '\ufeff=1+1',
  '\u200b=1+1',
  '\u3000=1+1',
  '好\n=1+1',
  '好\r\n@SUM(A1)',
  '=HYPERLINK("http://x.example","甲")',
  '=IMPORTXML("http://x.example","//a")',
  '-1+2',
  '+1-2',
  '--1',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  ';=1+1\n=1+1',
];
const startsFormula = /^[\s\u200b-\u200d\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]/u;

describe('a formula', () => {
  it.each(formulas)('%j is text in every line of its cell', (formula) => {
    const lines = neutralise(formula).split(/\r\n|\r|\n/u);
    expect(lines.filter((line) => startsFormula.test(line))).toEqual([]);
  });

  it.each(['-1', '+1.5', '-0.25', '12'])('%s is a number and stays one', (number) => {
    expect(neutralise(number)).toBe(number);
  });

  it.each(formulas)('%j in a manifest is text in results.csv', async (formula) => {
    const at = await freshPlace();
    const text = await manifestText(undefined, (row, header) =>
      row.with(header.indexOf('商品编号'), formula),
    );
    await writeFile(join(at.folder, 'm.csv'), text);
    const { stdout } = await declarant(at, ['check', 'm.csv', '--format', 'csv']);
    const cells: string[] = parse(stdout, { bom: true, relax_column_count: true }).flat();
    const live = cells.flatMap((cell) => cell.split('\n')).filter((line) => startsFormula.test(line));
    expect(live.filter((line) => !/^[+-]?\d{1,15}(?:\.\d+)?$/u.test(line))).toEqual([]);
  });

  it.skipIf(!hasLibreOffice)(
    'is none for LibreOffice in results.csv, though it is one in the manifest',
    async () => {
      const at = await freshPlace();
      const text = await manifestText(undefined, (row, header, index) =>
        row.with(header.indexOf('商品编号'), formulas[index % formulas.length] ?? ''),
      );
      await writeFile(join(at.folder, 'm.csv'), text);
      await declarant(at, ['check', 'm.csv', '--out', 'out', '--lang', 'zh']);
      expect(await convertedBy(join(at.folder, 'm.csv'), 'fods', at.folder)).toContain('of:=');
      const opened = await convertedBy(join(at.folder, 'out', 'results.csv'), 'fods', at.folder);
      expect(opened).toContain('1+1');
      expect(opened).not.toContain('of:=');
    },
  );
});
