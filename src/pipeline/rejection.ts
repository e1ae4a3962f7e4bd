/** What the window found wrong, told at the cells it came from. */
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { Declaration, FieldPath, Place } from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import type { WindowProblem } from '../model/receipt.ts';
import { type PlacedRows, bareRow } from './tracked.ts';

/** One problem for each complaint of the rejecting receipts; where a receipt names none, its own text. */
export function rejectionProblems(
  rows: PlacedRows,
  value: Declaration,
  entry: LedgerEntry,
): readonly Problem[] {
  if (entry.state !== 'rejected') return [];
  const rejecting = entry.receipts.filter(({ state }) => state === 'rejected');
  return rejecting.flatMap(({ code = '', text = '', problems, at }) => {
    const errors = problems.filter(({ severity }) => severity === 'error');
    const own: WindowProblem = { code, severity: 'error', message: text };
    return (errors.length > 0 ? errors : [own]).map((said) => tell(said, { at, code }, rows, value));
  });
}

function tell(
  said: WindowProblem,
  receipt: { at: string; code: string },
  rows: PlacedRows,
  value: Declaration,
): Problem {
  const facts = {
    windowCode: said.code || receipt.code,
    receiptCode: receipt.code,
    message: said.message,
    at: receipt.at,
  };
  const place = said.pointer === undefined ? undefined : placeOf(said.pointer);
  const problem = { code: 'lodge/rejected', severity: 'error', facts } as const;
  if (!place) return { ...problem, row: bareRow(rows[0]) };
  const found = valueAt(value, place);
  const field: { field?: FieldPath } =
    place.tag === undefined ? {} : { field: `${place.segment}.${place.tag}` };
  return { ...problem, ...value.originOf(place), ...field, ...(found === undefined ? {} : { value: found }) };
}

/** `/DecLists/0/CodeTS` or `/DecHead/BillNo`; nothing where it is no such pointer. */
function placeOf(pointer: string): Place | undefined {
  const [, segment, second, third] = pointer.split('/');
  if (!segment) return undefined;
  if (second === undefined) return { segment };
  const isIndex = /^\d{1,4}$/u.test(second);
  return isIndex
    ? { segment, index: Number(second), ...(third ? { tag: third } : {}) }
    : { segment, tag: second };
}

function valueAt({ content }: Declaration, { segment, index, tag }: Place): string | undefined {
  const entry = content[segment];
  const one = Array.isArray(entry) ? entry[index ?? 0] : entry;
  return tag === undefined ? undefined : one?.[tag];
}
