/** What the strict reader keeps of a sheet besides its cells: columns, merged ranges, hidden rows, namespaces. */
import { refusal } from './refusal.ts';
import { doOverlap, mergeList, parseMerge } from './merges.ts';
import { namedLines } from './hidden-lines.ts';
import type { ColumnSpan, SheetPart, Survey } from './survey.ts';
import { mainNamespaces } from './workbook.ts';
import { attribute, isTrue } from './xml.ts';
import type { XmlHandler, XmlTag } from './xml.ts';

const maxColumns = 16_384;

export function surveyHandler({ name: sheet, part }: SheetPart): {
  readonly handler: XmlHandler;
  readonly result: () => Survey;
  /** Inside `<sheetData>`, whose namespace is the default one. */
  readonly isAtRows: () => boolean;
  readonly sawRow: () => boolean;
} {
  const path: string[] = [];
  const merges = mergeList(sheet);
  const hiddenColumns: ColumnSpan[] = [];
  const first: number[] = [];
  let prefixes: ReadonlySet<string> = new Set();
  let isDefault = false;
  let hiddenCount = 0;
  let rows = 0;

  function onRoot(tag: XmlTag): void {
    if (tag.local !== 'worksheet' || !mainNamespaces.has(tag.uri))
      throw refusal('sheet/not-a-sheet', { sheet, part });
    prefixes = new Set(Object.keys(tag.ns));
    isDefault = mainNamespaces.has(tag.ns[''] ?? '');
  }
  function onColumn(tag: XmlTag): void {
    const from = Number(attribute(tag, 'min'));
    const to = Math.min(Number(attribute(tag, 'max')), maxColumns);
    if (isTrue(attribute(tag, 'hidden')) && from >= 1 && from <= to)
      hiddenColumns.push({ from: from - 1, to: to - 1 });
  }
  const handler: XmlHandler = {
    open(tag) {
      if (path.length === 0) onRoot(tag);
      path.push(mainNamespaces.has(tag.uri) ? tag.local : '');
      const parent = path[1];
      if (path.length === 3 && parent === 'cols' && path[2] === 'col') onColumn(tag);
      else if (path.length === 3 && parent === 'mergeCells' && path[2] === 'mergeCell') {
        merges.add(parseMerge(attribute(tag, 'ref')));
      } else if (path.at(-1) === 'row') {
        rows += 1;
        if (path.length !== 3 || parent !== 'sheetData' || !isTrue(attribute(tag, 'hidden'))) return;
        hiddenCount += 1;
        const line = Number(attribute(tag, 'r'));
        if (line > 0 && first.length < namedLines) first.push(line);
      }
    },
    close: () => void path.pop(),
  };
  return {
    handler,
    result() {
      const sorted = merges.all();
      return {
        prefixes,
        merges: sorted,
        hasOverlappingMerges: doOverlap(sorted),
        hiddenColumns,
        hiddenLines: { count: hiddenCount, first },
      };
    },
    isAtRows: () => path.length === 2 && path[1] === 'sheetData' && isDefault,
    sawRow: () => rows > 0,
  };
}
