/** A run that is told to stop stops at a safe point, and goes on where it stopped. */
import { parse } from 'csv-parse/sync';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declarant, freshPlace } from '../cli/run-cli.ts';

const manifest = join(
  import.meta.dirname,
  '..',
  '..',
  'fixtures',
  'manifests',
  'dalian-air-imports-utf8.csv',
);

describe.skipIf(process.platform === 'win32')('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends a sandbox window with %i', async (signal, exit) => {
    const started = (await freshPlace()).start(['sandbox']);
    expect(await started.prints('\n')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n/u);
    started.kill(signal);
    expect(await started.finished).toMatchObject({ code: exit, stderr: '' });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s lets an import settle and write its results, and ends it with %i', async (signal, exit) => {
    const place = await freshPlace();
    await writeFile(join(place.folder, 'm.csv'), await slowManifest());
    const started = place.start([
      'import',
      'm.csv',
      '--wait',
      '600',
      '--out',
      'results',
      '--progress',
      'plain',
    ]);
    await started.tells('waiting');
    started.kill(signal);
    const { code, stdout } = await started.finished;
    expect(code).toBe(exit);
    expect(stdout).toContain('pending');
    const results = await readFile(join(place.folder, 'results', 'results.ndjson'), 'utf8');
    expect(results.trimEnd().split('\n')).toHaveLength(40);

    const again = await declarant(place, ['import', 'm.csv', '--wait', '0', '--format', 'json']);
    expect(JSON.parse(again.stdout).summary).toMatchObject({
      earlier: 10,
      byOutcome: { pending: { declarations: 10 } },
    });
  });
});

/** The sandbox window takes a day over each of its declarations. */
async function slowManifest(): Promise<string> {
  const [header = [], ...rows]: string[][] = parse(await readFile(manifest), { bom: true });
  const remarks = header.indexOf('报关单备注');
  const slow = rows.map((row) => row.with(remarks, '#SANDBOX:slow'));
  return [header, ...slow]
    .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
    .join('\n');
}
