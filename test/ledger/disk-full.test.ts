/** A full disk stops the run before the next request, and costs nothing that was acknowledged. */
import { describe, expect, it } from 'vitest';
import { openFileForWriting } from '../../src/ledger/open-file.ts';
import { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { at, batchId, intents, key, lodge, receipt, runOne, stateOf } from '../conformance/ledger-samples.ts';
import { inPlace, now, sandbox, stopOf } from './places.ts';

describe('a ledger on a full disk', () => {
  it('stops with exit 74 and keeps every acknowledged batch', async () => {
    await inPlace(async (place) => {
      const opened = await openFileForWriting({ file: place.file, window: sandbox, now });
      const ledger = new SqliteLedger(opened);
      lodge(ledger, 3);
      opened.db.exec(`PRAGMA max_page_count=${Number(opened.db.pragma('page_count')) + 12}`);
      let acknowledged = 1;
      const stop = await stopOf(() => {
        for (let batch = 2; batch < 1000; batch += 1) {
          ledger.intend(runOne, { id: batchId(batch), pack: 'p', intents: intents(batch * 100, 50) }, at(2));
          acknowledged = batch;
        }
      });
      expect([stop?.code, stop?.exit]).toEqual(['ledger/disk-full', 74]);
      ledger.close();
      const again = await place.open();
      expect(again.openBatches()).toHaveLength(acknowledged);
      again.close();
    });
  });

  it('takes nothing more after the first failure, however small', async () => {
    await inPlace(async (place) => {
      const opened = await openFileForWriting({ file: place.file, window: sandbox, now });
      const ledger = new SqliteLedger(opened);
      lodge(ledger, 3);
      opened.db.exec('PRAGMA max_page_count=1');
      await stopOf(() =>
        ledger.intend(runOne, { id: batchId(2), pack: 'p', intents: intents(100, 400) }, at(2)),
      );
      opened.db.exec('PRAGMA max_page_count=100000');
      expect((await stopOf(() => ledger.record([receipt(1, 'accepted', 'r')], at(3))))?.code).toBe(
        'ledger/disk-full',
      );
      expect(stateOf(ledger, 1)).toBe('sending');
      ledger.close();
    });
  });

  it('goes on with the same command once there is room', async () => {
    await inPlace(async (place) => {
      const opened = await openFileForWriting({ file: place.file, window: sandbox, now });
      const ledger = new SqliteLedger(opened);
      lodge(ledger, 3);
      opened.db.exec('PRAGMA max_page_count=1');
      await stopOf(() =>
        ledger.intend(runOne, { id: batchId(2), pack: 'p', intents: intents(100, 400) }, at(2)),
      );
      ledger.close();
      const again = await place.open();
      again.intend(runOne, { id: batchId(2), pack: 'p', intents: intents(100, 400) }, at(2));
      expect(again.find([key(499)]).size).toBe(1);
      again.close();
    });
  });
});
