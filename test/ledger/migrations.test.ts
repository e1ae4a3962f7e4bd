/** Ledgers of every earlier schema version are brought up to date without loss. */
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { Database } from '../../src/ledger/database.ts';
import { checkIdentity, checkSchema } from '../../src/ledger/health.ts';
import { verifyLedger } from '../../src/ledger/maintenance.ts';
import { migrate, migrations, schemaVersion, type Migrations } from '../../src/ledger/migrations.ts';
import { entryId, intent, key, known } from '../conformance/ledger-samples.ts';
import { clientSeqNoOf } from '../../src/model/ids.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { inPlace, stopOf } from './places.ts';

/** A ledger as that version wrote it. */
async function restore(version: number, file: string): Promise<void> {
  const db = new DatabaseSync(file);
  db.exec(await readFile(new URL(`fixtures/version-${version}.sql`, import.meta.url), 'utf8'));
  db.close();
}

const nextVersion: Migrations = [
  ...migrations,
  'ALTER TABLE runs ADD COLUMN clerk TEXT; CREATE TABLE seals (id INTEGER PRIMARY KEY) STRICT;',
];
const brokenVersion: Migrations = [
  ...migrations,
  'CREATE TABLE seals (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1);',
];

describe('the schema of a ledger', () => {
  it.each(migrations.map((_, index) => index + 1))(
    'of version %i is opened with all that it holds',
    async (version) => {
      await inPlace(async (place) => {
        await restore(version, place.file);
        const ledger = await place.open();
        const found = ledger.find([1, 2, 3, 4, 40].map(key));
        expect([...found.values()].map(({ state }) => state)).toEqual([
          'accepted',
          'sending',
          'received',
          'unknown',
          'sending',
        ]);
        expect(known(found.get(key(1))).entryId).toBe(entryId(1));
        expect(ledger.openBatches().map(({ intents }) => intents.length)).toEqual([40, 1]);
        expect(ledger.openBatches()[1]?.intents).toEqual([intent(2, 'corrected')]);
        expect([ledger.cursor('sandbox'), ledger.runs(1)[0]?.exit]).toEqual(['c7', 4]);
        ledger.close();
        expect((await verifyLedger(place.file)).findings).toEqual([]);
      });
    },
  );

  it.each(migrations.map((_, index) => index + 1))(
    'of version %i can be looked at as it is, without what later versions hold',
    async (version) => {
      await inPlace(async (place) => {
        await restore(version, place.file);
        const ledger = await openLedger({ mode: 'read', file: place.file });
        const entry = known(ledger.find([key(1)]).get(key(1)));
        const number = clientSeqNoOf(key(1));
        expect([entry.state, entry.clientSeqNo]).toEqual(['accepted', number]);
        expect([...ledger.holdersOf([number])]).toEqual(version < 5 ? [] : [[number, key(1)]]);
        expect([...ledger.ofShipments(['s'])]).toEqual([['s', []]]);
        const [run] = ledger.runs(1);
        expect([...ledger.resultsOf(known(run).run)]).toEqual(version < 3 ? [] : ['{"n":1}']);
        const { intents } = known(ledger.openBatches()[1]);
        expect(intents).toEqual([intent(2, 'corrected')]);
        ledger.close();
        const db = new DatabaseSync(place.file);
        expect(db.prepare('PRAGMA user_version').get()?.['user_version']).toBe(version);
        db.close();
      });
    },
  );

  it('is brought to a later version step by step, and then is what that version makes afresh', async () => {
    await inPlace(async (place) => {
      await restore(1, place.file);
      const db = new Database(place.file);
      migrate(db, nextVersion);
      checkSchema(db, nextVersion);
      expect(schemaVersion(db)).toBe(nextVersion.length);
      expect(db.prepare('SELECT count(*) AS number FROM declarations').get()?.['number']).toBe(40);
      db.close();
    });
  });

  it('stays at the earlier version when a step fails', async () => {
    await inPlace(async (place) => {
      await restore(1, place.file);
      const db = new Database(place.file);
      expect(() => migrate(db, brokenVersion)).toThrow(/nowhere/u);
      checkSchema(db);
      expect(schemaVersion(db)).toBe(migrations.length);
      db.close();
    });
  });

  it('gives no new sum to a row that was damaged in an earlier version', async () => {
    await inPlace(async (place) => {
      await restore(4, place.file);
      const db = new DatabaseSync(place.file);
      db.exec("UPDATE declarations SET state = 'prepared' WHERE id = 4");
      db.close();
      expect((await stopOf(place.open))?.code).toBe('ledger/damaged');
      const after = new DatabaseSync(place.file);
      expect(after.prepare('PRAGMA user_version').get()?.['user_version']).toBe(4);
      after.close();
    });
  });

  it('is refused where it is newer than this program, and left as it is', async () => {
    await inPlace(async (place) => {
      await restore(1, place.file);
      const db = new Database(place.file);
      migrate(db, nextVersion);
      const stop = await stopOf(() => checkIdentity(db));
      expect([stop?.code, stop?.exit, stop?.facts['version']]).toEqual([
        'ledger/newer',
        74,
        nextVersion.length,
      ]);
      db.close();
      expect((await stopOf(place.open))?.code).toBe('ledger/newer');
    });
  });

  it('is refused where a table is not as we make it', async () => {
    await inPlace(async (place) => {
      await restore(1, place.file);
      const db = new DatabaseSync(place.file);
      db.exec('DROP INDEX declarations_by_state');
      db.close();
      expect((await stopOf(place.open))?.code).toBe('ledger/damaged');
    });
  });
});
