/** The format of Excel workbooks (.xlsx, .xlsm): by Excel, WPS, LibreOffice or any other writer. */
import { createHash } from 'node:crypto';
import { open as openFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Problem } from '../../model/problem.ts';
import type { Format, ReadLimits, ReadOptions, SourceBook, SourceTable } from '../format.ts';
import { readLimits } from '../limits.ts';
import { bookProblems, refuseHidden } from './book-problems.ts';
import { sheetRows } from './sheet.ts';
import { readSharedStrings } from './strings-read.ts';
import { readStyles } from './styles.ts';
import { surveySheet } from './survey.ts';
import { unchangedCheck } from './unchanged.ts';
import { readWorkbook } from './workbook.ts';
import { openArchive } from './zip.ts';

export const xlsx: Format = {
  name: 'xlsx',
  matches(head) {
    const isZip = head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;
    return isZip && !Buffer.from(head).includes('mimetypeapplication/vnd.oasis.opendocument');
  },
  async open(path, options) {
    const handle = await openFile(path, 'r');
    try {
      return await openBook(handle, path, options);
    } catch (error) {
      await handle.close();
      throw error;
    }
  },
};

async function openBook(handle: FileHandle, path: string, options: ReadOptions): Promise<SourceBook> {
  const limits = readLimits(options.limits);
  const hidden = options.hidden ?? 'include';
  const refuseIfChanged = await unchangedCheck(handle, path);
  const archive = await openArchive(handle.fd, limits);
  const workbook = await readWorkbook(archive, limits);
  const styles = await readStyles(archive, workbook.styles, limits);
  const sheets = hidden === 'skip' ? workbook.sheets.filter((sheet) => !sheet.isHidden) : workbook.sheets;
  const [strings, surveys] = await bothOf(
    readSharedStrings(archive, workbook.strings, limits),
    (async () => {
      const found = [];
      for (const sheet of sheets) found.push({ ...sheet, survey: await surveySheet(archive, sheet, limits) });
      return found;
    })(),
  );
  const problems: readonly Problem[] = bookProblems(workbook, surveys, hidden);
  if (hidden === 'error') refuseHidden(problems);
  await refuseIfChanged();

  const tables = surveys.map(({ name, part, isHidden, survey }): SourceTable => {
    const input = {
      archive,
      sheet: name,
      part,
      survey,
      strings,
      styles,
      uses1904: workbook.uses1904,
      skipsHidden: hidden === 'skip',
      limits,
    };
    return {
      name,
      isHidden,
      async *rows() {
        yield* sheetRows(input);
        await refuseIfChanged();
      },
    };
  });
  return {
    file: path,
    format: 'xlsx',
    decisions: { 'date system': workbook.uses1904 ? '1904' : '1900' },
    problems,
    tables,
    async digest() {
      const hex = await hashOf(handle);
      await refuseIfChanged();
      return hex;
    },
    close: () => handle.close(),
  };
}

/** Both results; where one fails, only after the other has come to its end, so that nothing reads a closed file. */
async function bothOf<A, B>(a: Promise<A>, b: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([a, b]);
  return [await a, await b];
}

async function hashOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(1_048_576);
  for (let position = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}
