/** Damage is detected or does no harm; it is told apart from emptiness, and never written over. */
import { createHash } from 'node:crypto';
import { copyFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { Stop } from '../../src/model/stop.ts';
import {
  at,
  batchId,
  entryId,
  intent,
  intents,
  key,
  lodge,
  receipt,
  runOne,
} from '../conformance/ledger-samples.ts';
import { startHolder } from './children.ts';
import { inPlace, stopOf, type Place } from './places.ts';

/** A little of everything. */
function fill(ledger: Ledger): void {
  lodge(ledger, 12);
  ledger.record(
    [
      receipt(1, 'accepted', 'r1', { entryId: entryId(1) }),
      receipt(2, 'rejected', 'r2'),
      receipt(3, 'received', 'r3'),
    ],
    at(3),
  );
  ledger.intend(runOne, { id: batchId(2), pack: 'p', intents: [intent(2, 'corrected'), intent(40)] }, at(4));
  ledger.beginAttempt(batchId(2), at(4));
  ledger.endAttempt(batchId(2), 1, { at: at(5), how: 'cannot-know', detail: 'timeout' });
  ledger.markUnknown([key(2)], at(5));
  ledger.endRun(runOne, { endedAt: at(6), exit: 4, summary: '{"rows":26}' });
  ledger.setCursor('sandbox', 'c7');
}

const keys = [...intents(1, 12), intent(40), intent(99)].map((of) => of.key);

/** Everything that decides what is sent, as one text. */
function contentOf(ledger: Ledger): string {
  return JSON.stringify([
    [...ledger.find(keys)],
    ledger.openBatches(),
    [...ledger.counts()],
    ledger.inStates(['sending', 'unknown'], 100),
    [...ledger.entriesOfRun(runOne)],
    ledger.runs(10),
    ledger.cursor('sandbox'),
  ]);
}

async function filledLedger(place: Place): Promise<string> {
  const ledger = await place.open();
  fill(ledger);
  const content = contentOf(ledger);
  ledger.close();
  return content;
}

async function digestOfFile(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/** Small steps with a seed, so that a failure can be played again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What opening and reading the ledger leads to. */
async function readAgain(place: Place): Promise<string> {
  let ledger: Ledger | undefined;
  try {
    ledger = await place.open();
    return contentOf(ledger);
  } catch (error) {
    if (error instanceof Stop && error.exit === 74) return 'stopped';
    throw error;
  } finally {
    ledger?.close();
  }
}

/** A hundred where the program is changed on purpose, hundreds of times: `test/mutation`. */
const rounds = process.env['MUTATION_TESTS'] === undefined ? 1_000 : 100;

describe('a damaged ledger', () => {
  it('is recognised, or reads as if it were whole, whichever single byte is flipped', async () => {
    await inPlace(async (place) => {
      const content = await filledLedger(place);
      const whole = await readFile(place.file);
      const random = randomOf(20260105);
      const believed: number[] = [];
      let stopped = 0;
      for (let round = 0; round < rounds; round += 1) {
        const flipped = Buffer.from(whole);
        const offset = random(whole.length);
        flipped.writeUInt8(flipped.readUInt8(offset) ^ (1 << random(8)), offset);
        await writeFile(place.file, flipped);
        const read = await readAgain(place);
        if (read === 'stopped') stopped += 1;
        else if (read !== content) believed.push(offset);
        await rm(`${place.file}-wal`, { force: true });
        await rm(`${place.file}-shm`, { force: true });
        await rm(`${place.file}.guard`, { force: true });
      }
      expect(believed).toEqual([]);
      expect(stopped).toBeGreaterThan(rounds * 0.07);
    });
  }, 180_000);

  it.each([
    [
      'cut in half',
      async (file: string) => truncate(file, Math.floor((await stat(file)).size / 8192) * 4096),
      'ledger/damaged',
    ],
    ['cut to nothing', (file: string) => truncate(file, 0), 'ledger/emptied'],
    [
      'written over with text',
      (file: string) => writeFile(file, '客户资料\n'.repeat(5000)),
      'ledger/damaged',
    ],
    ['cut inside its first page', (file: string) => truncate(file, 1000), 'ledger/damaged'],
  ])('stops and stays as it is when it was %s', async (_how, damage, code) => {
    await inPlace(async (place) => {
      await filledLedger(place);
      await damage(place.file);
      const before = await digestOfFile(place.file);
      const stop = await stopOf(place.open);
      expect([stop?.code, stop?.exit]).toEqual([code, 74]);
      expect((await stopOf(() => openLedger({ mode: 'read', file: place.file })))?.code).toBe(code);
      expect(await digestOfFile(place.file)).toBe(before);
    });
  });

  it('is not mistaken for a ledger that was never there', async () => {
    await inPlace(async (place) => {
      await filledLedger(place);
      await rm(place.file);
      const stop = await stopOf(place.open);
      expect([stop?.code, stop?.exit]).toEqual(['ledger/missing', 74]);
      expect((await stopOf(() => openLedger({ mode: 'read', file: place.file })))?.code).toBe(
        'ledger/missing',
      );
    });
  });

  it('is told from a ledger that is simply not there yet', async () => {
    await inPlace(async (place) => {
      const stop = await stopOf(() => openLedger({ mode: 'read', file: place.file }));
      expect([stop?.code, stop?.exit]).toEqual(['ledger/not-found', 2]);
    });
  });

  it('is noticed when an older copy was put in its place', async () => {
    await inPlace(async (place) => {
      const first = await place.open();
      lodge(first);
      first.close();
      await copyFile(place.file, `${place.file}.old`);
      const second = await place.open();
      second.record([receipt(1, 'accepted', 'r1')], at(3));
      second.close();
      await copyFile(`${place.file}.old`, place.file);
      const stop = await stopOf(place.open);
      expect([stop?.code, stop?.exit, stop?.facts['lost']]).toEqual(['ledger/rolled-back', 74, 1]);
    });
  });

  it.each([
    ['is gone', async (wal: string) => rm(wal)],
    ['is cut short', async (wal: string) => truncate(wal, Math.floor((await stat(wal)).size / 2))],
    [
      'has a flipped byte',
      async (wal: string) => {
        const bytes = await readFile(wal);
        const offset = Math.floor(bytes.length / 2);
        bytes.writeUInt8(bytes.readUInt8(offset) ^ 4, offset);
        await writeFile(wal, bytes);
      },
    ],
  ])('is noticed when the log that a killed run left behind %s', async (_how, damage) => {
    await inPlace(async (place) => {
      const child = startHolder('intend', place.file);
      for (let line = await child.line(); line !== undefined; line = await child.line()) {
        if (line === '3') child.process.kill('SIGKILL');
      }
      await child.ended;
      await damage(`${place.file}-wal`);
      expect((await stopOf(place.open))?.code).toMatch(/^ledger\/(?:rolled-back|damaged)$/u);
    });
  });

  it('is never made of a file that is not ours', async () => {
    await inPlace(async (place) => {
      const other = new DatabaseSync(place.file);
      other.exec('CREATE TABLE notes (text TEXT)');
      other.close();
      const before = await digestOfFile(place.file);
      const stop = await stopOf(place.open);
      expect([stop?.code, stop?.exit]).toEqual(['ledger/not-a-ledger', 74]);
      expect(await digestOfFile(place.file)).toBe(before);
    });
  });

  it('is found where a row was changed behind our back', async () => {
    await inPlace(async (place) => {
      await filledLedger(place);
      const other = new DatabaseSync(place.file);
      other.exec(`UPDATE declarations SET state = 'rejected' WHERE state = 'accepted'`);
      other.close();
      const ledger = await place.open();
      expect((await stopOf(() => ledger.find([key(1)])))?.code).toBe('ledger/damaged');
      ledger.close();
    });
  });

  it('does not stop a ledger that was copied to another folder', async () => {
    await inPlace(async (place) => {
      const content = await filledLedger(place);
      await inPlace(async (elsewhere) => {
        await copyFile(place.file, elsewhere.file);
        const ledger = await elsewhere.open();
        expect(contentOf(ledger)).toBe(content);
        ledger.close();
      });
    });
  });
});
