/** Settles what was found of each column: a plan, or idle; and a problem for each that is open, or in another's way. */
import type { FieldPath } from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import type { Pack } from '../pack/pack.ts';
import { candidatesFor } from './guess-column.ts';
import type { Mapping } from './mapping.ts';
import type { Recalled } from './memory.ts';
import type { ColumnPlan, FieldPlan, IdleColumn } from './plan.ts';
import { fieldsByColumn, type FoundColumn, type PlanContext, type PlannedColumns } from './found-columns.ts';

/** One plan for each column that found its field, and a problem for each that did not, or is in another's way. */
export function settle(
  found: readonly FoundColumn[],
  { pack, mapping, where, line, recalled }: PlanContext & { line: number },
): Omit<PlannedColumns, 'direction'> {
  const row = { ...where, line };
  const columns: ColumnPlan[] = [];
  const idle: IdleColumn[] = [];
  const problems: Problem[] = recalled ? driftProblems(recalled, row) : [];
  const claimed = new Map<FieldPath, ColumnPlan>();
  const seen = new Map<string, number>();
  const taken = new Set([...fieldsByColumn(found).values()].flat());
  for (const { column, label, samples, known } of found) {
    const at = { row, column, header: label } as const;
    const [sample = ''] = samples;
    if (label === '') {
      if (sample !== '')
        problems.push({ code: 'header/blank', severity: 'warning', row, column, facts: { sample } });
      continue;
    }
    const twin = known?.evidence === 'context' ? undefined : seen.get(label);
    seen.set(label, column);
    const [first, ...rest] = (known?.meaning.fields ?? []).map((path) => fieldPlan(path, pack, mapping));
    if (!known || !first) {
      const candidates = known ? [] : openCandidates(label, pack, taken);
      idle.push({ column, header: label, samples, isKnown: known !== undefined, candidates });
      if (!known) problems.push(unknownColumn(at, sample, candidates));
      continue;
    }
    if (twin !== undefined) {
      problems.push({ code: 'header/duplicate', severity: 'error', ...at, facts: { other: twin + 1 } });
      continue;
    }
    const plan: ColumnPlan = {
      column,
      header: label,
      samples,
      fields: [first, ...rest],
      evidence: known.evidence,
      confidence: known.confidence,
      because: known.because,
    };
    const rival = plan.fields.map(({ path }) => claimed.get(path)).find((other) => other !== undefined);
    if (rival) {
      const facts = { otherHeader: rival.header, otherColumn: rival.column + 1 };
      problems.push({
        code: 'header/two-columns-one-field',
        severity: 'error',
        ...at,
        field: first.path,
        facts,
      });
      continue;
    }
    for (const { path } of plan.fields) claimed.set(path, plan);
    columns.push(plan);
    const said = known.evidence === 'guess' ? 'header/guessed' : 'header/decided-by-context';
    if (known.facts)
      problems.push({
        code: said,
        severity: 'warning',
        ...at,
        field: first.path,
        facts: { ...known.facts, sample, path: first.path },
      });
  }
  return { columns, idle, problems };
}

function unknownColumn(
  at: Pick<Problem, 'row' | 'column' | 'header'>,
  sample: string,
  candidates: readonly FieldPath[],
): Problem {
  const [path] = candidates;
  if (path === undefined) return { code: 'header/unknown', severity: 'warning', ...at, facts: { sample } };
  return {
    code: 'header/undecided',
    severity: 'warning',
    ...at,
    facts: { sample, path, fields: candidates },
  };
}

/** What a person would be asked to choose from. */
function openCandidates(label: string, pack: Pack, taken: ReadonlySet<FieldPath>): readonly FieldPath[] {
  const touched = new Set([...taken].map((path) => path.slice(0, path.indexOf('.'))));
  const readings = (pack.openWords.get(pack.normaliseHeader(label)) ?? []).flatMap(({ fields }) =>
    fields.length === 1 ? fields : [],
  );
  const alike = candidatesFor(label, { pack, touched }).flatMap(({ fields, score }) =>
    fields.length === 1 && score >= 0.35 ? fields : [],
  );
  return [...new Set([...readings, ...alike])].filter((path) => !taken.has(path)).slice(0, 5);
}

function driftProblems({ from, drift }: Recalled, row: NonNullable<Problem['row']>): Problem[] {
  const { added, missing, moved } = drift;
  if (added.length + missing.length + moved.length === 0) return [];
  const isOnlyMoved = added.length + missing.length === 0;
  const facts = { name: from.name, added, missing, moved: moved.slice(0, 10) };
  return [
    {
      code: isOnlyMoved ? 'header/reordered' : 'header/drift',
      severity: isOnlyMoved ? 'info' : 'warning',
      row,
      facts,
    },
  ];
}

/** `path` must be one of the pack's fields: mapping files are checked for it when they are read. */
function fieldPlan(path: FieldPath, pack: Pack, mapping: Mapping | undefined): FieldPlan {
  const field = pack.fields.get(path);
  const segment = field && pack.segments.get(field.segment);
  if (!field || !segment)
    throw new Error(`header word or mapping names a field that the pack has not: ${path}`);
  const words = mapping?.lookups?.[path];
  return { path, field, level: segment.level, ...(words ? { lookup: new Map(Object.entries(words)) } : {}) };
}
