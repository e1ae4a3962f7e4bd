/** Gives each column of a header row its field: by what is known of its label, then by its context, then by a guess of two witnesses. */
import type { Direction } from '../model/declaration.ts';
import type { SourceRow } from '../model/row.ts';
import { decideByContext, valuesIn } from './decide-by-context.ts';
import type { Header } from './find-header.ts';
import { flat } from './flat.ts';
import { fieldsByColumn, type FoundColumn, type PlanContext, type PlannedColumns } from './found-columns.ts';
import { guessColumn } from './guess-column.ts';
import { meaningOf } from './match-column.ts';
import { settle } from './settle-columns.ts';

/** `samples` are the first rows under the header: what contexts and guesses are judged by. */
export function planColumns(
  header: Header,
  samples: readonly SourceRow[],
  context: PlanContext,
): PlannedColumns {
  const found = header.labels.map((labels, column): FoundColumn => {
    const known = labels.map((label) => meaningOf(label, context)).find((each) => each !== undefined);
    const values = [...new Set(valuesIn(samples, column))].slice(0, 3).map(flat);
    return {
      column,
      label: flat(known?.label ?? labels[0] ?? ''),
      samples: values,
      ...(known ? { known: { ...known, confidence: 1 } } : {}),
    };
  });
  forgetLoneRare(found);
  const directions = new Set(
    found.map(({ known }) => known?.meaning.direction).filter((each) => each !== undefined),
  );
  const [direction] = directions.size === 1 ? directions : [];
  decideOpen(found, samples, { ...context, direction: direction ?? directionOf(found, samples, context) });
  guessOpen(found, samples, context);
  return { ...settle(found, { ...context, line: header.line }), ...(direction ? { direction } : {}) };
}

/** `单价` is also what the schema calls a field of vehicle licences: without another column of that segment it is not meant. */
function forgetLoneRare(found: readonly FoundColumn[]): void {
  const segments = [...fieldsByColumn(found).values()].map(([path = '']) => path.slice(0, path.indexOf('.')));
  for (const each of found) {
    const [path = ''] = each.known?.meaning.fields ?? [];
    const segment = path.slice(0, path.indexOf('.'));
    const isLone = segments.filter((other) => other === segment).length < 2;
    if (each.known?.evidence === 'word' && each.known.meaning.isRare && isLone) delete each.known;
  }
}

/** By the column that says so, or the mapping's constant, where header words prove nothing. */
function directionOf(
  found: readonly FoundColumn[],
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

/** From left to right: what was decided helps to decide the next. */
function decideOpen(
  found: readonly FoundColumn[],
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
function guessOpen(
  found: readonly FoundColumn[],
  samples: readonly SourceRow[],
  { pack }: PlanContext,
): void {
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
