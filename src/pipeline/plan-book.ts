/** Plans a whole file: finds each table's header and columns, and how its tables hang together. */
import type { SourceBook, SourceTable } from '../formats/format.ts';
import { isError, type Problem } from '../model/problem.ts';
import type { SourceRow } from '../model/row.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Pack } from '../pack/pack.ts';
import { withDateOrder } from './date-order.ts';
import { checkTemplate, isOwnSheet } from './filled-template.ts';
import { findHeader, headerAt, headerSearchRows } from './find-header.ts';
import { isSample } from './left-out.ts';
import type { Mapping, SheetMapping } from './mapping.ts';
import { mappingLines } from './mapping-lines.ts';
import { recall, type Remembered } from './memory.ts';
import { missingFields } from './missing-fields.ts';
import type { TablePlan } from './plan.ts';
import { isKnownLabel } from './match-column.ts';
import { planColumns } from './plan-columns.ts';
import { arrange, byLevel, type Found } from './arrange-tables.ts';

export type BookPlan = {
  readonly book: SourceBook;
  /** In the order in which they are read: head tables before the tables that join them. */
  readonly tables: readonly TablePlan[];
  /** Tables without a header that is known, and sheets that the mapping skips. */
  readonly leftOut: readonly { readonly sheet?: string; readonly firstRow: readonly string[] }[];
  /** What a person should know and need not decide. */
  readonly problems: readonly Problem[];
  /** What must be decided before any row is read: see `requireDecided`. */
  readonly open: readonly Problem[];
};

export type PlanOptions = {
  readonly pack: Pack;
  readonly mapping: Mapping | undefined;
  readonly memory?: readonly Remembered[];
  /** Its tables are numbered from here in the run. */
  readonly firstId: number;
};

/** Throws `Stop` (exit 3) where no table has a header that is known. */
export async function planBook(book: SourceBook, options: PlanOptions): Promise<BookPlan> {
  const plan = await surveyBook(book, options);
  if (plan.tables.length === 0) throw noHeader(book, plan.leftOut);
  return plan;
}

/** As `planBook`, for a file that may have no header at all. */
export async function surveyBook(book: SourceBook, options: PlanOptions): Promise<BookPlan> {
  const { pack, mapping, firstId } = options;
  const found: Found[] = [];
  const leftOut: { sheet?: string; firstRow: readonly string[] }[] = [];
  const ours = new Set<string>();
  const templates: Problem[] = [];
  for (const table of book.tables) {
    const rows = await firstRows(table);
    if (rows.length === 0) continue;
    if (isOwnSheet(rows)) {
      ours.add(table.name ?? '');
      templates.push(...checkTemplate(rows, { file: book.file, pack, mapping }));
      continue;
    }
    const planned = await planTable(book.file, table, rows, options);
    if (planned) found.push(planned);
    else
      leftOut.push({
        ...(table.name === undefined ? {} : { sheet: table.name }),
        firstRow: rows[0]?.cells.slice(0, 6) ?? [],
      });
  }
  const tables = arrange(found, pack, mapping, firstId);
  const said = tables.flatMap((table) => table.problems);
  return {
    book,
    tables,
    leftOut,
    problems: [
      ...book.problems.filter((problem) => !isAboutOwn(problem, ours)),
      ...templates,
      ...said.filter((problem) => !isError(problem)),
    ],
    open: [
      ...said.filter(isError),
      ...missingFields(tables, pack, mapping),
      ...withoutIdentity(tables, pack),
    ],
  };
}

/** Our own sheets are hidden from a clerk, and are no finding. */
function isAboutOwn({ code, facts }: Problem, ours: ReadonlySet<string>): boolean {
  return code === 'sheet/hidden' && ours.has(String(facts?.['sheet'] ?? ''));
}

/** Nothing where the mapping skips the sheet, or no header is found in it. */
async function planTable(
  file: string,
  table: SourceTable,
  rows: readonly SourceRow[],
  { pack, mapping, memory = [] }: PlanOptions,
): Promise<Found | undefined> {
  const sheet = sheetMapping(mapping, table.name);
  const where = table.name === undefined ? { file } : { file, sheet: table.name };
  const fixed =
    sheet?.headerLine === undefined ? undefined : rows.find((row) => row.line === sheet.headerLine);
  const isKnown = (label: string): boolean => isKnownLabel(label, { pack, sheet });
  const isRemembered = rememberedLabels(memory, pack);
  const isLabel = (label: string): boolean => isKnown(label) || isRemembered(label);
  const header = fixed ? headerAt(fixed, rows, isLabel) : findHeader(rows, isLabel);
  if (sheet?.skip || !header) return undefined;
  const samples = rows.filter(
    (row) =>
      row.line > header.lastLine &&
      isSample(row) &&
      (sheet?.lastLine === undefined || row.line <= sheet.lastLine),
  );
  const recalled = recall(
    header.labels.map(([label = '']) => label),
    memory,
    pack,
  );
  const planned = planColumns(header, samples, { pack, mapping, sheet, recalled, where });
  const row = { ...where, line: header.line };
  const { columns, problems } = await withDateOrder(planned.columns, samples, {
    table,
    lastLine: header.lastLine,
    row,
  });
  return {
    table,
    ...where,
    headerLine: header.line,
    lastHeaderLine: header.lastLine,
    ...(sheet?.lastLine === undefined ? {} : { lastLine: sheet.lastLine }),
    isLabel: isKnown,
    ...planned,
    columns,
    problems: [...planned.problems, ...problems],
    ...byLevel(columns),
  };
}

/** A header of the office's own words is found by what is remembered of it. */
function rememberedLabels(memory: readonly Remembered[], pack: Pack): (label: string) => boolean {
  const keys = new Set(memory.flatMap(({ columns }) => Object.keys(columns).map(pack.normaliseHeader)));
  return (label) => keys.size > 0 && keys.has(pack.normaliseHeader(label));
}

/** Columns that nobody has confirmed: decided by their context, or guessed. */
export function unconfirmed({ tables }: BookPlan): readonly Problem[] {
  return tables.flatMap(({ columns, file, sheet, headerLine }) =>
    columns
      .filter(({ evidence }) => evidence === 'guess' || evidence === 'context')
      .map(({ column, header, fields: [{ path }] }): Problem => {
        const row = { file, ...(sheet === undefined ? {} : { sheet }), line: headerLine };
        return {
          code: 'mapping/unconfirmed',
          severity: 'error',
          row,
          column,
          header,
          field: path,
          facts: { path },
        };
      }),
  );
}

/** Throws `Stop` (exit 3) with everything that is open. What is lodged wants every guess confirmed; a check does without. */
export function requireDecided(plan: BookPlan, mode: 'check' | 'dry-run' | 'import'): void {
  const { book } = plan;
  const open = mode === 'import' ? [...plan.open, ...unconfirmed(plan)] : plan.open;
  if (open.length === 0) return;
  throw new Stop('mapping/undecided', exitCode.unreadable, {
    facts: { file: book.file, count: open.length, lines: mappingLines(plan, open) },
    problems: open,
    hint: `declarant map ${JSON.stringify(book.file)} --save mapping.json`,
  });
}

/** Tables in which nothing tells one declaration from the next. */
function withoutIdentity(tables: readonly TablePlan[], pack: Pack): readonly Problem[] {
  const fields = [...new Set(pack.identity.flatMap(({ needs }) => needs))];
  return tables
    .filter((table) => table.keyColumns.length === 0)
    .map(({ file, sheet, headerLine }) => {
      const row = { file, ...(sheet === undefined ? {} : { sheet }), line: headerLine };
      return { code: 'mapping/no-identity', severity: 'error', row, facts: { fields } };
    });
}

export function sheetMapping(
  mapping: Mapping | undefined,
  sheet: string | undefined,
): SheetMapping | undefined {
  const sheets = mapping?.sheets;
  if (!sheets) return undefined;
  return sheet !== undefined && Object.hasOwn(sheets, sheet) ? sheets[sheet] : sheets['*'];
}

async function firstRows(table: SourceTable): Promise<readonly SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const chunk of table.rows()) {
    rows.push(...chunk);
    if (rows.length >= headerSearchRows * 2) break;
  }
  return rows.slice(0, headerSearchRows * 2);
}

function noHeader(book: SourceBook, leftOut: BookPlan['leftOut']): Stop {
  const firstRow = leftOut[0]?.firstRow.filter((cell) => cell !== '') ?? [];
  return leftOut.length === 0
    ? new Stop('file/no-rows', exitCode.unreadable, { facts: { file: book.file } })
    : new Stop('header/not-found', exitCode.unreadable, {
        facts: { file: book.file, firstRow },
        hint: `declarant map ${JSON.stringify(book.file)} --save mapping.json`,
      });
}
