/** The workbook reader without its fast paths: the reference that the fast ones are held against. */
import { open } from 'node:fs/promises';
import type { ExpectedRow } from '../../../fixtures/making/xlsx-expected.ts';
import { readLimits } from '../../../src/formats/limits.ts';
import { strictRows } from '../../../src/formats/xlsx/sheet.ts';
import { readStrict } from '../../../src/formats/xlsx/strings-read.ts';
import { stringTable } from '../../../src/formats/xlsx/strings.ts';
import { readStyles } from '../../../src/formats/xlsx/styles.ts';
import { surveyStrict } from '../../../src/formats/xlsx/survey.ts';
import { readWorkbook } from '../../../src/formats/xlsx/workbook.ts';
import { openArchive } from '../../../src/formats/xlsx/zip.ts';
import { Stop } from '../../../src/model/stop.ts';
import { shown } from './reading.ts';
import { xlsx } from '../../../src/formats/xlsx/index.ts';

/** The rows of all sheets by sheet, or the code of the refusal. */
export type Outcome = Readonly<Record<string, readonly ExpectedRow[]>> | string;

export async function strictOutcome(path: string): Promise<Outcome> {
  const handle = await open(path, 'r');
  const limits = readLimits(undefined);
  try {
    const archive = await openArchive(handle.fd, limits);
    const workbook = await readWorkbook(archive, limits);
    const styles = await readStyles(archive, workbook.styles, limits);
    const strings = stringTable(workbook.strings ?? '', limits);
    if (workbook.strings !== undefined) await readStrict(archive, workbook.strings, strings, limits);
    strings.startPass();
    const tables: Record<string, readonly ExpectedRow[]> = {};
    for (const { name: sheet, part } of workbook.sheets) {
      const survey = await surveyStrict(archive, { name: sheet, part }, limits);
      const rows: ExpectedRow[] = [];
      const input = {
        archive,
        part,
        sheet,
        survey,
        strings,
        styles,
        limits,
        uses1904: workbook.uses1904,
        skipsHidden: false,
      };
      for await (const chunk of strictRows(input)) rows.push(...chunk.map(shown));
      tables[sheet] = rows;
    }
    return tables;
  } catch (error) {
    return codeOf(error);
  } finally {
    await handle.close();
  }
}

export async function usualOutcome(path: string): Promise<Outcome> {
  try {
    const book = await xlsx.open(path, {});
    try {
      const tables: Record<string, readonly ExpectedRow[]> = {};
      for (const table of book.tables) {
        const rows: ExpectedRow[] = [];
        for await (const chunk of table.rows()) rows.push(...chunk.map(shown));
        tables[table.name ?? ''] = rows;
      }
      return tables;
    } finally {
      await book.close();
    }
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Stop) return error.code;
  throw error;
}
