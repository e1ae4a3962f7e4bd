/** A ledger of many declarations finds each of them. */
import { describe, expect, it } from 'vitest';
import {
  at,
  batchId,
  intent,
  intents,
  key,
  lodge,
  receipt,
  runOne,
  runStart,
} from '../conformance/ledger-samples.ts';
import { inPlace } from './places.ts';

describe('a ledger of 100,000 declarations', () => {
  it('finds every one by its key, and no other', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      ledger.beginRun(runStart());
      for (let batch = 0; batch < 100; batch += 1) {
        const id = batchId(batch);
        ledger.intend(
          runOne,
          { id, pack: 'p', intents: intents(batch * 1000, 1000).map((of) => ({ ...of, filled: [] })) },
          at(1),
        );
      }
      let found = 0;
      for (let number = 3; number < 100_000; number += 41) {
        const entry = ledger.find([key(number)]).get(key(number));
        if (entry?.digest === intent(number).digest && entry.batch === batchId(Math.floor(number / 1000)))
          found += 1;
      }
      expect(found).toBe(Math.ceil((100_000 - 3) / 41));
      expect(ledger.find(intents(100_000, 500).map((of) => of.key)).size).toBe(0);
      ledger.close();
    });
  }, 120_000);
});

describe('going through the declarations of some states', () => {
  it('gives all of them, oldest first, as the listing does', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      lodge(ledger, 1_203);
      const answered = Array.from({ length: 1_203 }, (_, index) => index + 1).filter(
        (number) => number % 3 > 0,
      );
      ledger.record(
        answered.map((number) => receipt(number, number % 3 === 1 ? 'held' : 'rejected', `r${number}`)),
        at(3),
      );
      const states = ['rejected', 'held', 'held', 'released'] as const;
      expect([...ledger.eachInStates(states)]).toEqual(ledger.inStates(states, 10_000));
      expect([...ledger.eachInStates(states)]).toHaveLength(answered.length);
      ledger.close();
    });
  }, 60_000);
});
