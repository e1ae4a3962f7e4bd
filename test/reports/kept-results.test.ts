/** Results kept as text come back as they were, whatever the order of the rows. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision, RowResult } from '../../src/model/result.ts';
import { keptResults, resultKeeper } from '../../src/reports/kept-results.ts';
import { accepted, decision, key, refs, unknownCode } from './sample.ts';

const same = (each: Decision): Decision => each;

function again(chunks: readonly (readonly RowResult[])[], today = same): readonly RowResult[] {
  const keep = resultKeeper();
  return [...keptResults(chunks.map(keep), today)].flat();
}

describe('kept results', () => {
  it('come back row by row, their problems with them, however rows of declarations are mixed and cut into chunks', () => {
    const owners = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(owners, fc.integer({ min: 1, max: 7 }), (owner, size) => {
        const decisions = new Map<number, Decision>();
        for (const each of new Set(owner)) {
          const [first, ...others] = owner.flatMap((other, index) => (other === each ? refs(index + 2) : []));
          if (first === undefined) continue;
          decisions.set(each, decision([first, ...others], { problems: [unknownCode(first.line)] }));
        }
        const taken = new Map<number, number>();
        const results = owner.flatMap((each): RowResult[] => {
          const decided = decisions.get(each);
          const index = taken.get(each) ?? 0;
          taken.set(each, index + 1);
          const ref = decided?.rows[index];
          return decided === undefined || ref === undefined ? [] : [{ ref, decision: decided }];
        });
        const chunks = Array.from({ length: Math.ceil(results.length / size) }, (_, index) =>
          results.slice(index * size, (index + 1) * size),
        );
        expect(again(chunks)).toEqual(results);
      }),
    );
  });

  it('leave the receipts of a declaration with a key to the ledger', () => {
    const decided = accepted(2);
    expect(again([[{ ref: decided.rows[0], decision: decided }]])[0]?.decision.receipts).toEqual([]);
  });

  it('ask once for each declaration what has become of it', () => {
    const decided = decision(refs(2, 3), key('B2'));
    let asked = 0;
    again([decided.rows.map((ref) => ({ ref, decision: decided }))], (each) => {
      asked += 1;
      return each;
    });
    expect(asked).toBe(1);
  });
});
