/** What a clerk does with an annotated workbook: opens it, mends what it points at, saves it. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ExcelJS from 'exceljs';

export type ResultLine = {
  readonly type: string;
  readonly sheet?: string;
  readonly line: number;
  readonly key: string;
  readonly outcome: string;
  readonly entryId?: string;
  readonly isEarlier?: boolean;
  readonly problems: readonly {
    readonly severity: string;
    readonly cell?: string;
    readonly message: string;
  }[];
  readonly see?: readonly object[];
};

export async function resultLines(folder: string): Promise<readonly ResultLine[]> {
  const text = await readFile(join(folder, 'results.ndjson'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ResultLine)
    .filter(({ type }) => type === 'row');
}

export function annotatedIn(folder: string): string {
  const name = readdirSync(folder).find((each) => /\.annotated\.xls[xm]$/u.test(each));
  if (name === undefined) throw new Error(`no annotated workbook in ${folder}`);
  return join(folder, name);
}

/** As a clerk types it: where the cell is formatted as text, a date stays the text that is typed. */
function put(cell: ExcelJS.Cell, right: ExcelJS.Cell | undefined): void {
  const value = right?.value ?? null;
  const isTextCell = cell.numFmt === '@' || cell.numFmt === undefined || cell.numFmt === 'General';
  cell.value = value instanceof Date && isTextCell ? value.toISOString().slice(0, 10) : value;
}

export async function openWorkbook(path: string): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  return book;
}

const keyColumn = 1;

/** The rows of a sheet below its header, by the reference and their place within it. */
function rowsByKey(sheet: ExcelJS.Worksheet): Map<string, ExcelJS.Row[]> {
  const rows = new Map<string, ExcelJS.Row[]>();
  sheet.eachRow((row, line) => {
    const key = row.getCell(keyColumn).text;
    if (line > 1 && key !== '') rows.set(key, [...(rows.get(key) ?? []), row]);
  });
  return rows;
}

/** Takes the right values from `mendedPath`, row by row, only in declarations that the results say something about. */
export async function mendAsTold(
  path: string,
  mendedPath: string,
  results: readonly ResultLine[],
): Promise<void> {
  const book = await openWorkbook(path);
  const mended = await openWorkbook(mendedPath);
  for (const sheet of book.worksheets) {
    const right = mended.getWorksheet(sheet.name);
    if (right === undefined) continue;
    const width = right.columnCount;
    const told = new Set(
      results
        .filter((line) => line.sheet === sheet.name && line.outcome !== 'accepted')
        .map(({ key, line }) => key ?? sheet.getRow(line).getCell(keyColumn).text),
    );
    const rightRows = rowsByKey(right);
    const only = [...rightRows.values()];
    for (const [key, rows] of rowsByKey(sheet)) {
      if (!told.has(key)) continue;
      // A reference that was used twice gets another one.
      const source = rightRows.get(key) ?? only[0] ?? [];
      for (const [at, row] of rows.entries()) {
        const values = source[at];
        for (let column = 1; column <= width; column += 1) put(row.getCell(column), values?.getCell(column));
        // One goods line too many: the clerk deletes the row.
        if (values === undefined) row.values = [];
      }
    }
  }
  await book.xlsx.writeFile(path);
}
