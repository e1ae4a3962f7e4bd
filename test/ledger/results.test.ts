/** What became of the rows of a run, kept in the ledger. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/ledger/maintenance.ts';
import { purgeLedger } from '../../src/ledger/purge.ts';
import { at, runOne, runStart } from '../conformance/ledger-samples.ts';
import { inPlace, now, stopOf } from './places.ts';

const long = '{"n":1}\n'.repeat(200);

describe('kept results', () => {
  it('come back in their order, and only those of the run', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      ledger.beginRun(runStart());
      ledger.keepResults(runOne, 'a');
      ledger.keepResults(runOne, long);
      expect([...ledger.resultsOf(runOne)]).toEqual(['a', long]);
      ledger.close();
      expect((await verifyLedger(place.file)).findings).toEqual([]);
    });
  });

  it('are found damaged where a byte was changed, or a stretch is missing', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      ledger.beginRun(runStart());
      for (const text of ['a', 'b', 'c']) ledger.keepResults(runOne, text);
      ledger.close();
      for (const harm of [
        "UPDATE run_results SET content = 'x' WHERE position = 1",
        'DELETE FROM run_results WHERE position = 1',
      ]) {
        const db = new DatabaseSync(place.file);
        db.exec(harm);
        db.close();
        const opened = await place.open();
        expect((await stopOf(() => [...opened.resultsOf(runOne)]))?.code).toBe('ledger/damaged');
        opened.close();
      }
    });
  });

  it('are purged with the summary of their run', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      ledger.beginRun(runStart());
      ledger.keepResults(runOne, 'a');
      ledger.endRun(runOne, { endedAt: at(6), exit: 0, summary: '{}' });
      ledger.close();
      await purgeLedger({ file: place.file, olderThan: new Date(Date.UTC(2030, 0, 1)), now });
      const opened = await place.open();
      expect([...opened.resultsOf(runOne)]).toEqual([]);
      opened.close();
    });
  });
});
