/** Opens the further documents that `--also` asks for: what looks on at the run, and what is told at its end. */
import { askedDocuments, type Asked } from '../config/also.ts';
import type { Settings } from '../config.ts';
import type { DocumentSpec } from '../model/document.ts';
import type { Problem } from '../model/problem.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { suggest } from '../config/suggest.ts';
import { loadDocuments } from '../pack/documents/load.ts';
import type { Pack } from '../pack/pack.ts';
import { type DocumentCheck, documentCheck } from '../pipeline/documents/check.ts';
import { readOtherFiles } from '../pipeline/documents/listed.ts';
import type { RunOptions } from '../pipeline/run-options.ts';
import { openBooks } from './open.ts';

export type Also = {
  readonly onlookers?: NonNullable<RunOptions['also']>;
  /** About the other files as a whole. */
  readonly notices: () => readonly Problem[];
};

type Opening = {
  readonly pack: Pack;
  readonly args: readonly string[];
  readonly opened: AsyncDisposableStack;
};

/** Reads the other files whole, before the first row of the run. Throws `Stop` (exit 2) for a document that the pack does not have. */
export async function openAlso(settings: Settings, { pack, args, opened }: Opening): Promise<Also> {
  if (settings.also === undefined) return { notices: () => [] };
  const known = loadDocuments(settings.pack, pack);
  const checks: DocumentCheck[] = [];
  for (const asked of askedDocuments(settings.also)) {
    const spec = specOf(asked, known);
    if (asked.files.includes('-') && args.includes('-')) throw new Stop('usage/stdin-twice', exitCode.usage);
    const { encoding: _own, inputFormat: _its, ...reading } = settings;
    const books = await openBooks(asked.files, reading, opened);
    checks.push(
      documentCheck(spec, books.length === 0 ? undefined : await readOtherFiles(books, spec, pack)),
    );
  }
  return {
    onlookers: {
      gathering: {
        judge: (seen) => checks.flatMap(({ gathering }) => gathering.judge?.(seen) ?? []),
        restart: () => checks.forEach((each) => each.restart()),
      },
      deciding: { judge: (seen) => checks.flatMap(({ judging }) => judging.judge?.(seen) ?? []) },
    },
    notices: () => checks.flatMap((each) => each.notices()),
  };
}

function specOf({ name, files }: Asked, known: readonly DocumentSpec[]): DocumentSpec {
  const spec = known.find((each) => each.name === name);
  if (spec?.kind === 'produce' && files.length > 0)
    throw new Stop('usage/also-takes-no-file', exitCode.usage, { facts: { name, files } });
  if (spec) return spec;
  const names = known.map((each) => each.name);
  const nearest = suggest(name, names);
  throw new Stop('usage/invalid-value', exitCode.usage, {
    facts: {
      where: '--also',
      value: name,
      expected: names.join(', '),
      ...(nearest === undefined ? {} : { candidates: [nearest] }),
    },
  });
}
