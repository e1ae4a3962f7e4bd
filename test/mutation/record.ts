/** The scores last measured, file by file: a group tried again replaces its own. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { groups } from './groups.ts';
import { isSurvivor, tried, type Mutant } from './survivors.ts';

type FileScore = {
  readonly file: string;
  readonly date: string;
  readonly mutants: number;
  readonly survived: number;
};
type Record = { readonly command: string; readonly score: number; readonly files: readonly FileScore[] };

const place = 'bench/results/mutation.json';

/** `score` is in percent, of all files together. What belongs to no group any more is left out. */
export function record(all: readonly Mutant[], date: string): void {
  const earlier: Record | undefined = existsSync(place) ? JSON.parse(readFileSync(place, 'utf8')) : undefined;
  const files = groups
    .flatMap(({ mutate }) => mutate)
    .flatMap((file): readonly FileScore[] => {
      const own = tried(all.filter((mutant) => mutant.file === file));
      if (own.length === 0) return earlier?.files.filter((each) => each.file === file) ?? [];
      return [{ file, date, mutants: own.length, survived: own.filter(isSurvivor).length }];
    });
  const sum = (of: 'mutants' | 'survived'): number => files.reduce((total, each) => total + each[of], 0);
  const score = Number((100 * (1 - sum('survived') / sum('mutants'))).toFixed(1));
  const result: Record = { command: 'npm run mutation -- --record GROUP', score, files };
  writeFileSync(place, `${JSON.stringify(result, undefined, 2)}\n`);
}
