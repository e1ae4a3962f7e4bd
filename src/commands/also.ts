/** Opens the further documents that `--also` asks for: what looks on at the run, and what is told at its end. */
import { askedDocuments, type Asked } from '../config/also.ts';
import type { Settings } from '../config.ts';
import type { DocumentSpec } from '../model/document.ts';
import type { Problem } from '../model/problem.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadDocuments } from '../pack/documents/load.ts';
import type { Issue, Pack } from '../pack/pack.ts';
import { type DocumentCheck, documentCheck } from '../pipeline/documents/check.ts';
import type { Seen } from '../pipeline/documents/seen.ts';
import { readOtherFiles } from '../pipeline/documents/listed.ts';
import type { RunOptions } from '../pipeline/run-options.ts';
import { loadReceiptCodes } from '../pack/receipt-codes.ts';
import type { ReportFactory } from '../reports/index.ts';
import { noneOf } from './choices.ts';
import { type MadeDocument, madeDocument } from './made-document.ts';
import { openBooks } from './open.ts';

export type Also = {
  readonly onlookers?: NonNullable<RunOptions['also']>;
  /** The documents that are made, in the folder of the results. */
  readonly reports: readonly ReportFactory[];
  /** About the other files as a whole. */
  readonly notices: () => readonly Problem[];
};

/** What decides how the other files are read. */
type Asking = Pick<Settings, 'also' | 'pack' | 'encoding' | 'inputFormat' | 'hidden'>;

type Opening = {
  readonly pack: Pack;
  readonly args: readonly string[];
  readonly opened: AsyncDisposableStack;
};

/** Reads the other files whole, before the first row of the run. Throws `Stop` (exit 2) for a document that the pack does not have. */
export async function openAlso(settings: Asking, { pack, args, opened }: Opening): Promise<Also> {
  if (settings.also === undefined) return { reports: [], notices: () => [] };
  const known = loadDocuments(settings.pack, pack);
  const checks: DocumentCheck[] = [];
  const made: MadeDocument[] = [];
  for (const asked of askedDocuments(settings.also)) {
    const spec = specOf(asked, known);
    if (spec.kind === 'produce')
      made.push(madeDocument(spec, { codes: loadReceiptCodes(settings.pack), pack }));
    else checks.push(await openCheck(spec, asked, settings, { pack, args, opened }));
  }
  const judge = (seen: Seen): readonly Issue[] =>
    checks.flatMap(({ judging }) => judging.judge?.(seen) ?? []);
  return {
    onlookers: {
      ...(checks.length === 0 ? {} : { gathering: gatheringOf(checks) }),
      deciding: {
        ...(made.length === 0 ? {} : { see: (seen: Seen) => made.forEach((each) => each.see(seen)) }),
        ...(checks.length === 0 ? {} : { judge }),
      },
    },
    reports: made.map(({ report }) => report),
    notices: () => [...made, ...checks].flatMap((each) => each.notices()),
  };
}

function gatheringOf(
  checks: readonly DocumentCheck[],
): NonNullable<NonNullable<RunOptions['also']>['gathering']> {
  return {
    judge: (seen) => checks.flatMap(({ gathering }) => gathering.judge?.(seen) ?? []),
    restart: () => checks.forEach((each) => each.restart()),
  };
}

async function openCheck(
  spec: DocumentSpec,
  { files }: Asked,
  settings: Asking,
  { pack, args, opened }: Opening,
): Promise<DocumentCheck> {
  if (files.includes('-') && args.includes('-')) throw new Stop('usage/stdin-twice', exitCode.usage);
  // How the manifest is read says nothing of the other file.
  const { encoding: _own, inputFormat: _its, ...reading } = settings;
  const books = await openBooks(files, reading, opened);
  return documentCheck(spec, books.length === 0 ? undefined : await readOtherFiles(books, spec, pack));
}

/** Throws `Stop` (exit 2) for a document that the pack does not have, and for a file that a made one does not read. */
export function specOf({ name, files }: Asked, known: readonly DocumentSpec[]): DocumentSpec {
  const spec = known.find((each) => each.name === name);
  if (spec?.kind === 'produce' && files.length > 0)
    throw new Stop('usage/also-takes-no-file', exitCode.usage, { facts: { name, files } });
  if (spec) return spec;
  throw noneOf(
    '--also',
    name,
    known.map((each) => each.name),
  );
}
