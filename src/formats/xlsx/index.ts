/** The format of Excel workbooks (.xlsx, .xlsm): by Excel, WPS, LibreOffice or any other writer. */
import { createHash } from 'node:crypto';
import { open as openFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Stop } from '../../model/stop.ts';
import type { Format, ReadOptions, SourceBook, SourceTable } from '../format.ts';
import { openInputFile } from '../input-file.ts';
import type { InputFile } from '../input-file.ts';
import { readLimits } from '../limits.ts';
import { bookProblems, refuseHidden } from './book-problems.ts';
import { sheetRows } from './sheet.ts';
import type { Rows } from './sheet.ts';
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
    const input = await openInputFile(path);
    const handle = await openFile(path, 'r');
    try {
      return await openBook({ handle, input, path }, options);
    } catch (error) {
      await Promise.all([handle.close(), input.close()]);
      throw named(error, path);
    }
  },
};

/** One file under two handles: the archive reader needs one of its own. */
type OpenFile = { readonly handle: FileHandle; readonly input: InputFile; readonly path: string };

async function openBook({ handle, input, path }: OpenFile, options: ReadOptions): Promise<SourceBook> {
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
  const problems = bookProblems({ file: path, workbook, sheets: surveys, hidden });
  if (hidden === 'error') refuseHidden(problems);
  await refuseIfChanged();

  const tables = surveys.map(({ name, part, isHidden, survey }): SourceTable => {
    const common = {
      archive,
      strings,
      styles,
      limits,
      uses1904: workbook.uses1904,
      skipsHidden: hidden === 'skip',
    };
    return { name, isHidden, rows: () => guarded(() => sheetRows({ ...common, sheet: name, part, survey })) };
  });
  async function* guarded(open: () => Rows): Rows {
    try {
      yield* open();
      await refuseIfChanged();
    } catch (error) {
      throw named(error, path);
    }
  }
  async function* guardedPart(part: string): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* archive.read(part);
      await refuseIfChanged();
    } catch (error) {
      throw named(error, path);
    }
  }
  return {
    file: path,
    format: 'xlsx',
    decisions: { 'date system': workbook.uses1904 ? '1904' : '1900' },
    problems,
    tables,
    package: { parts: archive.namesInFile, read: (part) => guardedPart(part) },
    async digest() {
      const hash = createHash('sha256');
      for await (const block of input.blocks()) hash.update(block);
      await refuseIfChanged();
      return hash.digest('hex');
    },
    async close() {
      await Promise.all([handle.close(), input.close()]);
    },
  };
}

/** A refusal that says which file it means. */
function named(error: unknown, file: string): unknown {
  if (!(error instanceof Stop) || error.facts['file'] !== undefined) return error;
  return new Stop(error.code, error.exit, { facts: { file, ...error.facts }, cause: error.cause });
}

/** Both results; where one fails, only after the other has come to its end, so that nothing reads a closed file. */
async function bothOf<A, B>(a: Promise<A>, b: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([a, b]);
  return [await a, await b];
}
