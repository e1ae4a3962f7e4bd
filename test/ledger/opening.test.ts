/** What opening a ledger tells, proves and leaves alone. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { Database } from '../../src/ledger/database.ts';
import { guardFileOf, readGuard } from '../../src/ledger/guard.ts';
import { openFileForWriting } from '../../src/ledger/open-file.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { lodge, runOne, runStart } from '../conformance/ledger-samples.ts';
import { inPlace, now, sandbox, stopOf, type Place } from './places.ts';

async function makeLedger(place: Place): Promise<void> {
  const ledger = await place.open();
  lodge(ledger);
  ledger.close();
}

describe('who works with a ledger', () => {
  it('is told to the next: which command, then which run, and nobody once it is closed', async () => {
    await inPlace(async (place) => {
      const { file } = place;
      const ledger = await openLedger({ mode: 'write', file, window: sandbox, now, command: 'watch' });
      const held = { file, pid: process.pid, host: hostname(), since: now().toISOString() };
      expect((await stopOf(place.open))?.facts).toEqual({ ...held, command: 'watch', run: '?' });
      ledger.beginRun(runStart());
      expect((await stopOf(place.open))?.facts).toEqual({ ...held, command: 'import', run: runOne });
      ledger.close();
      expect(readGuard(file)).toEqual({ ledger: expect.any(String), generation: 1 });
    });
  });
});

describe('a run that was killed, or works on another machine that the ledger was copied from', () => {
  const dead = { pid: 4_000_000, host: 'the-other-machine', since: '2026-01-05T00:00:00.000Z' };
  const leaveMark = async ({ file }: Place): Promise<void> => {
    const mark = readGuard(file);
    const holder = { ...dead, command: 'import', run: runOne };
    await writeFile(guardFileOf(file), JSON.stringify({ ...mark, holder }).padEnd(511) + '\n');
  };

  it('is not told as the holder while the next one still proves the ledger', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await leaveMark(place);
      const shown: (string | undefined)[] = [];
      const { file } = place;
      const opened = await openFileForWriting({
        file,
        window: sandbox,
        now,
        // Asked for while the ledger is proved.
        get evenSealed() {
          shown.push(readGuard(file)?.holder?.host);
          return false;
        },
      });
      expect(shown).toEqual([hostname()]);
      opened.close();
    });
  });

  it('is forgotten also where the ledger is refused', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await leaveMark(place);
      const mark = readGuard(place.file);
      const other = { ...sandbox, name: 'another' };
      const stop = await stopOf(() => openLedger({ mode: 'write', file: place.file, window: other, now }));
      expect(stop?.code).toBe('ledger/other-window');
      expect(readGuard(place.file)).toEqual({ ledger: mark?.ledger, generation: mark?.generation });
    });
  });
});

describe('each opening', () => {
  it.each([false, true])(
    'sets what keeps a commit through a power cut, whatever was set before (read only: %s)',
    async (readOnly) => {
      await inPlace(async (place) => {
        await makeLedger(place);
        const db = new Database(place.file, { readOnly });
        db.exec('PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA fullfsync=OFF');
        db.configure({ readOnly });
        const kept = [
          'synchronous',
          'foreign_keys',
          'fullfsync',
          'checkpoint_fullfsync',
          'journal_mode',
          'mmap_size',
        ];
        expect(kept.map((name) => db.pragma(name))).toEqual([2, 1, 1, 1, 'wal', 0]);
        db.close();
      });
    },
  );
});

describe('a ledger that is looked at', () => {
  const look = (place: Place) => openLedger({ mode: 'read', file: place.file });

  it('is not changed by it, and cannot be', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      const before = await readFile(place.file);
      const ledger = await look(place);
      expect((await stopOf(() => ledger.setCursor('sandbox', 'c1')))?.code).toBe('ledger/read-only');
      ledger.close();
      expect((await readFile(place.file)).equals(before)).toBe(true);
    });
  });

  it.each([
    ['of another program', 'PRAGMA application_id = 7', 'ledger/not-a-ledger'],
    ['without one of its indexes', 'DROP INDEX declarations_by_state', 'ledger/damaged'],
    ['of a version to come', 'PRAGMA user_version = 99', 'ledger/newer'],
    ['of no version', 'PRAGMA user_version = 0', 'ledger/damaged'],
  ])('is refused where it is %s', async (_, sql, code) => {
    await inPlace(async (place) => {
      await makeLedger(place);
      const db = new DatabaseSync(place.file);
      db.exec(sql);
      db.close();
      expect((await stopOf(() => look(place)))?.code).toBe(code);
      expect((await stopOf(place.open))?.code).toBe(code);
    });
  });

  it.each([
    ['of another window', { ...sandbox, name: 'single-window' }, 'ledger/other-window'],
    ['of its window', sandbox, undefined],
  ])('for a command %s', async (_, window, code) => {
    await inPlace(async (place) => {
      await makeLedger(place);
      const stop = await stopOf(async () =>
        (await openLedger({ mode: 'read', file: place.file, window })).close(),
      );
      expect(stop?.code).toBe(code);
    });
  });
});

describe('where there is no ledger', () => {
  it('those who only care for one make none', async () => {
    await inPlace(async ({ folder, file }) => {
      const stop = await stopOf(() => openFileForWriting({ file, now }));
      expect([stop?.code, stop?.exit, stop?.facts]).toEqual(['ledger/not-found', 2, { file }]);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it('but was one, it is missed by those who care for it, and nobody makes a new one', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await rm(place.file);
      const { file } = place;
      const facts = { file, guard: guardFileOf(file), commits: 3 };
      for (const open of [place.open, () => openFileForWriting({ file, now })])
        expect((await stopOf(open))?.facts).toEqual(facts);
      expect(existsSync(file)).toBe(false);
    });
  });

  it('but an empty file, it is told as emptied to everybody', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await truncate(place.file);
      const { file } = place;
      for (const open of [place.open, () => openLedger({ mode: 'read', file })]) {
        const stop = await stopOf(open);
        expect([stop?.code, stop?.exit, stop?.facts]).toEqual(['ledger/emptied', 74, { file }]);
      }
    });
  });
});
