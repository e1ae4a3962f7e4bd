/** What a sample is compared with, or what is made of it beside its results: opened by the command's own `--also`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sheet } from '../../fixtures/making/manifest.ts';
import { workbook } from '../../fixtures/making/workbook.ts';
import { openAlso } from '../../src/commands/also.ts';
import { openOutputBytes, openOutputFile } from '../../src/io.ts';
import type { RunOptions } from '../../src/pipeline/run-options.ts';
import type { SampleSide } from '../../src/reports/common-problems/samples.ts';
import { pack, type Trial } from '../pipeline/trial-run.ts';
import { contextIn } from './sample.ts';

/** Of a cell that is merged with the one above it. */
const ditto = '↑';

export function isBeside({ cargo, also }: SampleSide): boolean {
  return cargo !== undefined || also !== undefined;
}

function sheetOf([name, [header = [], ...lines]]: readonly [string, readonly (readonly string[])[]]): Sheet {
  const at = header.findIndex((_name, column) => lines.some((cells) => cells[column] === ditto));
  const sizes: number[] = [];
  for (const cells of lines) {
    if (cells[at] === ditto) sizes.push((sizes.pop() ?? 0) + 1);
    else sizes.push(1);
  }
  return {
    name,
    columns: header.map((each) => ({ header: each, as: 'text' })),
    ...(at === -1 ? {} : { merged: { headers: new Set([header[at] ?? '']), sizes } }),
    rows: lines.map((cells) =>
      Object.fromEntries(
        header.flatMap((each, column) => (cells[column] === ditto ? [] : [[each, cells[column] ?? '']])),
      ),
    ),
  };
}

/** Runs it with everything beside it; notices and problems of both are in what comes back. */
export async function runBeside(
  { cargo, also = 'cargo-manifest' }: SampleSide,
  folder: string,
  run: (options: Partial<RunOptions>) => Promise<Trial>,
): Promise<Trial> {
  await using opened = new AsyncDisposableStack();
  const file = join(folder, '舱单.xlsx');
  if (cargo !== undefined) await writeFile(file, workbook(Object.entries(cargo).map(sheetOf)));
  const beside = await openAlso(
    { also: cargo === undefined ? also : `${also}=${file}`, pack: pack.name, hidden: 'include' },
    { pack, args: [], opened },
  );
  const out = join(folder, 'out');
  await mkdir(out, { recursive: true });
  const place = {
    context: contextIn('zh'),
    inputs: [],
    openText: (name: string) => openOutputFile(join(out, name)),
    openBytes: (name: string) => openOutputBytes(join(out, name)),
  };
  const reports = await Promise.all(beside.reports.map((make) => make(place)));
  const { results, summary } = await run(beside.onlookers === undefined ? {} : { also: beside.onlookers });
  for (const report of reports) {
    await report.add(results);
    await report.end(summary);
  }
  return { results, summary: { ...summary, notices: [...beside.notices(), ...summary.notices] } };
}
