/** Runs one side of a problem sample through the real formats, pack and pipeline, and tells every code that was said. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBook } from '../../src/formats/index.ts';
import type { SourceBook } from '../../src/formats/format.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { cellKind, type CellNote } from '../../src/model/row.ts';
import { Stop } from '../../src/model/stop.ts';
import { parseMapping } from '../../src/pipeline/mapping.ts';
import type { Remembered } from '../../src/pipeline/memory.ts';
import type { RunOptions } from '../../src/pipeline/run-options.ts';
import type { SampleSide } from '../../src/reports/common-problems/samples.ts';
import { openWindow } from '../../src/window/index.ts';
import { isBeside, runBeside } from './sample-besides.ts';
import { declaration, type Patch } from '../pack/rules/samples.ts';
import { book, pack, runId, trial, type Trial, type TrialRow } from '../pipeline/trial-run.ts';
import { bent, declarations, header } from '../pipeline/valid-rows.ts';

export type Said = { readonly codes: ReadonlySet<string>; readonly hasError: boolean };

const fixtures = join(import.meta.dirname, '../../fixtures');

/** A workbook is read as another program left it: the notes are given, not made. */
function withNotes(
  made: SourceBook,
  labels: readonly string[],
  notes: Readonly<Record<string, string>>,
): SourceBook {
  const found = Object.entries(notes).map(([name, kind]) => ({ column: labels.indexOf(name), kind }));
  const dates = new Set(found.filter(({ kind }) => kind === 'date').map(({ column }) => column));
  const real = found.filter(({ kind }) => kind !== 'date') as CellNote[];
  return {
    ...made,
    tables: made.tables.map((table) => ({
      ...table,
      async *rows() {
        for await (const chunk of table.rows()) {
          yield chunk.map((row) => {
            if (row.line !== 2) return row;
            const kinds = Uint8Array.from(row.cells, (_cell, column) =>
              dates.has(column) ? cellKind.date : cellKind.text,
            );
            return { ...row, kinds, notes: real };
          });
        }
      },
    })),
  };
}

function tableRows(side: SampleSide): { labels: readonly string[]; rows: readonly TrialRow[] } {
  const kept = header.map((name) => !(side.without ?? []).includes(name));
  const [own = []] = declarations;
  const lines =
    side.times === undefined
      ? own
      : Array.from({ length: side.times }, (_each, at) => bent(own[0] ?? [], { 商品序号: String(at + 1) }));
  const rows = lines.map((row, at) =>
    at === (side.line ?? 0)
      ? bent(row, side.cells ?? {})
      : side.line === undefined
        ? bent(row, headCells(side))
        : row,
  );
  const narrow = (row: readonly string[]): readonly string[] => row.filter((_cell, column) => kept[column]);
  const labels = narrow(header.map((name) => side.headers?.[name] ?? name));
  const places = header.map((_name, column) => column);
  const [left, right] = (side.swap ?? []).map((name) => header.indexOf(name));
  if (left !== undefined && right !== undefined) [places[left], places[right]] = [right, left];
  const placed = (row: readonly string[]): readonly string[] => places.map((column) => row[column] ?? '');
  const second =
    side.next === undefined ? [] : (declarations[1] ?? []).map((row) => bent(row, side.next ?? {}));
  const blank = header.map(() => '');
  const more = (side.rows ?? []).map((row) => narrow(bent(blank, row)));
  return {
    labels,
    rows:
      side.swap === undefined
        ? [
            labels,
            ...[...rows, ...second].map(narrow),
            ...more,
            ...(side.headerAgain === true ? [labels] : []),
          ]
        : [labels, ...rows].map(placed),
  };
}

/** A head cell that changes, changes on every row: else the rows would disagree. */
function headCells({ cells = {} }: SampleSide): Readonly<Record<string, string>> {
  const goodsFrom = header.indexOf('商品序号');
  return Object.fromEntries(Object.entries(cells).filter(([name]) => header.indexOf(name) < goodsFrom));
}

function books(side: SampleSide): readonly SourceBook[] {
  const { labels, rows } = tableRows(side);
  if (side.split !== undefined) {
    const goodsFrom = header.indexOf('商品序号');
    const two = declarations.slice(0, 2);
    const heads = two
      .slice(side.split === 'without-head' ? 1 : 0)
      .map(([first]) => (first ?? []).slice(0, goodsFrom));
    const lines = two
      .slice(side.split === 'without-lines' ? 1 : 0)
      .flatMap((each) => each.map((row) => [row[0] ?? '', ...row.slice(goodsFrom)]));
    return [
      book('m.xlsx', [
        { name: '表头', rows: [header.slice(0, goodsFrom), ...heads] },
        { name: '表体', rows: [[header[0] ?? '', ...header.slice(goodsFrom)], ...lines] },
      ]),
    ];
  }
  const made = book('清单.csv', [{ rows }]);
  const first = side.notes === undefined ? made : withNotes(made, labels, side.notes);
  return side.twice === true ? [first, book('又一份.csv', [{ rows }])] : [first];
}

function told({ results, summary }: Trial): Said {
  const problems = [...results.flatMap(({ decision }) => decision.problems), ...summary.notices];
  return {
    codes: new Set(problems.map(({ code }) => code)),
    hasError: problems.some(({ severity }) => severity === 'error'),
  };
}

const now = (): Date => new Date();

async function lodged(side: SampleSide, folder: string): Promise<Said> {
  const { lodged: before = {}, ...then } = side;
  const sides: readonly SampleSide[] = [{ cells: before }, then];
  let last: Said = { codes: new Set(), hasError: false };
  for (const [index, each] of sides.entries()) {
    const run = runId(`20261122-08000${index}-test`);
    const window = await openWindow({
      window: 'sandbox',
      sandbox: { store: join(folder, 'window.db'), check: () => [], verdictDelayMs: 20 },
      timeoutMs: 2_000,
    });
    const ledger = await openLedger({
      file: join(folder, 'ledger.db'),
      now,
      mode: 'write',
      window: { name: 'sandbox', address: window.address, environment: 'sandbox' },
    });
    try {
      ledger.beginRun({ run, command: 'import', pack: pack.name, files: [], startedAt: now().toISOString() });
      const options: Partial<RunOptions> = {
        run,
        mode: 'import',
        ledger,
        window,
        waitMs: 10_000,
        now,
        ...known(each),
      };
      const done = await (isBeside(each)
        ? runBeside(each, folder, (also) => trial(books(each), { ...options, ...also }))
        : trial(books(each), options));
      const key = done.results[0]?.decision.key;
      if (index === 0 && side.then === 'cancelled' && key !== undefined)
        ledger.record(
          [{ key, id: 'D1', state: 'cancelled', at: now().toISOString(), code: 'D', problems: [] }],
          now().toISOString(),
        );
      last = told(done);
    } finally {
      ledger.close();
      await window.close();
    }
  }
  return last;
}

/** What a person said of the columns: now, or in an earlier run. */
function known({ mapping, remembered }: SampleSide): Partial<RunOptions> {
  const earlier = {
    name: '空运清单',
    owner: 'clerk',
    headers: header,
    columns: remembered as Remembered['columns'],
  } as const;
  return {
    ...(mapping === undefined ? {} : { mapping: parseMapping(mapping, { file: 'mapping.json', pack }) }),
    ...(remembered === undefined ? {} : { memory: [earlier] }),
  };
}

async function read(path: string, side: SampleSide): Promise<Said> {
  const opened = await openBook(path, side.options ?? {});
  try {
    const codes = new Set<string>(opened.problems.map(({ code }) => code));
    let rows = 0;
    for (const table of opened.tables) for await (const chunk of table.rows()) rows += chunk.length;
    if (rows > 0 && side.isManifest !== true) return { codes, hasError: false };
    return told(await trial([opened]));
  } finally {
    await opened.close();
  }
}

async function inFolder(side: SampleSide, folder: string): Promise<Said> {
  if (side.lodged !== undefined) return lodged(side, folder);
  if (side.content !== undefined) {
    const content = declaration(side.base ?? 'import-air', side.content as Patch);
    const issues = [...pack.checkShape(content), ...pack.checkRules(content, { today: '20260108' })];
    return {
      codes: new Set(issues.map(({ code }) => code)),
      hasError: issues.some(({ severity }) => severity === 'error'),
    };
  }
  if (side.fixture !== undefined) return read(join(fixtures, side.fixture), side);
  if (side.text !== undefined || side.base64 !== undefined) {
    const file = join(folder, side.name ?? '清单.csv');
    await writeFile(file, side.base64 === undefined ? (side.text ?? '') : Buffer.from(side.base64, 'base64'));
    return read(file, side);
  }
  if (isBeside(side))
    return told(await runBeside(side, folder, (also) => trial(books(side), { ...known(side), ...also })));
  return told(await trial(books(side), known(side)));
}

/** A stop says its code and those of the problems behind it. */
export async function codesOfSide(side: SampleSide): Promise<Said> {
  const folder = await mkdtemp(join(tmpdir(), 'declarant-test-'));
  try {
    return await inFolder(side, folder);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { codes: new Set([error.code, ...error.problems.map(({ code }) => code)]), hasError: true };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
