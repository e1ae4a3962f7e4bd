/** What is written of the life of declarations, looked at in the tables themselves. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Intent } from '../../src/ledger/ledger.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import {
  at,
  batchId,
  entryId,
  intent,
  key,
  known,
  lodge,
  receipt,
  runOne,
  runStart,
  runTwo,
  stateOf,
} from '../conformance/ledger-samples.ts';
import { purgeLedger } from '../../src/ledger/purge.ts';
import { inPlace, now, type Place } from './places.ts';

async function inLedger(work: (ledger: SqliteLedger, place: Place) => void): Promise<void> {
  await inPlace(async (place) => {
    const ledger = await place.open();
    try {
      work(ledger, place);
    } finally {
      ledger.close();
    }
  });
}

function rows({ file }: Place, sql: string): readonly unknown[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const found = db.prepare(sql).all();
  db.close();
  return found.map((row) => Object.values(row));
}

const intend = (ledger: SqliteLedger, batch: number, of: readonly Intent[]): void =>
  ledger.intend(runOne, { id: batchId(batch), pack: 'p', intents: of }, at(10));
const entry = (ledger: SqliteLedger, number: number) => known(ledger.find([key(number)]).get(key(number)));
const filled = [{ place: { segment: 'DecHead', tag: 'CutMode' }, value: '102', rule: 'R014' }] as const;

describe('intended', () => {
  it('are versions of one declaration, numbered from 1, each in its place of its batch', async () => {
    await inLedger((ledger, place) => {
      lodge(ledger, 2);
      ledger.record([receipt(2, 'rejected', 'r1')], at(3));
      intend(ledger, 2, [intent(3), intent(2, 'new')]);
      expect(
        rows(place, 'SELECT declaration, number, batch, position FROM versions ORDER BY batch, position'),
      ).toEqual([
        [1, 1, 1, 0],
        [2, 1, 1, 1],
        [3, 1, 2, 0],
        [2, 2, 2, 1],
      ]);
    });
  });

  it('is nothing without a declaration, and the ledger is as it was', async () => {
    await inLedger((ledger, place) => {
      ledger.beginRun(runStart());
      expect(() => intend(ledger, 1, [])).toThrow('a batch holds at least one declaration');
      expect(rows(place, 'SELECT count(*) FROM batches')).toEqual([[0]]);
    });
  });

  it.each([
    ['the same again', { ...intent(1) }, 1],
    ['with other content', intent(1, 'new'), 2],
    ['with other values filled in', { ...intent(1), filled }, 2],
  ])('%s, the text is stored as often as it is new', async (_, again, bodies) => {
    await inLedger((ledger, place) => {
      lodge(ledger);
      ledger.release([key(1)], at(3));
      intend(ledger, 2, [again]);
      expect(rows(place, 'SELECT count(*) FROM bodies')).toEqual([[bodies]]);
      expect(ledger.openBatches().map(({ intents }) => intents)).toEqual([[again]]);
      expect(ledger.bodyOf(key(1))).toBe(again.body);
    });
  });

  it('again after its text was purged, the text is stored anew', async () => {
    await inPlace(async (place) => {
      const first = await place.open();
      lodge(first);
      first.record([receipt(1, 'rejected', 'r1')], at(3));
      first.close();
      await purgeLedger({ file: place.file, olderThan: new Date(Date.UTC(2030, 0, 1)), now });
      const ledger = await place.open();
      intend(ledger, 2, [intent(1)]);
      expect(ledger.openBatches()[0]?.intents).toEqual([intent(1)]);
      ledger.close();
    });
  });

  it('with a shipment, it is found by it, in the order of lodging', async () => {
    await inLedger((ledger) => {
      ledger.beginRun(runStart());
      const of = (number: number, shipment: string) => ({ ...intent(number), shipment });
      intend(ledger, 1, [of(2, 's1'), of(1, 's1'), of(3, 's2'), intent(4)]);
      ledger.release([key(2)], at(11));
      intend(ledger, 2, [of(2, 's1')]);
      expect([...ledger.ofShipments(['s1', 's2', 's3'])]).toEqual([
        ['s1', [key(2), key(1)]],
        ['s2', [key(3)]],
        ['s3', []],
      ]);
    });
  });
});

describe('attempts', () => {
  it('end each for itself, with what is known', async () => {
    await inLedger((ledger, place) => {
      lodge(ledger);
      expect(ledger.beginAttempt(batchId(1), at(4), at(64))).toBe(2);
      ledger.endAttempt(batchId(1), 2, { at: at(5), how: 'answered' });
      expect(
        rows(place, 'SELECT number, ended_at, how, detail, server_at FROM attempts ORDER BY number'),
      ).toEqual([
        [1, null, null, null, null],
        [2, at(5), 'answered', null, at(64)],
      ]);
      ledger.endAttempt(batchId(1), 1, { at: at(6), how: 'not-sent', detail: 'throttled' });
      expect(rows(place, 'SELECT ended_at, how, detail FROM attempts WHERE number = 1')).toEqual([
        [at(6), 'not-sent', 'throttled'],
      ]);
    });
  });

  it('are of a batch that was intended, and end where they began', async () => {
    await inLedger((ledger) => {
      lodge(ledger);
      const end = { at: at(5), how: 'answered' } as const;
      expect(() => ledger.beginAttempt(batchId(7), at(4))).toThrow(`no batch ${batchId(7)} was intended`);
      expect(() => ledger.endAttempt(batchId(7), 1, end)).toThrow(`no batch ${batchId(7)} was intended`);
      expect(() => ledger.endAttempt(batchId(1), 2, end)).toThrow('was never begun');
      expect(() => ledger.endAttempt(batchId(1), 2, end)).toThrow(`attempt 2 of batch ${batchId(1)}`);
    });
  });
});

describe('a word of the window', () => {
  it('about what was never ours is kept as it is, and changes nothing', async () => {
    await inLedger((ledger) => {
      lodge(ledger);
      const strange = [
        receipt(9, 'accepted', 'r9', { text: '审结' }),
        receipt(1, 'accepted', 'r2', { digest: intent(5).digest }),
      ];
      ledger.record(strange, at(3));
      expect([stateOf(ledger, 1), entry(ledger, 1).receipts]).toEqual(['sending', []]);
      expect(new Set(ledger.strayReceipts(10))).toEqual(new Set(strange));
      expect(ledger.strayReceipts(1)).toHaveLength(1);
    });
  });

  it('about a content that was replaced is kept with it, and counts only as acceptance or end', async () => {
    await inLedger((ledger) => {
      lodge(ledger);
      ledger.record([receipt(1, 'rejected', 'r1')], at(3));
      intend(ledger, 2, [intent(1, 'new')]);
      const { digest } = intent(1);
      const said = (state: 'received' | 'held' | 'cancelled' | undefined, id: string) =>
        receipt(1, state, id, { digest });
      ledger.record([said('received', 'r2'), said(undefined, 'r3')], at(11));
      expect([stateOf(ledger, 1), entry(ledger, 1).receipts, entry(ledger, 1).changedAt]).toEqual([
        'sending',
        [],
        at(10),
      ]);
      ledger.record([said('held', 'r4')], at(12));
      expect([stateOf(ledger, 1), entry(ledger, 1).receipts.length]).toEqual(['held', 1]);
      ledger.record([said('cancelled', 'r5')], at(13));
      expect([stateOf(ledger, 1), entry(ledger, 1).receipts.length]).toEqual(['cancelled', 2]);
    });
  });

  it('is told with the version it speaks of, when it was stored, and whether it counts', async () => {
    await inLedger((ledger) => {
      lodge(ledger);
      const first = receipt(1, 'rejected', 'r1', { text: '退单' });
      ledger.record([first, receipt(8, 'accepted', 'r8')], at(3));
      intend(ledger, 2, [intent(1, 'new')]);
      const second = receipt(1, 'received', 'r2');
      ledger.record([second], at(12));
      expect(ledger.receiptsOf(key(1))).toEqual([
        { version: 1, recordedAt: at(3), counts: false, receipt: first },
        { version: 2, recordedAt: at(12), counts: true, receipt: second },
      ]);
      expect([ledger.receiptsOf(key(8)), ledger.countStrayReceipts()]).toEqual([[], 1]);
    });
  });

  it('dates a change only where the state changed', async () => {
    await inLedger((ledger) => {
      lodge(ledger);
      ledger.record([receipt(1, 'accepted', 'r1')], at(3));
      ledger.record([receipt(1, 'accepted', 'r2', { entryId: entryId(5) })], at(4));
      expect([entry(ledger, 1).entryId, entry(ledger, 1).changedAt]).toEqual([entryId(5), at(3)]);
      ledger.record([receipt(1, 'released', 'r3', { entryId: entryId(2) })], at(6));
      expect([entry(ledger, 1).entryId, entry(ledger, 1).changedAt]).toEqual([entryId(2), at(6)]);
      ledger.record([receipt(1, 'released', 'r4', { entryId: entryId(9) })], at(7));
      expect([entry(ledger, 1).entryId, entry(ledger, 1).changedAt]).toEqual([entryId(2), at(6)]);
    });
  });
});

describe('free again', () => {
  it('is what is on its way, unknown, or free already', async () => {
    await inLedger((ledger) => {
      lodge(ledger, 2);
      ledger.markUnknown([key(2)], at(3));
      expect(entry(ledger, 2).changedAt).toBe(at(3));
      ledger.release([key(1), key(2)], at(4));
      ledger.release([key(1), key(2)], at(5));
      expect([1, 2].map((number) => [entry(ledger, number).state, entry(ledger, number).changedAt])).toEqual([
        ['prepared', at(4)],
        ['prepared', at(4)],
      ]);
    });
  });

  it('is nothing that the ledger does not hold', async () => {
    await inLedger((ledger) => {
      lodge(ledger);
      const missing = 'the ledger does not hold this declaration';
      expect(() => ledger.release([key(7)], at(4))).toThrow(missing);
      expect(() => ledger.markUnknown([key(7)], at(4))).toThrow(missing);
    });
  });
});

describe('asked about nothing, or about what is not there, the ledger', () => {
  it('writes nothing', async () => {
    await inLedger((ledger, place) => {
      lodge(ledger);
      const before = rows(place, 'SELECT generation FROM meta');
      ledger.record([], at(4));
      ledger.markUnknown([], at(4));
      ledger.release([], at(4));
      expect(rows(place, 'SELECT generation FROM meta')).toEqual(before);
    });
  });

  it('gives nothing', async () => {
    await inLedger((ledger) => {
      lodge(ledger);
      expect([...ledger.resultsOf(runTwo)]).toEqual([]);
      expect([...ledger.entriesOfRun(runTwo)]).toEqual([]);
      expect(ledger.bodyOf(key(7))).toBeUndefined();
      expect(ledger.cursor('nobody')).toBe('');
      expect(ledger.find([key(7)]).size).toBe(0);
      expect(Object.keys(entry(ledger, 1))).not.toContain('entryId');
    });
  });

  it('may be closed twice', async () => {
    await inLedger((ledger) => {
      ledger.close();
      expect(() => ledger.close()).not.toThrow();
    });
  });
});
