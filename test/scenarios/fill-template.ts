/** Fills in a template, as a clerk does who copies the example and changes what is different. */
import type ExcelJS from 'exceljs';
import { openWorkbook } from './annotated-copy.ts';

const exampleLine = 3;

/** Header → value, by the Chinese header without its mark. `null` empties the cell. */
export type Changes = Readonly<Record<string, ExcelJS.CellValue>>;

/** The example once more under each reference, on the lines below it, with what is different in each. */
export async function exampleAsOwn(
  path: string,
  references: readonly string[],
  changes: readonly Changes[] = [],
): Promise<void> {
  const book = await openWorkbook(path);
  for (const sheet of book.worksheets.filter(({ state }) => state === 'visible')) {
    for (const [at, reference] of references.entries()) {
      const own = { 业务编号: reference, ...changes[at] };
      for (let column = 1; column <= sheet.columnCount; column += 1) {
        const header = sheet.getCell(1, column).text.replace(/\*$/u, '');
        const given = Object.entries(own).find(([name]) => name === header);
        const value = given === undefined ? sheet.getCell(exampleLine, column).value : given[1];
        if (value !== null) sheet.getCell(exampleLine + 1 + at, column).value = value;
      }
    }
  }
  await book.xlsx.writeFile(path);
}
