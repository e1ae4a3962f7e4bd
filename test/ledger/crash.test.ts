/** Whatever kills the process: what the ledger acknowledged is there, and nothing is there by halves. */
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { verifyLedger } from '../../src/ledger/maintenance.ts';
import { batchId, intents, known } from '../conformance/ledger-samples.ts';
import { startHolder } from './children.ts';
import { inPlace } from './places.ts';

describe('a ledger whose process is killed', () => {
  it.each([1, 7, 40])(
    'holds every acknowledged batch whole, and at most one more (killed after %i)',
    async (after) => {
      await inPlace(async (place) => {
        const child = startHolder('intend', place.file);
        let acknowledged = 0;
        expect(await child.line()).toBe('open');
        for (let line = await child.line(); line !== undefined; line = await child.line()) {
          acknowledged = Number(line);
          if (acknowledged === after) child.process.kill('SIGKILL');
        }
        await child.ended;
        expect(acknowledged).toBeGreaterThanOrEqual(after);
        const ledger = await place.open();
        const open = ledger.openBatches();
        expect(open.length === acknowledged || open.length === acknowledged + 1).toBe(true);
        for (const [index, batch] of open.entries()) {
          expect(batch.id).toBe(batchId(index + 1));
          expect(batch.intents).toEqual(intents((index + 1) * 10, 7));
        }
        ledger.close();
        expect((await verifyLedger(place.file)).findings).toEqual([]);
      });
    },
  );

  it('can be read as it is, before any run has put it in order', async () => {
    await inPlace(async (place) => {
      const child = startHolder('intend', place.file);
      expect(await child.line()).toBe('open');
      known(await child.line());
      child.process.kill('SIGKILL');
      await child.ended;
      const reader = await openLedger({ mode: 'read', file: place.file });
      expect(reader.openBatches()[0]?.intents).toEqual(intents(10, 7));
      reader.close();
    });
  });
});
