/** A watched folder: each finished file is lodged exactly once, whatever happens meanwhile. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { declarant, freshFolder, freshPlace, type Place } from '../cli/run-cli.ts';
import { openWatchedFolder } from '../../src/watched-folder.ts';
import { manifestText, putManifest } from './sandbox-place.ts';

// Each test starts several processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

let place: Place;
let folder: string;
beforeEach(async () => {
  place = await freshPlace();
  folder = join(place.folder, '待申报');
  await mkdir(folder);
});

const never = new AbortController().signal;
const once = ['watch-folder', '待申报', '--once', '--settle', '0', '--wait', '20', '--quiet'];

/** Of each file below, its path from there without the folders that bear a claim's name. */
async function filed(end: string): Promise<string[]> {
  const names = await readdir(join(folder, end), { recursive: true });
  return names
    .filter((name) => name.includes('/'))
    .map((name) => name.split('/').slice(1).join('/'))
    .sort();
}

async function declarations(at: Place): Promise<unknown> {
  return JSON.parse((await declarant(at, ['ledger', 'verify', '--format', 'json'])).stdout).declarations;
}

async function lockExists(): Promise<boolean> {
  return (await readdir(join(folder, 'working'), { recursive: true })).some((name) => name.endsWith('.lock'));
}

describe('declarant watch-folder', () => {
  it('files a lodged manifest with its results under done, a wrong one under failed', async () => {
    await putManifest(join(folder, '清单 一.csv'));
    await writeFile(join(folder, 'not-a-manifest.csv'), '甲,乙\n1,2\n');
    const { code, stderr } = await declarant(place, once);
    expect(code).toBe(3);
    expect(stderr).not.toContain('run/defect');
    expect(await filed('done')).toEqual([
      '清单 一.csv',
      '清单 一.csv.results',
      '清单 一.csv.results/results.csv',
      '清单 一.csv.results/results.ndjson',
    ]);
    expect(await filed('failed')).toContain('not-a-manifest.csv');
    expect((await readdir(folder)).sort()).toEqual(['done', 'failed', 'working']);
  });

  it('leaves alone what is not finished, and its own folders', async () => {
    const names = ['~$m.xlsx', '.m.csv', 'm.csv.part', 'm.xlsx.tmp', 'm.csv~', 'm.crdownload'];
    for (const name of names) await writeFile(join(folder, name), 'x');
    const { code } = await declarant(place, [...once, '--error-on-empty']);
    expect(code).toBe(9);
    expect((await readdir(folder)).filter((name) => name.includes('m.')).sort()).toEqual(names.sort());
  });

  it('goes on until it is told to stop, and takes what comes meanwhile', async () => {
    const started = place.start(['watch-folder', '待申报', '--settle', '0', '--wait', '20', '--quiet']);
    await putManifest(join(folder, '.coming'));
    const { rename } = await import('node:fs/promises');
    await rename(join(folder, '.coming'), join(folder, 'late.csv'));
    await started.prints('import ');
    started.kill('SIGTERM');
    const { code, stderr } = await started.finished;
    expect({ code, stderr }).toEqual({ code: 143, stderr: '' });
  });

  it('takes up again what a killed watcher had claimed, before anything else, and lodges nothing twice', async () => {
    await putManifest(join(folder, 'm.csv'), 'slow');
    const killed = place.start([
      'watch-folder',
      '待申报',
      '--settle',
      '0',
      '--wait',
      '600',
      '--progress',
      'plain',
    ]);
    await killed.tells('waiting');
    killed.kill('SIGKILL');
    await killed.finished;
    expect((await readdir(folder)).includes('m.csv')).toBe(false);
    const { code, stdout } = await declarant(place, [...once.slice(0, 5), '--wait', '0', '--quiet']);
    expect(code).toBe(0);
    expect(stdout).toContain('pending 10');
    expect(await filed('done')).toContain('m.csv');
    expect(await declarations(place)).toBe(10);
  });

  it('keeps a file whose outcome is open, and ends with 4', async () => {
    await putManifest(join(folder, 'm.csv'), 'slow');
    const { code } = await declarant(place, [...once.slice(0, 5), '--wait', '0.1', '--quiet']);
    expect(code).toBe(4);
    expect(await filed('done')).toEqual([]);
    expect(existsSync(join(folder, 'm.csv'))).toBe(false);
  });

  it('lets a second watcher of this user go with 11', async () => {
    const first = place.start(['watch-folder', '待申报', '--settle', '0']);
    await created(join(folder, 'working'));
    await expect.poll(() => lockExists(), { timeout: 20_000, interval: 50 }).toBe(true);
    const second = await declarant(place, once);
    expect(second.code).toBe(11);
    expect(second.stderr).toContain('run/already-watched');
    first.kill('SIGINT');
    expect((await first.finished).code).toBe(130);
  });

  it('ends where every further file would meet the same, and keeps the file', async () => {
    await putManifest(join(folder, 'm.csv'));
    const address = ['--window', 'https://window.invalid'];
    const { code, stderr } = await declarant(place, [...once, ...address, '--token-file', 'missing']);
    expect(code).toBe(2);
    expect(stderr).toContain('secret/unreadable');
    expect(stderr).toContain('run/watch-ended');
    expect(await filed('failed')).toEqual([]);
  });

  it('stops for what is no folder', async () => {
    const { code, stderr } = await declarant(place, ['watch-folder', 'missing']);
    expect(code).toBe(2);
    expect(stderr).toContain('run/no-folder');
  });
});

/** Resolves once the path is there. */
async function created(path: string): Promise<void> {
  if (existsSync(path)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const watcher = watch(join(path, '..'), () => {
    if (existsSync(path)) resolve();
  });
  if (existsSync(path)) resolve();
  await promise;
  watcher.close();
}

describe('a claim', () => {
  it('is won by one of many, and a later file of the same name is another one', async () => {
    const at = await freshFolder();
    await writeFile(join(at, 'm.csv'), 'first');
    using watched = openWatchedFolder(at, 0);
    const first = watched.claim('m.csv');
    expect(watched.claim('m.csv')).toBeUndefined();
    await writeFile(join(at, 'm.csv'), 'second');
    const second = watched.claim('m.csv');
    const texts = await Promise.all([first, second].map((claim) => readFile(claim?.file ?? '', 'utf8')));
    expect(texts).toEqual(['first', 'second']);
    expect(watched.claimed().map(({ name }) => name)).toEqual(['m.csv', 'm.csv']);
  });

  it('waits for a file that still grows', async () => {
    const at = await freshFolder();
    using watched = openWatchedFolder(at, 3_600_000);
    await writeFile(join(at, 'm.csv'), 'begun');
    expect(await watched.finished(false, never)).toEqual([]);
    await writeFile(join(at, 'm.csv'), 'begun and longer');
    expect(await watched.finished(false, never)).toEqual([]);
  });

  it('is given back whole after its watcher ended, and not to the watcher of somebody else', async () => {
    const at = await freshFolder();
    await writeFile(join(at, '甲.csv'), await manifestText());
    await mkdir(join(at, 'working', 'other-host', 'id'), { recursive: true });
    await writeFile(join(at, 'working', 'other-host', 'id', 'theirs.csv'), 'x');
    const first = openWatchedFolder(at, 0);
    const claim = first.claim('甲.csv');
    first[Symbol.dispose]();
    using second = openWatchedFolder(at, 0);
    expect(second.claimed()).toEqual([claim]);
  });
});
