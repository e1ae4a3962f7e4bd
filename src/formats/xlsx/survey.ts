/** The first look at a sheet, before any row is handed out: where its rows stand, its merged ranges, what it hides, and that its bytes are whole. */
import { Stop } from '../../model/stop.ts';
import type { ReadLimits } from '../format.ts';
import type { Merge } from './merges.ts';
import { hiddenLines } from './hidden-lines.ts';
import type { HiddenLines } from './hidden-lines.ts';
import { surveyHandler } from './survey-handler.ts';
import { Doubt } from './text.ts';
import { append, consume, newWindow, plainStart } from './window.ts';
import { xmlReader } from './xml.ts';
import type { Archive } from './zip.ts';

export type ColumnSpan = { readonly from: number; readonly to: number };

export type Survey = {
  /** The bytes between `<sheetData>` and `</sheetData>`, where the fast reader may try; absent where only the strict one may. */
  readonly rows?: { readonly from: number; readonly to: number };
  /** Prefixes of namespaces that the sheet's root declares. */
  readonly prefixes: ReadonlySet<string>;
  /** Sorted by their first rows. */
  readonly merges: readonly Merge[];
  readonly hasOverlappingMerges: boolean;
  /** From 0, both ends included. */
  readonly hiddenColumns: readonly ColumnSpan[];
  readonly hiddenLines: { readonly count: number; readonly first: readonly number[] };
};

export type SheetPart = { readonly name: string; readonly part: string };

/** After the rows, no honest sheet has more than this: merges, formats, validations, links. */
const maxTailBytes = 67_108_864;

export async function surveySheet(archive: Archive, sheet: SheetPart, limits: ReadLimits): Promise<Survey> {
  try {
    return await surveyFast(archive, sheet, limits);
  } catch (error) {
    if (error instanceof Doubt || isAboutXml(error)) return surveyStrict(archive, sheet, limits);
    throw error;
  }
}

/** What the strict reader sees of a sheet. Its word holds: the fast look only spares its time. */
export async function surveyStrict(archive: Archive, sheet: SheetPart, limits: ReadLimits): Promise<Survey> {
  const { handler, result } = surveyHandler(sheet);
  const reader = xmlReader(sheet.part, handler, limits);
  for await (const chunk of archive.read(sheet.part)) reader.write(chunk);
  reader.end();
  return result();
}

const opening = '<sheetData>';
const closing = '</sheetData>';

/** The strict reader sees the sheet without its rows; the rows are only searched for their end and for the word `hidden`. */
async function surveyFast(archive: Archive, sheet: SheetPart, limits: ReadLimits): Promise<Survey> {
  const { handler, result, isAtRows, sawRow } = surveyHandler(sheet);
  const reader = xmlReader(sheet.part, handler, limits);
  const window = newWindow();
  const hidden: HiddenLines = hiddenLines();
  let stage: 'start' | 'rows' | 'end' = 'start';
  let from = 0;
  let to = 0;
  let tailBytes = 0;
  for await (const chunk of archive.read(sheet.part)) {
    if (stage === 'end') {
      tailBytes += chunk.length;
      if (tailBytes > maxTailBytes) throw new Doubt();
      reader.write(chunk);
      continue;
    }
    append(window, chunk);
    if (stage === 'start') {
      const at = plainStart(window, opening);
      if (at === -1) continue;
      reader.write(window.bytes.subarray(0, at + opening.length));
      if (!isAtRows()) throw new Doubt();
      from = window.offset + at + opening.length;
      consume(window, at + opening.length);
      stage = 'rows';
    }
    const bytes = window.bytes.subarray(0, window.end);
    const end = bytes.indexOf(closing);
    const rows = end === -1 ? bytes : bytes.subarray(0, end);
    const complete = end === -1 ? Math.max(bytes.lastIndexOf(0x3c), 0) : end;
    hidden.search(rows.subarray(0, complete));
    to = window.offset + complete;
    if (end !== -1) {
      reader.write(bytes.subarray(end));
      stage = 'end';
    }
    consume(window, end === -1 ? complete : window.end);
  }
  if (stage !== 'end') throw new Doubt();
  reader.end();
  if (sawRow()) throw new Doubt();
  return { ...result(), rows: { from, to }, hiddenLines: hidden.result() };
}

function isAboutXml(error: unknown): boolean {
  return error instanceof Stop && error.code.startsWith('workbook/xml-');
}
