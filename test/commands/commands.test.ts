/** Each command as a user runs it. */
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';

const manifests = join(import.meta.dirname, '..', '..', 'fixtures', 'manifests');

async function placeWith(name: string, as = name): Promise<Place> {
  const place = await freshPlace();
  await copyFile(join(manifests, name), join(place.folder, as));
  return place;
}

function lines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

async function resultFolders(place: Place): Promise<string[]> {
  return (await readdir(place.folder)).filter((name) => name.includes('.results-'));
}

function numbers(results: readonly Record<string, unknown>[]): unknown[] {
  return results.map(({ line, entryId }) => [line, entryId]);
}

describe('declarant import', () => {
  it('lodges a manifest with the sandbox, writes a result for every row, and lodges nothing the second time', async () => {
    const place = await placeWith('dalian-air-imports.xlsx', '清单 一.xlsx');
    const first = await declarant(place, ['import', '清单 一.xlsx', '--wait', '30']);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('240 rows, 60 declarations');
    const [folder = ''] = await resultFolders(place);
    expect(folder).toMatch(/^清单 一\.xlsx\.results-\d{8}-\d{6}-[0-9a-z]{4}$/u);
    expect((await readdir(join(place.folder, folder))).sort()).toEqual(['results.csv', 'results.ndjson']);
    const rows = lines(await readFile(join(place.folder, folder, 'results.ndjson'), 'utf8'));
    expect(rows).toHaveLength(240);

    const second = await declarant(place, [
      'import',
      '清单 一.xlsx',
      '--format',
      'json',
      '--quiet',
      '--out',
      'again',
    ]);
    const { summary, results } = JSON.parse(second.stdout);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(summary).toMatchObject({ earlier: 60, rows: 240 });
    expect(numbers(results)).toEqual(numbers(rows));
  });

  it('sends nothing in a dry run', async () => {
    const place = await placeWith('dalian-air-imports-utf8.csv', 'm.csv');
    const { stdout, code } = await declarant(place, ['import', 'm.csv', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('Dry run: nothing was sent');
    expect(await resultFolders(place)).toEqual([]);
    await expect(stat(join(place.folder, 'state', 'declarant', 'ledger.db'))).rejects.toThrow('ENOENT');
  });

  it('reads standard input', async () => {
    const place = await freshPlace();
    const started = place.start(['import', '-', '--dry-run', '--input-format', 'csv', '--format', 'ndjson']);
    started.stdin(await readFile(join(manifests, 'dalian-air-imports-utf8.csv')));
    const { stdout, code } = await started.finished;
    expect(code).toBe(0);
    expect(lines(stdout)[0]).toMatchObject({ type: 'row', file: '-', outcome: 'valid' });
  });

  it('asks for --yes before it lodges with a real window where nobody can be asked', async () => {
    const place = await placeWith('dalian-air-imports-utf8.csv', 'm.csv');
    const window = place.start(['sandbox', '--store', 'window.db']);
    const address = (await window.prints('\n')).trim();
    const refused = await declarant(place, [
      'import',
      'm.csv',
      '--window',
      address,
      '--ledger',
      'real/ledger.db',
    ]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/usage\/needs-yes[^]*10 declarations/u);
    const lodged = await declarant(place, [
      'import',
      'm.csv',
      '--window',
      address,
      '--ledger',
      'real/ledger.db',
      '--yes',
      '--wait',
      '30',
    ]);
    window.kill('SIGTERM');
    expect(lodged.code).toBe(0);
    expect((await window.finished).code).toBe(143);
  });

  it('leaves no folder behind where it could not begin', async () => {
    const place = await freshPlace();
    await writeFile(join(place.folder, 'notes.csv'), 'dear,diary\n1,2\n');
    const { code } = await declarant(place, ['import', 'notes.csv']);
    expect(code).toBe(3);
    expect(await resultFolders(place)).toEqual([]);
  });

  it('refuses a window that nobody named', async () => {
    const { code, stderr } = await declarant(await placeWith('dalian-air-imports-utf8.csv', 'm.csv'), [
      'import',
      'm.csv',
      '--window',
      'dalian',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('One of: sandbox');
  });

  it('refuses a results folder that cannot be written before it sends anything', async () => {
    const place = await placeWith('dalian-air-imports-utf8.csv', 'm.csv');
    await writeFile(join(place.folder, 'taken'), '');
    const { code, stderr } = await declarant(place, ['import', 'm.csv', '--out', 'taken']);
    expect(code).toBe(2);
    expect(stderr).toContain('run/cannot-write');
    expect((await declarant(place, ['status', '--format', 'json'])).stdout).toContain('"counts":{}');
  });

  it('says 9 where there is nothing to do and the caller wants to know', async () => {
    const place = await placeWith('dalian-air-imports-utf8.csv', 'm.csv');
    const [header = ''] = (await readFile(join(place.folder, 'm.csv'), 'utf8')).split('\n');
    await writeFile(join(place.folder, 'empty.csv'), `${header}\n`);
    expect((await declarant(place, ['check', 'empty.csv', '--error-on-empty'])).code).toBe(9);
    expect((await declarant(place, ['check', 'empty.csv'])).code).toBe(0);
  });
});

describe('declarant check', () => {
  it('tells the cell, the value and the remedy of each problem, in the reader’s language', async () => {
    const place = await placeWith('flawed-air-imports.csv');
    const { stdout, code } = await declarant(place, ['check', 'flawed-air-imports.csv', '--lang', 'zh']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/flawed-air-imports\.csv [A-Z]+\d+ {2}.+\[[a-z-]+\/[a-z-]+\]/u);
    expect(stdout).toMatch(/应为：[^]*处理：/u);
  });

  it('writes files only where it is told to', async () => {
    const place = await placeWith('flawed-air-imports.csv');
    const before = await readdir(place.folder);
    await declarant(place, ['check', 'flawed-air-imports.csv', '--format', 'csv']);
    expect(await readdir(place.folder)).toEqual(before);
    await declarant(place, ['check', 'flawed-air-imports.csv', '--out', 'here']);
    expect((await readdir(join(place.folder, 'here'))).sort()).toEqual(['results.csv', 'results.ndjson']);
  });

  it('gives scripts one line a row and the summary last', async () => {
    const place = await placeWith('flawed-air-imports.csv');
    const { stdout } = await declarant(place, ['check', 'flawed-air-imports.csv', '--format', 'ndjson']);
    const told = lines(stdout);
    const summary = told.at(-1);
    expect(summary).toMatchObject({ type: 'summary', rows: told.length - 1 });
  });

  it('says one line where it is asked to be quiet', async () => {
    const place = await placeWith('flawed-air-imports.csv');
    const { stdout, stderr } = await declarant(place, ['check', 'flawed-air-imports.csv', '--quiet']);
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('the other commands', () => {
  it('codes finds a code by its Chinese name', async () => {
    const { stdout } = await declarant(await freshPlace(), ['codes', 'country', '日本']);
    expect(stdout).toBe('JPN  日本  Japan\n');
  });

  it('codes names the nearest list', async () => {
    const { stderr, code } = await declarant(await freshPlace(), ['codes', 'cn-contry']);
    expect(code).toBe(2);
    expect(stderr).toContain('declarant codes cn-country');
  });

  it('config tells where a value came from', async () => {
    const place = await freshPlace();
    await mkdir(join(place.folder, 'configuration', 'declarant'), { recursive: true });
    await writeFile(join(place.folder, 'configuration', 'declarant', 'config.json'), '{"wait":3}');
    const { stdout } = await declarant(place, ['config', '--format', 'json'], { DECLARANT_LANG: 'zh' });
    const told = JSON.parse(stdout);
    expect(told.wait).toMatchObject({ value: 3, origin: 'user' });
    expect(told.lang).toEqual({ value: 'zh', origin: 'environment', where: 'DECLARANT_LANG' });
  });

  it('explain tells a code in both languages', async () => {
    const { stdout } = await declarant(await freshPlace(), ['explain', 'usage/unknown-option', '--both']);
    expect(stdout).toContain('没有这个选项');
    expect(stdout).toContain('Unknown option');
  });

  it('status of an office that never lodged says so', async () => {
    const { stdout, code } = await declarant(await freshPlace(), ['status', '--lang', 'zh']);
    expect(code).toBe(0);
    expect(stdout).toContain('还没有台账');
  });

  it('map saves a mapping that check takes', async () => {
    const place = await placeWith('dalian-air-imports.xlsx', 'm.xlsx');
    const saved = await declarant(place, ['map', 'm.xlsx', '--save', 'mapping.json']);
    expect(saved.code).toBe(0);
    expect((await declarant(place, ['check', 'm.xlsx', '--mapping', 'mapping.json'])).code).toBe(0);
  });

  it.each(['bash', 'zsh', 'fish'])('completion knows the commands in %s', async (shell) => {
    const { stdout, code } = await declarant(await freshPlace(), ['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('import');
    expect(stdout).toContain('dry-run');
  });
});
