/** Gives each column of a header row its field: by what is known of its label, then by its context, then by a guess of two witnesses. */
import type { Direction, FieldPath } from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import type { SourceRow } from '../model/row.ts';
import type { Pack } from '../pack/pack.ts';
import { decideByContext, valuesIn } from './decide-by-context.ts';
import type { Header } from './find-header.ts';
import { flat } from './flat.ts';
import { candidatesFor, guessColumn } from './guess-column.ts';
import type { Mapping, SheetMapping } from './mapping.ts';
import { type Known, meaningOf } from './match-column.ts';
import type { Recalled } from './memory.ts';
import type { ColumnPlan, FieldPlan, IdleColumn } from './plan.ts';

export type PlannedColumns = {
  readonly columns: readonly ColumnPlan[];
  readonly idle: readonly IdleColumn[];
  readonly problems: readonly Problem[];
  readonly direction?: Direction;
};

export type PlanContext = {
  readonly pack: Pack;
  readonly mapping: Mapping | undefined;
  readonly sheet: SheetMapping | undefined;
  readonly recalled: Recalled | undefined;
  readonly where: { readonly file: string; readonly sheet?: string };
};

/** One column with a label or values: what is known of it so far. */
type Found = {
  readonly column: number;
  readonly label: string;
  readonly sample: string;
  known?: Known & { readonly confidence: number; readonly facts?: Problem['facts'] };
};

/** `samples` are the first rows under the header: what contexts and guesses are judged by. */
export function planColumns(
  header: Header,
  samples: readonly SourceRow[],
  context: PlanContext,
): PlannedColumns {
  const found = header.labels.map((labels, column): Found => {
    const known = labels.map((label) => meaningOf(label, context)).find((each) => each !== undefined);
    const sample = flat(
      samples.find((each) => (each.cells[column] ?? '').trim() !== '')?.cells[column] ?? '',
    );
    return {
      column,
      label: flat(known?.label ?? labels[0] ?? ''),
      sample,
      ...(known ? { known: { ...known, confidence: 1 } } : {}),
    };
  });
  const directions = new Set(
    found.map(({ known }) => known?.meaning.direction).filter((each) => each !== undefined),
  );
  const [direction] = directions.size === 1 ? directions : [];
  decideOpen(found, samples, { ...context, direction: direction ?? directionOf(found, samples, context) });
  guessOpen(found, samples, context);
  return { ...settle(found, { ...context, line: header.line }), ...(direction ? { direction } : {}) };
}

/** By the column that says so, or the mapping's constant, where header words prove nothing. */
function directionOf(
  found: readonly Found[],
  samples: readonly SourceRow[],
  { pack, mapping }: PlanContext,
): Direction | undefined {
  const { field, import: importing, export: exporting } = pack.direction;
  const at = found.find(({ known }) => known?.meaning.fields[0] === field)?.column;
  const constant = mapping?.constants?.[field];
  const texts = at === undefined ? (constant === undefined ? [] : [constant]) : valuesIn(samples, at);
  const values = new Set(texts.map((text) => pack.parseCell(field, text).value));
  if (values.size !== 1) return undefined;
  return values.has(importing) ? 'import' : values.has(exporting) ? 'export' : undefined;
}

function fieldsByColumn(found: readonly Found[]): Map<number, readonly FieldPath[]> {
  return new Map(
    found.flatMap(({ column, known }) =>
      known && known.meaning.fields.length > 0 ? [[column, known.meaning.fields]] : [],
    ),
  );
}

/** From left to right: what was decided helps to decide the next. */
function decideOpen(
  found: readonly Found[],
  samples: readonly SourceRow[],
  { pack, direction }: PlanContext & { direction: Direction | undefined },
): void {
  const known = fieldsByColumn(found);
  const identity = new Set(pack.identity.flatMap(({ needs }) => needs));
  const keys = [...known]
    .filter(([, fields]) => fields.some((path) => identity.has(path)))
    .map(([column]) => column);
  for (const each of found) {
    if (each.known || each.label === '') continue;
    const match = decideByContext(each.label, each.column, { pack, samples, known, keys, direction });
    if (!match) continue;
    each.known = {
      label: each.label,
      meaning: match.meaning,
      evidence: 'context',
      because: match.because,
      confidence: 0.9,
      facts: { because: match.because },
    };
    known.set(each.column, match.meaning.fields);
  }
}

/** Two columns that would be guessed to be one field are both left open. */
function guessOpen(found: readonly Found[], samples: readonly SourceRow[], { pack }: PlanContext): void {
  const taken = new Set([...fieldsByColumn(found).values()].flat());
  const touched = new Set([...taken].map((path) => path.slice(0, path.indexOf('.'))));
  const guesses = found.flatMap((each) => {
    if (each.known || each.label === '' || pack.openWords.has(pack.normaliseHeader(each.label))) return [];
    const guess = guessColumn(each.label, valuesIn(samples, each.column), { pack, taken, touched });
    return guess ? [{ each, guess }] : [];
  });
  for (const { each, guess } of guesses) {
    const { fields, word, confidence, fit } = guess;
    if (guesses.filter((other) => other.guess.fields[0] === fields[0]).length > 1) continue;
    const facts = { word, fitting: fit.fitting, of: fit.of, confidence: Math.round(confidence * 100) };
    each.known = {
      label: each.label,
      meaning: { fields },
      evidence: 'guess',
      because: [word],
      confidence,
      facts,
    };
  }
}

/** One plan for each column that found its field, and a problem for each that did not, or is in another's way. */
function settle(
  found: readonly Found[],
  { pack, mapping, where, line, recalled }: PlanContext & { line: number },
): Omit<PlannedColumns, 'direction'> {
  const row = { ...where, line };
  const columns: ColumnPlan[] = [];
  const idle: IdleColumn[] = [];
  const problems: Problem[] = recalled ? driftProblems(recalled, row) : [];
  const claimed = new Map<FieldPath, ColumnPlan>();
  const seen = new Map<string, number>();
  const touched = new Set(
    [...fieldsByColumn(found).values()].flat().map((path) => path.slice(0, path.indexOf('.'))),
  );
  for (const { column, label, sample, known } of found) {
    const at = { row, column, header: label } as const;
    if (label === '') {
      if (sample !== '')
        problems.push({ code: 'header/blank', severity: 'warning', row, column, facts: { sample } });
      continue;
    }
    const twin = known?.evidence === 'context' ? undefined : seen.get(label);
    seen.set(label, column);
    const [first, ...rest] = (known?.meaning.fields ?? []).map((path) => fieldPlan(path, pack, mapping));
    if (!known || !first) {
      const candidates = known
        ? []
        : openCandidates(label, pack, touched).filter((path) => !claimed.has(path));
      idle.push({ column, header: label, sample, isKnown: known !== undefined, candidates });
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
function openCandidates(label: string, pack: Pack, touched: ReadonlySet<string>): readonly FieldPath[] {
  const readings = (pack.openWords.get(pack.normaliseHeader(label)) ?? []).flatMap(({ fields }) =>
    fields.length === 1 ? fields : [],
  );
  const alike = candidatesFor(label, { pack, touched }).flatMap(({ fields, score }) =>
    fields.length === 1 && score >= 0.35 ? fields : [],
  );
  return [...new Set([...readings, ...alike])].slice(0, 5);
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
