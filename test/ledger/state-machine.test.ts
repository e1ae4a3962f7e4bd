/** The states that a ledger gives are those of the facts, in whatever order and however often they come. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/model/receipt.ts';
import { isAccepted, road, stateAfter, type LodgementState } from '../../src/model/state.ts';
import {
  at,
  batchId,
  entryId,
  intents,
  key,
  known,
  lodge,
  receipt,
  runOne,
} from '../conformance/ledger-samples.ts';
import { inPlace } from './places.ts';

const states: readonly (LodgementState | undefined)[] = [
  ...road.slice(2),
  'unknown',
  'rejected',
  'cancelled',
  undefined,
];

const receipts = fc.array(
  fc.record({
    state: fc.constantFrom(...states),
    id: fc.integer({ min: 1, max: 40 }),
    entry: fc.option(fc.integer({ min: 1, max: 3 })),
  }),
  { minLength: 1, maxLength: 8 },
);

type Drawn = typeof receipts extends fc.Arbitrary<infer T> ? T : never;

/** One declaration each: receipts of the same id are the same fact. */
function factsOf(number: number, drawn: Drawn): readonly Receipt[] {
  const byId = new Map(
    drawn.map(({ state, id, entry }) => [
      id,
      receipt(number, state, `r${id}`, entry === null ? {} : { entryId: entryId(entry) }),
    ]),
  );
  return [...byId.values()];
}

describe('the states in a ledger', () => {
  it('do not depend on the order of receipts, on repetition, or on how they are grouped', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      let number = 0;
      lodge(ledger);
      await fc.assert(
        fc.asyncProperty(
          receipts,
          fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }),
          async (drawn, order) => {
            number += 10;
            ledger.intend(runOne, { id: batchId(number), pack: 'p', intents: intents(number, 2) }, at(1));
            const facts = factsOf(number, drawn);
            const others = factsOf(number + 1, drawn);
            ledger.record(facts, at(2));
            const shuffled = [...others, ...others].map((fact, index) => ({
              fact,
              by: known(order[index % 20]) + index / 100,
            }));
            for (const { fact } of shuffled.sort((a, b) => a.by - b.by)) ledger.record([fact], at(2));
            const found = ledger.find([key(number), key(number + 1)]);
            const one = known(found.get(key(number)));
            const other = known(found.get(key(number + 1)));
            expect(one.state).toBe(stateAfter([{ state: 'sending' }, ...facts]));
            expect(other.state).toBe(one.state);
            expect(other.entryId).toBe(one.entryId);
            expect(other.receipts.map(({ id }) => id).sort()).toEqual(facts.map(({ id }) => id).sort());
          },
        ),
        { numRuns: 60 },
      );
      ledger.close();
    });
  });

  it('never lead back from accepted to anything that may be sent again', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      lodge(ledger);
      let number = 0;
      await fc.assert(
        fc.asyncProperty(receipts, async (drawn) => {
          number += 10;
          ledger.intend(runOne, { id: batchId(number), pack: 'p', intents: intents(number, 1) }, at(1));
          ledger.record([receipt(number, 'accepted', 'first')], at(2));
          for (const fact of factsOf(number, drawn)) {
            ledger.record([fact], at(3));
            ledger.markUnknown([key(number)], at(3));
            const { state } = known(ledger.find([key(number)]).get(key(number)));
            expect(isAccepted(state) || state === 'cancelled').toBe(true);
          }
        }),
        { numRuns: 60 },
      );
      ledger.close();
    });
  });

  it('can be folded one receipt at a time', () => {
    const fact = fc.record({ state: fc.constantFrom(...states, 'prepared' as const, 'sending' as const) });
    fc.assert(
      fc.property(fc.array(fact), fc.array(fact), (before, after) => {
        expect(stateAfter([{ state: stateAfter(before.flatMap(defined)) }, ...after.flatMap(defined)])).toBe(
          stateAfter([...before, ...after].flatMap(defined)),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

function defined(fact: { readonly state: LodgementState | undefined }): { readonly state: LodgementState }[] {
  return fact.state === undefined ? [] : [{ state: fact.state }];
}
