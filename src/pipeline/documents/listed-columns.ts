/** Finds the columns of the other file by the header words that the document's data gives. */
import type { DocumentElement, DocumentSpec } from '../../model/document.ts';
import type { SourceRow } from '../../model/row.ts';
import type { Pack } from '../../pack/pack.ts';

export type ListedColumns = {
  readonly line: number;
  /** By the element's name. */
  readonly columns: ReadonlyMap<string, FoundColumn>;
  /** Headers that mean the same and stand above two columns. */
  readonly twice: readonly string[];
  /** Whether a cell's text is one of the header words: the header again, or its second language. */
  readonly isWord: (text: string) => boolean;
};

export type FoundColumn = {
  readonly column: number;
  readonly header: string;
  /** As the header says it: `毛重（吨）`. */
  readonly unit: string;
  /** The column that holds the unit. */
  readonly unitColumn?: number;
};

type Words = ReadonlyMap<string, { readonly element: DocumentElement; readonly isUnit: boolean }>;

const searchRows = 50;
const unitInHeader = /^(.+?)\s*[(（[【]\s*([\p{L}]{1,12})\.?\s*[)）\]】]\s*$/u;

/** The row with the most header words, if it has every needed one. */
export function findListedColumns(
  rows: readonly SourceRow[],
  spec: DocumentSpec,
  { normaliseHeader }: Pick<Pack, 'normaliseHeader'>,
): ListedColumns | undefined {
  const words = wordsOf(spec, normaliseHeader);
  let best: ListedColumns | undefined;
  for (const row of rows.slice(0, searchRows)) {
    const found = columnsIn(row, words, normaliseHeader);
    if (found.columns.size > (best?.columns.size ?? 0) && hasNeeded(found, spec)) best = found;
  }
  return best;
}

function wordsOf({ elements }: DocumentSpec, normalise: Pack['normaliseHeader']): Words {
  const words = new Map<string, { element: DocumentElement; isUnit: boolean }>();
  for (const element of elements) {
    for (const word of element.listed?.words ?? []) words.set(normalise(word), { element, isUnit: false });
    for (const word of element.listed?.unitWords ?? []) words.set(normalise(word), { element, isUnit: true });
  }
  return words;
}

function columnsIn(row: SourceRow, words: Words, normalise: Pack['normaliseHeader']): ListedColumns {
  const columns = new Map<string, FoundColumn>();
  const units = new Map<string, number>();
  const twice: string[] = [];
  for (const [column, cell] of row.cells.entries()) {
    const header = cell.trim();
    if (header === '' || header.length > 100) continue;
    const [, stem = '', unit = ''] = unitInHeader.exec(header) ?? [];
    const whole = words.get(normalise(header));
    const found = whole ?? (stem === '' ? undefined : words.get(normalise(stem)));
    if (!found) continue;
    const { element, isUnit } = found;
    const known = columns.get(element.name);
    if (isUnit) units.set(element.name, column);
    else if (known) twice.push(known.header, header);
    else columns.set(element.name, { column, header, unit });
  }
  for (const [name, unitColumn] of units) {
    const known = columns.get(name);
    if (known) columns.set(name, { ...known, unitColumn });
  }
  return { line: row.line, columns, twice, isWord: (text) => words.has(normalise(text)) };
}

/** Some column for the bill, and every other needed one. */
function hasNeeded({ columns }: ListedColumns, spec: DocumentSpec): boolean {
  const isOfBill = ({ from }: DocumentElement): boolean => 'field' in from && from.field === spec.shipment;
  return (
    spec.elements.some((element) => isOfBill(element) && columns.has(element.name)) &&
    spec.elements.every(
      (element) => element.listed?.isNeeded !== true || isOfBill(element) || columns.has(element.name),
    )
  );
}
