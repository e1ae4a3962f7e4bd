/** Decides a header word that means several fields by what stands beside it and what its values are; never by the word alone. */
import type { Direction, FieldPath } from '../model/declaration.ts';
import type { SourceRow } from '../model/row.ts';
import type { HeaderMeaning, OpenMeaning, Pack } from '../pack/pack.ts';
import { valueFit } from './value-fit.ts';

export type Surroundings = {
  readonly pack: Pack;
  readonly samples: readonly SourceRow[];
  /** Column → the fields it carries, as far as they are known; a column without a label is none. */
  readonly known: ReadonlyMap<number, readonly FieldPath[]>;
  /** The columns whose values tell one declaration from the next. */
  readonly keys: readonly number[];
  readonly direction: Direction | undefined;
};

export type ContextMatch = { readonly meaning: HeaderMeaning; readonly because: readonly string[] };

/** The one reading of which every condition holds; nothing where none or two do. */
export function decideByContext(
  label: string,
  column: number,
  around: Surroundings,
): ContextMatch | undefined {
  const { pack, samples } = around;
  const readings = pack.openWords.get(pack.normaliseHeader(label)) ?? [];
  const values = valuesIn(samples, column);
  const holding = readings.filter((reading) => holds(reading, column, values, around));
  const [only] = holding;
  if (!only || new Set(holding.map(({ fields }) => fields.join())).size > 1) return undefined;
  const { after, beside, with: others, direction } = only;
  const near = [...(after ?? []), ...(beside ?? []), ...(others ?? [])].filter((path) =>
    isAnywhere(path, around),
  );
  return {
    meaning: { fields: only.fields },
    because: [...near.slice(0, 3), ...(direction ? [pack.direction.field] : [])],
  };
}

export function valuesIn(samples: readonly SourceRow[], column: number): readonly string[] {
  return samples.map((row) => (row.cells[column] ?? '').trim()).filter((value) => value !== '');
}

function isAnywhere(path: FieldPath, { known }: Surroundings): boolean {
  return known.values().some((fields) => fields.includes(path));
}

function holds(
  reading: OpenMeaning,
  column: number,
  values: readonly string[],
  around: Surroundings,
): boolean {
  const { pack, known, direction } = around;
  const isAt = (at: number, paths: readonly FieldPath[]): boolean =>
    known.get(at)?.some((path) => paths.includes(path)) === true;
  if (reading.direction && reading.direction !== direction) return false;
  if (reading.after && !isAt(column - 1, reading.after)) return false;
  if (reading.beside && !isAt(column - 1, reading.beside) && !isAt(column + 1, reading.beside)) return false;
  if (reading.with && !reading.with.some((path) => isAnywhere(path, around))) return false;
  if (reading.fields.some((path) => isAnywhere(path, around))) return false;
  if (reading.values === 'numbered' && !isNumbered(column, around)) return false;
  if (reading.values === 'shared' && !isShared(column, around)) return false;
  return reading.fields.every((path) => {
    const field = pack.fields.get(path);
    return field && valueFit(field, values, pack) !== undefined;
  });
}

/** The sample rows of each declaration, one after another. A row without a key goes on with the one above it. */
function groupsOf({ samples, keys }: Surroundings): readonly (readonly SourceRow[])[] {
  const groups: SourceRow[][] = [];
  let last = '';
  for (const row of samples) {
    const key = keys.map((at) => (row.cells[at] ?? '').trim()).join('\u0000');
    const isNew = groups.length === 0 || (key !== last && key.replaceAll('\u0000', '') !== '');
    if (isNew) groups.push([row]);
    else groups.at(-1)?.push(row);
    if (isNew) last = key;
  }
  return groups;
}

/** 1, 2, 3 … anew in each declaration. Rows of totals and notes at the end have no number, and are passed over. */
function isNumbered(column: number, around: Surroundings): boolean {
  if (around.keys.length === 0) return false;
  const groups = groupsOf(around);
  const numbers = groups.map((rows) => valuesIn(rows, column));
  return (
    numbers.some((each) => each.length > 1) &&
    numbers.every((each) => each.every((text, index) => text === String(index + 1)))
  );
}

/** One value a declaration, and more than one row that could have had another. */
function isShared(column: number, around: Surroundings): boolean {
  if (around.keys.length === 0) return false;
  const groups = groupsOf(around);
  const texts = groups.map((rows) => valuesIn(rows, column));
  const repeats = groups.some(
    (rows, index) => rows.length > 1 && (texts[index]?.length ?? 0) === rows.length,
  );
  return repeats && texts.every((each) => new Set(each).size <= 1);
}
