/** `declarant report`: the reports of an earlier run, made again from the ledger. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declarant, freshPlace } from '../cli/run-cli.ts';

const manifest = join(import.meta.dirname, '..', '..', 'fixtures', 'manifests', 'flawed-air-imports.csv');

describe('declarant report', { timeout: 60_000 }, () => {
  it('makes the very results of the last import again, and reports that it did not make', async () => {
    const place = await freshPlace();
    await declarant(place, ['import', manifest, '--out', 'then', '-q', '--wait', '20']);
    const { code, stdout } = await declarant(place, [
      'report',
      '--out',
      'again',
      '--report',
      'html',
      '--report',
      'junit',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('again/report.html'.replaceAll('/', process.platform === 'win32' ? '\\' : '/'));
    const [then, again] = await Promise.all(
      ['then', 'again'].map((folder) => readFile(join(place.folder, folder, 'results.ndjson'), 'utf8')),
    );
    expect(again).toBe(then);
    expect(await readFile(join(place.folder, 'again', 'results.junit.xml'), 'utf8')).toContain('<testsuites');
  });

  it('says what to do where there is no such run', async () => {
    const place = await freshPlace();
    await declarant(place, ['import', manifest, '-q', '--wait', '0']);
    const { code, stderr } = await declarant(place, ['report', '--run', '20200101-000000-aaaa']);
    expect(code).toBe(2);
    expect(stderr).toContain('declarant status');
  });
});
