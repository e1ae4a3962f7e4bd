/** What stands in the place of a file that we write is never written through: a link, a pipe, a second name. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOutputFile } from '../../src/io.ts';
import { openWatched } from '../../src/commands/watched.ts';
import { openRunLog } from '../../src/run-log.ts';
import { openJournal } from '../../src/window/cn-client/journal.ts';
import { openStore } from '../../src/window/sandbox/store.ts';
import { freshFolder } from '../cli/run-cli.ts';

/** Each puts something at `place`; `victim` is a file of somebody else. */
const inTheWay: Readonly<Record<string, (place: string, victim: string) => void>> = {
  'a link to a file': (place, victim) => symlinkSync(victim, place),
  'a link to nothing': (place, victim) => symlinkSync(`${victim}.absent`, place),
  'a link to a folder': (place, victim) => symlinkSync(join(victim, '..'), place),
  'a second name of a file': (place, victim) => linkSync(victim, place),
  'a pipe': (place) => void execFileSync('mkfifo', [place]),
  'a file': (place) => writeFileSync(place, 'old'),
};

async function prepared(what: string): Promise<{ folder: string; place: string; victim: string }> {
  const folder = await freshFolder();
  mkdirSync(join(folder, 'elsewhere'));
  const victim = join(folder, 'elsewhere', 'victim');
  writeFileSync(victim, 'theirs');
  const place = join(folder, 'results.csv');
  inTheWay[what]?.(place, victim);
  return { folder, place, victim };
}

describe.skipIf(process.platform === 'win32')('a results file', () => {
  it.each(Object.keys(inTheWay))(
    'where %s stands takes its place and leaves the rest alone',
    async (what) => {
      const { folder, place, victim } = await prepared(what);
      const output = await openOutputFile(place);
      await output.write('ours');
      await output.commit();
      expect(readFileSync(victim, 'utf8')).toBe('theirs');
      expect(lstatSync(place).isFile()).toBe(true);
      expect(readFileSync(place, 'utf8')).toBe('ours');
      expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['victim']);
      expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'results.csv']);
    },
  );

  it('where a folder stands is refused, and nothing is left behind', async () => {
    const { folder, place } = await prepared('');
    mkdirSync(place);
    const output = await openOutputFile(place);
    await output.write('ours');
    const stop: unknown = await output.commit().catch((error: unknown) => error);
    await output.abandon();
    expect(stop).toMatchObject({ code: 'run/cannot-write', exit: 2 });
    expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'results.csv']);
  });
});

describe.skipIf(process.platform === 'win32')('a log file', () => {
  it.each([
    'a link to a file',
    'a link to nothing',
    'a link to a folder',
    'a second name of a file',
    'a pipe',
  ])('is not begun where %s stands', async (what) => {
    const { place, victim } = await prepared(what);
    const log = openRunLog(place, () => new Date(0));
    expect(() => log.write({ event: 'x' })).toThrow(expect.objectContaining({ code: 'run/cannot-log' }));
    expect(readFileSync(victim, 'utf8')).toBe('theirs');
  });
});

const databases = [
  ['the store of the sandbox window', openStore],
  ["the import client's journal", openJournal],
] as const;
const notAFile = [
  'a link to a file',
  'a link to nothing',
  'a link to a folder',
  'a second name of a file',
  'a pipe',
];

describe.skipIf(process.platform === 'win32').each(databases)('%s', (_, open) => {
  it.each(notAFile)('is not opened where %s stands', async (what) => {
    const { folder, place, victim } = await prepared(what);
    expect(() => open(place)).toThrow(expect.objectContaining({ name: 'Stop', exit: 74 }));
    expect(readFileSync(victim, 'utf8')).toBe('theirs');
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['victim']);
    expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'results.csv']);
  });

  it('is closed to others, also where an earlier version left it open', async () => {
    const { place } = await prepared('');
    open(place).close();
    chmodSync(place, 0o644);
    const again = open(place);
    const modes = readdirSync(join(place, '..'))
      .filter((name) => name.startsWith('results.csv'))
      .map((name) => lstatSync(join(place, '..', name)).mode & 0o777);
    again.close();
    expect(lstatSync(place).mode & 0o777).toBe(0o600);
    expect(modes.filter((mode, index) => index > 0 && (mode & 0o077) !== 0)).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('the list of events that were told', () => {
  it.each(['a link to a file', 'a link to nothing', 'a link to a folder'])(
    'is not written where %s stands',
    async (what) => {
      const { place, victim } = await prepared(what);
      expect(() => openWatched(place)).toThrow(expect.objectContaining({ code: 'run/cannot-write' }));
      expect(readFileSync(victim, 'utf8')).toBe('theirs');
    },
  );
});
