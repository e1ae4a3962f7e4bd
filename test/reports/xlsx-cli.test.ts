/** `--report` on the command line: several kinds, unknown kinds, and a report that cannot be made. */
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';

// Processes and large files: on a busy machine they take their time.
vi.setConfig({ testTimeout: 240_000 });

const manifest = join(import.meta.dirname, '../../fixtures/manifests/flawed-air-imports.xlsx');

async function placeWithManifest(): Promise<Place> {
  const place = await freshPlace();
  await copyFile(manifest, join(place.folder, 'm.xlsx'));
  return place;
}

test('every report asked for is made, each once', async () => {
  const place = await placeWithManifest();
  const words = ['check', 'm.xlsx', '--out', 'out', '--report', 'xlsx', '--report', 'html,xlsx'];
  expect(await declarant(place, words)).toMatchObject({ code: 1 });
  const files = await readdir(join(place.folder, 'out'));
  expect(files).toContain('m.annotated.xlsx');
  expect(files.filter((name) => name.endsWith('.html'))).toHaveLength(1);
});

test('a kind of report that does not exist is refused before anything is read, with the nearest', async () => {
  const { code, stderr } = await declarant(await placeWithManifest(), [
    'check',
    'm.xlsx',
    '--report',
    'xlsy',
    '--lang',
    'en',
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain('--report');
  expect(stderr).toContain('xlsx');
});

test('a check writes nothing where no report and no folder was asked for', async () => {
  const place = await placeWithManifest();
  await declarant(place, ['check', 'm.xlsx']);
  expect((await readdir(place.folder)).filter((name) => name.includes('results'))).toEqual([]);
});

test('a report that cannot be made is told, and the results are there all the same', async () => {
  const place = await placeWithManifest();
  await mkdir(join(place.folder, 'out', 'm.annotated.xlsx', 'in the way'), { recursive: true });
  const words = ['import', 'm.xlsx', '--yes', '--out', 'out', '--report', 'xlsx', '--lang', 'en'];
  const { code, stderr, stdout } = await declarant(place, words);
  expect(code).toBe(2);
  expect(stderr).toContain('run/cannot-write');
  expect(stdout).toContain('accepted');
  expect((await readdir(join(place.folder, 'out'))).toSorted()).toEqual([
    'm.annotated.xlsx',
    'results.csv',
    'results.ndjson',
  ]);
});
