/** A disk that fails: the run stops before anything more is sent, nothing is asked of the disk twice, and the next run ends right. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declarant, freshPlace } from '../cli/run-cli.ts';
import { lastRun } from '../commands/sandbox-place.ts';
import { manifest } from '../soak/manifest.ts';
import { failAt } from './failing.ts';
import { onFullDisk, whyNoFullDisk } from './full-disk.ts';
import { whyNoTrace } from './strace.ts';

const reason = whyNoTrace();
if (reason !== undefined) process.stderr.write(`not run: failing calls, because ${reason}\n`);
const noDisk = whyNoFullDisk();
if (noDisk !== undefined) process.stderr.write(`not run: results on a full disk, because ${noDisk}\n`);

describe.skipIf(reason !== undefined)('a disk that fails', () => {
  it('at any sync loses that commit and no other: exit 74, nothing sent afterwards, and the next run ends right', async () => {
    const wrong: string[] = [];
    let number = 0;
    for (;;) {
      const found = await failAt({ inject: 'fsync,fdatasync:error=EIO:when=' }, number + 1);
      if (found === 'over') break;
      number += 1;
      wrong.push(...found);
    }
    expect(wrong).toEqual([]);
    expect(number).toBeGreaterThan(25);
  }, 600_000);

  it('by being full, from any write of the ledger on, costs nothing that was acknowledged', async () => {
    const wrong: string[] = [];
    let number = 0;
    // All of them: npm run power-loss -- --every-write
    for (let write = 5; ; write += 29) {
      const found = await failAt({ inject: 'pwrite64:error=ENOSPC:when=', goesOn: '+' }, write);
      if (found === 'over') break;
      number += 1;
      wrong.push(...found);
    }
    expect(wrong).toEqual([]);
    expect(number).toBeGreaterThan(6);
  }, 600_000);
});

describe.skipIf(noDisk !== undefined)('results on a full disk', () => {
  it('cost exit 74 and no declaration: the ledger is right, and report makes them again', async () => {
    const place = await freshPlace();
    const { csv, rows } = manifest(300);
    await writeFile(join(place.folder, 'm.csv'), csv);
    const results = join(place.folder, 'results');
    await mkdir(results);
    const full = onFullDisk(
      results,
      ['import', 'm.csv', '--quiet', '--wait', '20', '--out', results],
      place.folder,
    );
    expect(full.stderr).toContain('run/disk-full');
    expect(full.code).toBe(74);
    const status = await declarant(place, ['status', '--format', 'json']);
    const { counts, unknown } = JSON.parse(status.stdout);
    expect(unknown).toEqual([]);
    expect(Object.values<number>(counts).reduce((sum, count) => sum + count, 0)).toBe(300);
    const made = await declarant(place, ['report', '--run', lastRun(status.stdout), '--out', 'again']);
    expect([made.stderr, made.code]).toEqual(['', 0]);
    const again = await readFile(join(place.folder, 'again', 'results.ndjson'), 'utf8');
    expect(again.split('\n').filter((line) => line.includes('"type":"row"'))).toHaveLength(rows.length);
  }, 120_000);
});
