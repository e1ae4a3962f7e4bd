/** A moved ledger: one that can send, one that is sealed, and never two. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { backupLedger, moveLedger, purgeLedger, verifyLedger } from '../../src/ledger/maintenance.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { Database } from '../../src/ledger/database.ts';
import { putSeal, readSeal } from '../../src/ledger/seal.ts';
import { at, intents, known, lodge, receipt, stateOf } from '../conformance/ledger-samples.ts';
import { inPlace, now, sandbox, stopOf, type Place } from './places.ts';

async function filled(place: Place): Promise<void> {
  const ledger = await place.open();
  lodge(ledger, 5);
  ledger.record([receipt(1, 'accepted', 'r1'), receipt(2, 'rejected', 'r2')], at(3));
  ledger.close();
}

function openAt(file: string): ReturnType<typeof openLedger> {
  return openLedger({ mode: 'write', file, window: sandbox, now });
}

function move(file: string, to: string, beside: readonly string[] = []): ReturnType<typeof moveLedger> {
  return moveLedger({ file, to, now, beside: () => beside });
}

/** In its place, a ledger; `to` is where it goes. */
async function inTwoPlaces(work: (place: Place, to: string) => Promise<void>): Promise<void> {
  await inPlace(async (place) => {
    await filled(place);
    await inPlace((elsewhere) => work(place, join(elsewhere.folder, '新 家', 'ledger.db')));
  });
}

describe('moving a ledger', () => {
  it('brings every declaration to the new place, where a run goes on with it', async () => {
    await inTwoPlaces(async (place, to) => {
      expect(await move(place.file, to)).toEqual({ from: place.file, to, beside: [] });
      expect((await verifyLedger(to)).findings).toEqual([]);
      const ledger = await openAt(to);
      expect(ledger.openBatches()[0]?.intents).toEqual(intents(1, 5));
      ledger.record([receipt(3, 'accepted', 'r3')], at(9));
      expect([1, 2, 3].map((number) => stateOf(ledger, number))).toEqual([
        'accepted',
        'rejected',
        'accepted',
      ]);
      ledger.close();
    });
  });

  it('seals what stays behind: it says where the ledger went and when, and can be read', async () => {
    await inTwoPlaces(async (place, to) => {
      await move(place.file, to);
      const stop = await stopOf(place.open);
      expect([stop?.code, stop?.exit, stop?.facts]).toEqual([
        'ledger/moved',
        2,
        { file: place.file, place: to, at: now().toISOString() },
      ]);
      const reader = await openLedger({ mode: 'read', file: place.file });
      expect(stateOf(reader, 1)).toBe('accepted');
      expect(reader.movedTo).toEqual({ place: to, at: now().toISOString() });
      reader.close();
      expect((await verifyLedger(place.file)).findings).toEqual([]);
    });
  });

  it('has sealed every copy of what stays behind too', async () => {
    await inTwoPlaces(async (place, to) => {
      await move(place.file, to);
      const copied = join(place.folder, 'copied.db');
      const backup = join(place.folder, 'backup.db');
      await copyFile(place.file, copied);
      await backupLedger(place.file, backup);
      for (const file of [copied, backup])
        expect((await stopOf(() => openAt(file)))?.code).toBe('ledger/moved');
    });
  });

  it('recognises a backup from before the move that was put back, and a sealed file that is gone', async () => {
    await inTwoPlaces(async (place, to) => {
      const backup = join(place.folder, 'backup.db');
      await backupLedger(place.file, backup);
      await move(place.file, to);
      await copyFile(backup, place.file);
      expect((await stopOf(place.open))?.code).toBe('ledger/rolled-back');
      await rm(place.file);
      expect((await stopOf(place.open))?.code).toBe('ledger/missing');
    });
  });

  it('takes it back to where it came from', async () => {
    await inTwoPlaces(async (place, to) => {
      await move(place.file, to);
      await move(to, place.file);
      const ledger = await place.open();
      expect(stateOf(ledger, 1)).toBe('accepted');
      ledger.close();
      expect((await stopOf(() => openAt(to)))?.code).toBe('ledger/moved');
    });
  });

  it('is done once, however often it is asked for', async () => {
    await inTwoPlaces(async (place, to) => {
      const first = await move(place.file, to);
      const ledger = await openAt(to);
      ledger.record([receipt(3, 'accepted', 'r3')], at(9));
      ledger.close();
      expect(await move(place.file, to)).toEqual(first);
      const again = await openAt(to);
      expect(stateOf(again, 3)).toBe('accepted');
      again.close();
    });
  });

  it('never goes to a second place, nor to one where something is', async () => {
    await inTwoPlaces(async (place, to) => {
      const taken = join(place.folder, 'taken');
      await writeFile(taken, 'mine');
      expect((await stopOf(() => move(place.file, taken)))?.exit).toBe(74);
      expect(await readFile(taken, 'utf8')).toBe('mine');
      expect((await stopOf(() => move(place.file, place.file)))?.code).toBe('ledger/move-place-taken');
      const other = join(place.folder, 'other.db');
      (await openAt(other)).close();
      expect((await stopOf(() => move(place.file, other)))?.code).toBe('ledger/move-place-taken');
      await move(place.file, to);
      expect((await stopOf(() => move(place.file, join(place.folder, 'third.db'))))?.code).toBe(
        'ledger/moved',
      );
      await rm(to);
      expect((await stopOf(() => move(place.file, to)))?.code).toBe('ledger/moved');
    });
  });

  it('lets nobody work with a copy that has not quite arrived, and goes on from there', async () => {
    await inTwoPlaces(async (place, to) => {
      await move(place.file, to);
      reseal(place.file, to);
      const stop = await stopOf(() => openAt(to));
      expect([stop?.code, stop?.exit, stop?.facts['place']]).toEqual(['ledger/moving', 2, to]);
      expect((await stopOf(place.open))?.code).toBe('ledger/moved');
      await move(place.file, to);
      (await openAt(to)).close();
    });
  });

  it('takes along what is one memory with it, there and back', async () => {
    await inTwoPlaces(async (place, to) => {
      const journal = join(place.folder, 'cn-client-1.db');
      remember(journal, 'D1');
      const { beside } = await move(place.file, to, [journal]);
      expect(beside).toEqual([join(dirname(to), 'cn-client-1.db')]);
      remember(known(beside[0]), 'D2');
      expect((await move(to, place.file, beside)).beside).toEqual([journal]);
      expect(remembered(journal)).toEqual(['D1', 'D2']);
    });
  });

  it('gives what a backup brought along its usual name again', async () => {
    await inTwoPlaces(async (place, to) => {
      const journal = `${place.file}.cn-client-1.db`;
      remember(journal, 'D1');
      const { beside } = await move(place.file, to, [journal]);
      expect(beside).toEqual([join(dirname(to), 'cn-client-1.db')]);
      expect(remembered(known(beside[0]))).toEqual(['D1']);
    });
  });

  it('leaves what is one memory with it where it is, when only the name of the ledger is another', async () => {
    await inTwoPlaces(async (place) => {
      const journal = join(place.folder, 'cn-client-1.db');
      remember(journal, 'D1');
      const { beside } = await move(place.file, join(place.folder, '新.db'), [journal]);
      expect([beside, remembered(journal)]).toEqual([[journal], ['D1']]);
    });
  });

  it('is refused where another memory lies, and the ledger works on where it is', async () => {
    await inTwoPlaces(async (place, to) => {
      const journal = join(place.folder, 'cn-client-1.db');
      remember(journal, 'D1');
      const another = join(dirname(to), 'cn-client-1.db');
      await mkdir(dirname(to), { recursive: true });
      remember(another, 'X');
      expect((await stopOf(() => move(place.file, to, [journal])))?.code).toBe('ledger/move-place-taken');
      expect(remembered(another)).toEqual(['X']);
      const ledger = await place.open();
      expect(stateOf(ledger, 1)).toBe('accepted');
      ledger.close();
      expect(existsSync(to)).toBe(false);
    });
  });

  it('takes no notice of what an interrupted move left at the new place', async () => {
    await inTwoPlaces(async (place, to) => {
      await mkdir(dirname(to), { recursive: true });
      for (const end of ['.moving', '.moving-wal', '.moving-shm', '-wal', '-shm'])
        await writeFile(`${to}${end}`, 'half');
      await move(place.file, to);
      const ledger = await openAt(to);
      expect(stateOf(ledger, 1)).toBe('accepted');
      ledger.close();
      expect((await verifyLedger(to)).findings).toEqual([]);
    });
  });

  it('forgets what was declared in the sealed file when it is purged, and stays sealed', async () => {
    await inTwoPlaces(async (place, to) => {
      const ledger = await place.open();
      ledger.record(
        [3, 4, 5].map((number) => receipt(number, 'rejected', 'r')),
        at(3),
      );
      ledger.close();
      await move(place.file, to);
      const { declarations } = await purgeLedger({ file: place.file, olderThan: new Date(at(60)), now });
      expect(declarations).toBe(5);
      expect((await stopOf(place.open))?.code).toBe('ledger/moved');
      expect((await verifyLedger(place.file)).findings).toEqual([]);
    });
  });

  it.skipIf(process.platform === 'win32')('keeps it from others', async () => {
    await inTwoPlaces(async (place, to) => {
      await move(place.file, to);
      expect((await stat(to)).mode & 0o077).toBe(0);
    });
  });

  it('refuses while a run works with the ledger', async () => {
    await inTwoPlaces(async (place, to) => {
      const ledger = await place.open();
      expect((await stopOf(() => move(place.file, to)))?.exit).toBe(11);
      expect(stateOf(ledger, 1)).toBe('accepted');
      ledger.close();
    });
  });
});

/** A memory beside the ledger, with one thing more in it. */
function remember(file: string, stem: string): void {
  const db = new DatabaseSync(file);
  db.exec('CREATE TABLE IF NOT EXISTS sent (stem TEXT)');
  db.prepare('INSERT INTO sent VALUES (?)').run(stem);
  db.close();
}

function remembered(file: string): readonly unknown[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const stems = db.prepare('SELECT stem FROM sent ORDER BY rowid').all();
  db.close();
  return stems.map(({ stem }) => stem);
}

/** As a crash leaves the copy between the two last steps. */
function reseal(from: string, to: string): void {
  const old = new Database(from, { readOnly: true });
  const seal = known(readSeal(old));
  old.close();
  const copy = new Database(to);
  copy.transaction(() => putSeal(copy, { ...seal, phase: 'moving' }));
  copy.close();
}
