/** Gives each column of a header row its field, by the mapping file and then by header words. */
import type { Direction, FieldPath } from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import { isResultLabel } from '../model/own-marks.ts';
import type { SourceRow } from '../model/row.ts';
import type { HeaderMeaning, Pack } from '../pack/pack.ts';
import { flat } from './flat.ts';
import type { Mapping, SheetMapping } from './mapping.ts';
import type { Header } from './find-header.ts';
import type { ColumnPlan, Evidence, FieldPlan, IdleColumn } from './plan.ts';

export type PlannedColumns = {
  readonly columns: readonly ColumnPlan[];
  readonly idle: readonly IdleColumn[];
  readonly problems: readonly Problem[];
  readonly direction?: Direction;
};

type Where = { readonly file: string; readonly sheet?: string };

/** `samples` are the first rows under the header: an unknown column is shown with a value. */
export function planColumns(
  header: Header,
  samples: readonly SourceRow[],
  { pack, mapping, sheet, where }: { pack: Pack; mapping: Mapping | undefined; sheet: SheetMapping | undefined; where: Where },
): PlannedColumns {
  const row = { ...where, line: header.line };
  const columns: ColumnPlan[] = [];
  const idle: IdleColumn[] = [];
  const problems: Problem[] = [];
  const claimed = new Map<FieldPath, ColumnPlan>();
  const directions = new Set<Direction>();
  const seen = new Map<string, number>();
  for (const [column, labels] of header.labels.entries()) {
    const own = labels.find(isResultLabel);
    if (own !== undefined) {
      idle.push({ column, header: flat(own), sample: '', isKnown: true });
      continue;
    }
    const found = labels.map((label) => ({ label, ...meaningOf(label, pack, sheet) })).find(({ meaning }) => meaning);
    const label = flat(found?.label ?? labels[0] ?? '');
    const sample = flat(samples.find((each) => (each.cells[column] ?? '').trim() !== '')?.cells[column] ?? '');
    if (label === '') {
      if (sample !== '') problems.push({ code: 'header/blank', severity: 'warning', row, column, facts: { sample } });
      continue;
    }
    const twin = seen.get(label);
    seen.set(label, column);
    if (!found?.meaning || found.meaning.fields.length === 0 || !found.evidence) {
      idle.push({ column, header: label, sample, isKnown: found !== undefined });
      if (!found) problems.push({ code: 'header/unknown', severity: 'warning', row, column, header: label, facts: { sample } });
      continue;
    }
    if (twin !== undefined) {
      problems.push({ code: 'header/duplicate', severity: 'error', row, column, header: label, facts: { other: twin + 1 } });
      continue;
    }
    const [first, ...rest] = found.meaning.fields.map((path) => fieldPlan(path, pack, mapping));
    if (!first) continue;
    const plan: ColumnPlan = { column, header: label, fields: [first, ...rest], evidence: found.evidence };
    const rival = plan.fields.map(({ path }) => claimed.get(path)).find((other) => other !== undefined);
    if (rival) {
      problems.push({
        code: 'header/two-columns-one-field',
        severity: 'error',
        row,
        column,
        header: label,
        field: plan.fields[0].path,
        facts: { otherHeader: rival.header, otherColumn: rival.column + 1 },
      });
      continue;
    }
    for (const { path } of plan.fields) claimed.set(path, plan);
    if (found.meaning.direction) directions.add(found.meaning.direction);
    columns.push(plan);
  }
  const [direction] = directions;
  return { columns, idle, problems, ...(directions.size === 1 && direction ? { direction } : {}) };
}

function meaningOf(label: string, pack: Pack, sheet: SheetMapping | undefined): { meaning: HeaderMeaning; evidence: Evidence } | undefined {
  const fixed = sheet?.columns;
  if (fixed && Object.hasOwn(fixed, label)) {
    const target = fixed[label];
    const fields = target === null || target === undefined ? [] : typeof target === 'string' ? [target] : target;
    return { meaning: { fields }, evidence: 'mapping' };
  }
  const meaning = pack.headerWords.get(pack.normaliseHeader(label));
  return meaning && { meaning, evidence: 'word' };
}

/** Whether a label would find a field, or is known as one that is not declared. */
export function isKnownLabel(label: string, pack: Pack, sheet: SheetMapping | undefined): boolean {
  return meaningOf(label.trim(), pack, sheet) !== undefined;
}

/** `path` must be one of the pack's fields: mapping files are checked for it when they are read. */
function fieldPlan(path: FieldPath, pack: Pack, mapping: Mapping | undefined): FieldPlan {
  const field = pack.fields.get(path);
  const segment = field && pack.segments.get(field.segment);
  if (!field || !segment) throw new Error(`header word or mapping names a field that the pack has not: ${path}`);
  const words = mapping?.lookups?.[path];
  return { path, field, level: segment.level, ...(words ? { lookup: new Map(Object.entries(words)) } : {}) };
}
