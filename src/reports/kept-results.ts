/** What became of every row, as the ledger keeps it to make reports again: each declaration once, and its rows in input order. */
import type { Decision, RowResult } from '../model/result.ts';

/** What is kept of a declaration besides its decision: field → value. */
type Fields = Readonly<Record<string, string>>;

/** A stretch of rows of one declaration that stand together: rows `from` … of declaration `n` of this run, which comes with its first stretch. */
type Stretch = {
  readonly n: number;
  readonly rows: readonly number[];
  readonly decision?: Decision;
  readonly fields?: Fields;
};

/** One line of JSON for each stretch. Receipts of declarations with a key are left out: the ledger has them. `fieldsOf` is asked once for each declaration. */
export function resultKeeper(
  fieldsOf: (decision: Decision) => Fields | undefined = () => undefined,
): (results: readonly RowResult[]) => string {
  const numbers = new WeakMap<Decision, number>();
  let last = 0;

  function numberOf(decision: Decision): readonly [number, boolean] {
    const known = numbers.get(decision);
    if (known !== undefined) return [known, false];
    last += 1;
    numbers.set(decision, last);
    return [last, true];
  }

  function firstOf(decision: Decision): Pick<Stretch, 'decision' | 'fields'> {
    const kept = decision.key === undefined ? decision : { ...decision, receipts: [] };
    const fields = fieldsOf(decision);
    return { decision: kept, ...(fields === undefined ? {} : { fields }) };
  }

  return (results) => {
    const lines: string[] = [];
    for (let at = 0; at < results.length;) {
      const decision = results[at]?.decision;
      if (decision === undefined) break;
      const rows: number[] = [];
      for (; results[at]?.decision === decision; at += 1) rows.push(indexOf(results[at], rows.at(-1) ?? -1));
      const [n, isNew] = numberOf(decision);
      lines.push(`${JSON.stringify({ n, rows, ...(isNew ? firstOf(decision) : {}) } satisfies Stretch)}\n`);
    }
    return lines.join('');
  };
}

/** Mostly the row after the one before. */
function indexOf(result: RowResult | undefined, before: number): number {
  if (result === undefined) return -1;
  const { rows } = result.decision;
  return rows[before + 1] === result.ref ? before + 1 : rows.indexOf(result.ref);
}

/** The results again, chunk by chunk; `today` says what each declaration has become since. Throws where the text is not what `resultKeeper` wrote. */
export function* keptResults(
  texts: Iterable<string>,
  today: (decision: Decision, fields: Fields | undefined) => Decision,
): Generator<readonly RowResult[]> {
  const open = new Map<number, { readonly decision: Decision; left: number }>();
  for (const text of texts) {
    const chunk: RowResult[] = [];
    for (const line of text.split('\n')) {
      if (line === '') continue;
      // The ledger has proved that this is the very text that was kept.
      const { n, rows, decision, fields } = JSON.parse(line) as Stretch;
      const found = open.get(n) ?? newlyOpen(decision, (each) => today(each, fields));
      open.set(n, found);
      for (const index of rows) {
        const ref = found.decision.rows[index];
        if (ref === undefined) throw new Error('kept results name a row that is not there');
        chunk.push({ ref, decision: found.decision });
      }
      found.left -= rows.length;
      if (found.left === 0) open.delete(n);
    }
    yield chunk;
  }
}

function newlyOpen(
  decision: Decision | undefined,
  today: (decision: Decision) => Decision,
): { readonly decision: Decision; left: number } {
  if (decision === undefined) throw new Error('kept results begin with rows of no declaration');
  return { decision: today(decision), left: decision.rows.length };
}
