/** Runs the real pipeline with the real pack over tables given as arrays: what the tests of the stages share. */
import type { SourceBook } from '../../src/formats/format.ts';
import { parseRunId, type RunId } from '../../src/model/ids.ts';
import type { RowResult, RunSummary } from '../../src/model/result.ts';
import type { SourceRow } from '../../src/model/row.ts';
import { loadPack } from '../../src/pack/load.ts';
import type { Mapping } from '../../src/pipeline/mapping.ts';
import { run } from '../../src/pipeline/run.ts';
import type { RunOptions } from '../../src/pipeline/run-options.ts';

export const pack = await loadPack('cn-goods-declaration');
export const quiet = { update: () => {}, say: () => {}, end: () => {} };

export function runId(text = '20261122-080000-test'): RunId {
  const id = parseRunId(text);
  if (!id) throw new Error('no run id');
  return id;
}

/** A row as cells, or as cells at a line of its own. */
export type TrialRow = readonly string[] | { readonly line: number; readonly cells: readonly string[] };
export type TrialTable = { readonly name?: string; readonly rows: readonly TrialRow[] };

/** A book in memory; `chunk` rows are handed over at a time. */
export function book(file: string, tables: readonly TrialTable[], chunk = 500): SourceBook {
  return {
    file,
    format: 'trial',
    decisions: {},
    problems: [],
    digest: () => Promise.resolve('0'.repeat(64)),
    close: () => Promise.resolve(),
    tables: tables.map(({ name, rows }) => ({
      ...(name === undefined ? {} : { name }),
      isHidden: false,
      async *rows() {
        const all = rows.map((row, index): SourceRow =>
          'line' in row ? row : { line: index + 1, cells: row },
        );
        const filled = all.filter(({ cells }) => cells.some((cell) => cell !== ''));
        for (let at = 0; at < filled.length; at += chunk) yield filled.slice(at, at + chunk);
      },
    })),
  };
}

export type Trial = { readonly results: readonly RowResult[]; readonly summary: RunSummary };

export async function trial(
  books: readonly SourceBook[],
  more: Partial<RunOptions> & { readonly mapping?: Mapping } = {},
): Promise<Trial> {
  let results: RowResult[] = [];
  const summary = await run({
    run: runId(),
    mode: 'check',
    books,
    pack,
    waitMs: 0,
    now: () => new Date('2026-11-22T08:00:00Z'),
    signal: new AbortController().signal,
    progress: quiet,
    write: (each) => Promise.resolve(void results.push(...each)),
    restart: () => Promise.resolve(void (results = [])),
    ...more,
  });
  return { results, summary };
}

/** Error codes of a result. */
export function errors(result: RowResult | undefined): readonly string[] {
  return (result?.decision.problems ?? [])
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
}
