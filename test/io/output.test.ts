/** Files that appear whole or not at all. */
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, openOutputFile } from '../../src/io.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'declarant-io-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('an output file', () => {
  it('is not there before it is whole', async () => {
    const output = await openOutputFile(join(folder, 'results.csv'));
    await output.write('甲'.repeat(300_000));
    expect((await readdir(folder)).includes('results.csv')).toBe(false);
    await output.commit();
    expect(await readdir(folder)).toEqual(['results.csv']);
    expect(await readFile(join(folder, 'results.csv'), 'utf8')).toBe('甲'.repeat(300_000));
  });

  it('leaves nothing behind where it is given up', async () => {
    const output = await openOutputFile(join(folder, 'results.csv'));
    await output.write('half');
    await output.abandon();
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps the old file where the new one is given up', async () => {
    await writeFile(join(folder, 'results.csv'), 'old');
    const output = await openOutputFile(join(folder, 'results.csv'));
    await output.write('new');
    await output.abandon();
    expect(await readFile(join(folder, 'results.csv'), 'utf8')).toBe('old');
  });

  it.skipIf(process.platform === 'win32')(
    'replaces a link that stands in its place, and leaves what it pointed to',
    async () => {
      await writeFile(join(folder, 'precious'), 'kept');
      await symlink(join(folder, 'precious'), join(folder, 'results.csv'));
      const output = await openOutputFile(join(folder, 'results.csv'));
      await output.write('results');
      await output.commit();
      expect(await readFile(join(folder, 'precious'), 'utf8')).toBe('kept');
      expect(await readFile(join(folder, 'results.csv'), 'utf8')).toBe('results');
    },
  );

  it('says where it cannot be written', async () => {
    await expect(openOutputFile(join(folder, 'absent', 'results.csv'))).rejects.toMatchObject({
      code: 'run/cannot-write',
      exit: 2,
    });
  });

  it('tells whether its folder was made or was there', async () => {
    expect(await makeFolder(join(folder, 'a', 'b'))).toBe(true);
    expect(await makeFolder(join(folder, 'a', 'b'))).toBe(false);
  });
});
