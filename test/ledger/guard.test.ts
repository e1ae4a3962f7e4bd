/** The file beside the ledger: what it says is believed only where it is whole, and it is never in the way. */
import { readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { platform } from 'node:process';
import { describe, expect, it, test } from 'vitest';
import { Guard, guardFileOf, readGuard } from '../../src/ledger/guard.ts';
import { inPlace, now, stopOf } from './places.ts';

const holder = { pid: 7, host: 'h', since: '2026-01-05T08:00:00.000Z', command: 'import', run: 'r' };
const mark = { ledger: 'l', generation: 3, holder };

async function inGuard(work: (ledger: string) => Promise<void>): Promise<void> {
  await inPlace(({ folder }) => work(`${folder}/ledger.sqlite`));
}

async function written(...marks: readonly Parameters<Guard['write']>[0][]): Promise<unknown> {
  let read: unknown;
  await inGuard(async (ledger) => {
    const guard = new Guard(ledger);
    for (const each of marks) guard.write(each);
    guard.close();
    const bytes = await readFile(guardFileOf(ledger));
    expect([bytes.length, bytes.at(-1)]).toEqual([512, 0x0a]);
    read = readGuard(ledger);
  });
  return read;
}

describe('a guard', () => {
  it('says what was written last, in one sector', async () => {
    expect(await written({ ...mark, generation: 1_000_000 }, mark)).toStrictEqual(mark);
    expect(await written(mark, { ledger: 'l', generation: 4 })).toStrictEqual({ ledger: 'l', generation: 4 });
  });

  it('leaves out a holder for whom there is no room', async () => {
    const bare = JSON.stringify({ ...mark, holder: { ...holder, run: '' } }).length;
    const runOf = (length: number) => ({ ...mark, holder: { ...holder, run: 'r'.repeat(length - bare) } });
    expect(await written(runOf(511))).toStrictEqual(runOf(511));
    expect(await written(runOf(512))).toStrictEqual({ ledger: 'l', generation: 3 });
    expect(await written(runOf(2_000))).toStrictEqual({ ledger: 'l', generation: 3 });
  });

  it('is cut to its sector where something longer stood there', async () => {
    await inGuard(async (ledger) => {
      await writeFile(guardFileOf(ledger), 'x'.repeat(2_000));
      const guard = new Guard(ledger);
      guard.write(mark);
      guard.close();
      expect((await stat(guardFileOf(ledger))).size).toBe(512);
      expect(readGuard(ledger)).toStrictEqual(mark);
    });
  });

  it.each([
    '',
    '{',
    'null',
    '7',
    '"text"',
    '{}',
    '{"ledger":"l"}',
    '{"generation":3}',
    '{"ledger":7,"generation":3}',
    '{"ledger":"l","generation":"3"}',
  ])('says nothing where it holds %j', async (text) => {
    await inGuard(async (ledger) => {
      await writeFile(guardFileOf(ledger), text);
      expect(readGuard(ledger)).toBeUndefined();
      await rm(guardFileOf(ledger));
      expect(readGuard(ledger)).toBeUndefined();
    });
  });

  it('is read no further than its sector', async () => {
    await inGuard(async (ledger) => {
      await writeFile(guardFileOf(ledger), `${JSON.stringify(mark).padEnd(511)}\nrubbish`);
      expect(readGuard(ledger)).toStrictEqual(mark);
    });
  });

  it.each([
    [null, undefined],
    ['text', undefined],
    [{ ...holder, pid: '7' }, undefined],
    [{ ...holder, host: 7 }, undefined],
    [{ ...holder, since: 7 }, undefined],
    [
      { ...holder, command: 7 },
      { ...holder, command: '' },
    ],
    [
      { ...holder, run: 7 },
      { ...holder, run: '' },
    ],
  ])('of a holder %j says %j', async (said, read) => {
    await inGuard(async (ledger) => {
      await writeFile(guardFileOf(ledger), JSON.stringify({ ...mark, holder: said }));
      expect(readGuard(ledger)).toStrictEqual({
        ledger: 'l',
        generation: 3,
        ...(read === undefined ? {} : { holder: read }),
      });
    });
  });

  it.skipIf(platform === 'win32')('is never a link', async () => {
    await inGuard(async (ledger) => {
      await writeFile(`${ledger}.other`, 'theirs');
      await symlink(`${ledger}.other`, guardFileOf(ledger));
      expect((await stopOf(() => new Guard(ledger)))?.exit).toBe(74);
      expect(await readFile(`${ledger}.other`, 'utf8')).toBe('theirs');
    });
  });
});

test.skipIf(platform === 'win32')('a link in the place of the lock is refused by its name', async () => {
  await inPlace(async (place) => {
    (await place.open()).close();
    await rm(`${place.file}.lock`);
    await symlink(place.file, `${place.file}.lock`);
    const stop = await stopOf(place.open);
    expect([stop?.code, stop?.facts]).toEqual([
      'ledger/not-a-file',
      { file: `${place.file}.lock`, kind: 'symlink' },
    ]);
  });
});

test('who holds a ledger is "?" as far as nobody can tell', async () => {
  await inPlace(async (place) => {
    const ledger = await place.open();
    const unknown = { file: place.file, pid: '?', host: '?', since: '?', command: '?', run: '?' };
    await writeFile(guardFileOf(place.file), 'not JSON');
    expect((await stopOf(place.open))?.facts).toEqual(unknown);
    await writeFile(guardFileOf(place.file), JSON.stringify({ ledger: 'l', generation: 1 }));
    expect((await stopOf(place.open))?.facts).toEqual(unknown);
    const since = now().toISOString();
    await writeFile(
      guardFileOf(place.file),
      JSON.stringify({ ...mark, holder: { ...holder, since, command: '', run: '' } }),
    );
    expect((await stopOf(place.open))?.facts).toEqual({ ...unknown, pid: 7, host: 'h', since });
    ledger.close();
  });
});
