/** Finds the delimiter: the one that cuts the first 64 KB into rows of the most consistent width. */
import { Stop } from '../../model/stop.ts';
import type { SourceRow } from '../../model/row.ts';
import type { ReadLimits } from '../format.ts';
import { createScanner } from './scan.ts';

export type Delimiter = {
  readonly character: string;
  /** `sep-line`: the file says it; `width`: found; `none`: rows of one cell whatever the delimiter. */
  readonly by: 'sep-line' | 'width' | 'none';
  /** Characters of the `sep=` line with its end, to be left out of the reading. */
  readonly skip: number;
  /** Cells of most rows; 0 where unknown. */
  readonly width: number;
};

const candidates = [',', ';', '\t', '|'] as const;
/** Excel's own: the first line `sep=;`, in quotes or not. */
const sepLine = /^"?sep=([^"\r\n])"?(?:\r\n|\r|\n|$)/iu;

/** `sample`: the beginning of the file's text. `isWhole`: the file ends with it. */
export function findDelimiter(
  sample: string,
  {
    file,
    isWhole,
    limits,
  }: { readonly file: string; readonly isWhole: boolean; readonly limits: ReadLimits },
): Delimiter {
  const [line, character] = sepLine.exec(sample) ?? [];
  if (line !== undefined && character?.length === 1) {
    return { character, by: 'sep-line', skip: line.length, width: 0 };
  }
  // A tab-separated file says so by its name where its contents do not decide.
  const order = /\.(?:tsv|tab)$/iu.test(file) ? (['\t', ',', ';', '|'] as const) : candidates;
  const ranked = order
    .map((delimiter) => judge(sample, delimiter, { file, isWhole, limits }))
    .filter(({ width }) => width > 1)
    .sort((a, b) => b.score - a.score || b.width - a.width);
  const best = ranked[0];
  return best === undefined
    ? { character: order[0], by: 'none', skip: 0, width: 1 }
    : { character: best.delimiter, by: 'width', skip: 0, width: best.width };
}

function judge(
  sample: string,
  delimiter: string,
  {
    file,
    isWhole,
    limits,
  }: { readonly file: string; readonly isWhole: boolean; readonly limits: ReadLimits },
): { delimiter: string; score: number; width: number } {
  const rows: SourceRow[] = [];
  let isClean = true;
  try {
    const scanner = createScanner({ file, delimiter, line: 1, limits });
    // Line by line, so that the rows before a fault count.
    for (const line of sample.split(/(?<=\n)/u)) rows.push(...scanner.add(line));
    if (isWhole) rows.push(...scanner.finish());
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    isClean = false;
  }
  const frequency = new Map<number, number>();
  for (const { cells } of rows) frequency.set(cells.length, (frequency.get(cells.length) ?? 0) + 1);
  let width = 0;
  let count = 0;
  for (const [cells, rowsOfIt] of frequency) {
    if (cells > 1 && rowsOfIt >= count) [width, count] = [cells, rowsOfIt];
  }
  const share = rows.length === 0 ? 0 : count / rows.length;
  // To the tenth: a few ragged rows do not outweigh the columns.
  return { delimiter, width, score: Math.round(share * 10) - (isClean ? 0 : 5) };
}
