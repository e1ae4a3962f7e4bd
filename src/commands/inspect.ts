/** `declarant inspect FILE`: how a file is read, where its header is, and what each column was taken for. Judges nothing. */
import { stdoutOutput } from '../io.ts';
import { columnName } from '../model/row.ts';
import { exitCode } from '../model/stop.ts';
import { surveyBook, type BookPlan } from '../pipeline/plan-book.ts';
import { problemJson } from '../reports/ndjson.ts';
import { problemText } from '../reports/problem-text.ts';
import type { ReportContext } from '../reports/report.ts';
import type { CommandInput } from './command.ts';
import { inspectionText } from './inspection-text.ts';
import { openBooks, openPack, readMapping } from './open.ts';
import { readMemory } from './remembered.ts';

function columnJson(each: BookPlan['tables'][number]): object[] {
  return [
    ...each.columns.map(({ column, header, fields, evidence, confidence, because, samples }) => ({
      at: column,
      column: columnName(column),
      header,
      fields: fields.map(({ path }) => path),
      titles: fields.map(({ field }) => field.title),
      evidence,
      confidence,
      because,
      samples,
    })),
    ...each.idle.map(({ column, header, isKnown, candidates, samples }) => ({
      at: column,
      column: columnName(column),
      header,
      fields: [],
      evidence: isKnown ? 'word' : 'none',
      candidates,
      samples,
    })),
  ]
    .toSorted((left, right) => left.at - right.at)
    .map(({ at: _at, ...rest }) => rest);
}

/** The JSON of `--format json`. */
function inspection({ book, tables, leftOut, problems, open }: BookPlan, context: ReportContext): object {
  return {
    type: 'inspection',
    schemaVersion: 1,
    file: book.file,
    format: book.format,
    decisions: book.decisions,
    sheets: book.tables.map(({ name, isHidden }) => ({ name: name ?? null, isHidden })),
    tables: tables.map((each) => ({
      sheet: each.sheet ?? null,
      role: each.role,
      headerLine: each.headerLine,
      lastHeaderLine: each.lastHeaderLine,
      direction: each.direction ?? null,
      keyColumns: each.keyColumns.map(({ column }) => columnName(column)),
      columns: columnJson(each),
    })),
    withoutHeader: leftOut.map(({ sheet, firstRow }) => ({ sheet: sheet ?? null, firstRow })),
    notices: problems.map((problem) => problemJson(problem, context)),
    open: open.map((problem) => problemJson(problem, context)),
  };
}

export async function run({ args, config, reader }: CommandInput): Promise<number> {
  const { settings } = config;
  await using opened = new AsyncDisposableStack();
  const { pack, context } = await openPack(settings);
  reader.context = context;
  const mapping = await readMapping(settings.mapping, pack);
  const { memory, problems } = await readMemory(config, pack);
  const [book] = await openBooks(args, settings, opened);
  if (book === undefined) throw new Error('a file was counted and is not there');
  const surveyed = await surveyBook(book, { pack, mapping, memory, firstId: 0 });
  const plan = { ...surveyed, problems: [...problems, ...surveyed.problems] };
  if (settings.format === 'json' || settings.format === 'ndjson') {
    await stdoutOutput.write(
      `${JSON.stringify(inspection(plan, context), null, settings.format === 'json' ? 2 : 0)}\n`,
    );
  } else {
    const said = [...plan.problems, ...plan.open].map((problem) => problemText(problem, context).join('\n'));
    await stdoutOutput.write(`${[inspectionText(plan, context), ...said].join('\n\n')}\n`);
  }
  return exitCode.done;
}
