/** The rows of one sheet, pulled chunk by chunk: the fast reader first, the strict one from where the fast one doubts. */
import { isUtf8 } from 'node:buffer';
import type { SourceRow } from '../../model/row.ts';
import { rowBuilder } from './row-builder.ts';
import type { BuilderInput, RowBuilder } from './row-builder.ts';
import { scanRows } from './row-scan.ts';
import { rowHandler } from './row-strict.ts';
import { surveyStrict } from './survey.ts';
import { Doubt } from './text.ts';
import { append, consume, newWindow } from './window.ts';
import { xmlReader } from './xml.ts';
import type { Archive } from './zip.ts';

const chunkRows = 500;

export type SheetInput = BuilderInput & { readonly archive: Archive; readonly part: string };

export type Rows = AsyncGenerator<readonly SourceRow[], void, undefined>;

export async function* sheetRows(input: SheetInput): Rows {
  let given = 0;
  try {
    input.strings.startPass();
    if (input.survey.rows === undefined) throw new Doubt();
    for await (const rows of fastRows(input)) {
      given += rows.length;
      yield rows;
    }
    return;
  } catch (error) {
    if (!(error instanceof Doubt)) throw error;
  }
  const survey =
    input.survey.rows === undefined
      ? input.survey
      : await surveyStrict(input.archive, { name: input.sheet, part: input.part }, input.limits);
  for await (const rows of strictRows({ ...input, survey })) {
    const fresh = given >= rows.length ? [] : rows.slice(given);
    given = Math.max(0, given - rows.length);
    if (fresh.length > 0) yield fresh;
  }
}

/** Throws `Doubt` at the first thing that is not plain; all rows given before are right. */
export async function* fastRows(input: SheetInput): Rows {
  const { from, to } = input.survey.rows ?? { from: 0, to: 0 };
  const builder = rowBuilder(input);
  const scan = { isInRow: false, prefixes: input.survey.prefixes, builder };
  const window = newWindow();
  let offset = 0;
  for await (const chunk of input.archive.read(input.part)) {
    const start = Math.max(from - offset, 0);
    const end = Math.min(to - offset, chunk.length);
    const isLast = offset < to && offset + chunk.length >= to;
    offset += chunk.length;
    if (start >= chunk.length || end <= start) {
      if (isLast && from === to) continue;
      if (!isLast) continue;
    }
    append(window, chunk.subarray(start, end));
    const consumed = scanRows(scan, window.bytes, window.end, isLast);
    if (!isUtf8(window.bytes.subarray(0, consumed))) throw new Doubt();
    consume(window, consumed);
    yield* finished(builder, isLast ? 1 : chunkRows);
  }
}

/** The reference: slower, and never wrong about XML. */
export async function* strictRows(input: SheetInput): Rows {
  const builder = rowBuilder(input);
  const reader = xmlReader(input.part, rowHandler(input.sheet, builder), input.limits);
  for await (const chunk of input.archive.read(input.part)) {
    reader.write(chunk);
    yield* finished(builder, chunkRows);
  }
  reader.end();
  yield* finished(builder, 1);
}

function* finished(builder: RowBuilder, atLeast: number): Generator<readonly SourceRow[], void, undefined> {
  while (builder.waiting() >= atLeast) yield builder.take(chunkRows);
}
