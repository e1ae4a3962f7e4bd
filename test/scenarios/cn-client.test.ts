/** From a workbook to OutBox, to receipts, to the release: the whole road through the import client. */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSimulator } from '../../src/window/cn-client/simulator.ts';
import { declarant as runCli, type Finished, freshPlace, type Place } from '../cli/run-cli.ts';

const manifests = join(import.meta.dirname, '../../fixtures/manifests');
let place: Place;
let folder = '';
let root = '';
beforeEach(async () => {
  place = await freshPlace();
  ({ folder } = place);
  root = join(folder, 'ImpPath', 'DecCus001');
});

function declarant(command: string, ...words: readonly string[]): Promise<Finished> {
  return runCli(place, [command, '--window', 'cn-client', '--root', root, '--lang', 'en', ...words]);
}

/** Turns the simulator's own clock until customs has said everything. */
function simulate(): (ms: number) => void {
  let ms = Date.now();
  const simulator = openSimulator({ root, now: () => new Date(ms), seed: 'road', order: 'wild' });
  return (by) => {
    simulator.tick();
    for (let left = by; left > 0; left -= 1_000) {
      ms += 1_000;
      simulator.tick();
    }
  };
}

describe.each([
  ['imports by air', 'dalian-air-imports.xlsx'],
  ['exports by sea', 'dalian-sea-exports.xlsx'],
])('%s', (_, name) => {
  it('go into OutBox, come back as receipts, and end with a release and its notice', async () => {
    const turn = simulate();
    const lodged = await declarant(
      'import',
      join(manifests, name),
      '--yes',
      '--wait',
      '0',
      '--report',
      'none',
      '--out',
      join(folder, 'out'),
    );
    expect(lodged.stdout + lodged.stderr).toMatch(/pending {2}/u);
    const sent = readdirSync(join(root, 'OutBox')).length;
    expect(sent).toBeGreaterThanOrEqual(20);

    turn(120_000);
    expect(readdirSync(join(root, 'OutBox'))).toEqual([]);
    const watched = await declarant('watch', '--once', '--format', 'ndjson');
    const events = watched.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(watched.code).toBe(0);
    expect(new Set(events.map(({ event }) => event))).toContain('released');
    expect((await declarant('watch', '--once', '--format', 'ndjson')).stdout).toBe('');

    const told = JSON.parse((await declarant('releases', '--json')).stdout) as {
      declarations: { bill: string; entryId: string; releasedAt: string }[];
    };
    expect(told.declarations).toHaveLength(sent);
    const { bill, entryId } = told.declarations[0] ?? { bill: '', entryId: 'none' };
    expect(await declarant('releases', '--bill', bill)).toMatchObject({ code: 0 });
    expect(await declarant('notice', '--bill', bill, '-o', 'notice.html')).toMatchObject({ code: 0 });
    const page = readFileSync(join(folder, 'notice.html'), 'utf8');
    expect(page).toContain(entryId);
    expect(page).toContain('<svg class="qr"');
    const again = await declarant(
      'import',
      join(manifests, name),
      '--yes',
      '--wait',
      '0',
      '--report',
      'none',
      '--out',
      join(folder, 'again'),
    );
    expect(again.code).toBe(0);
    expect(readdirSync(join(root, 'OutBox'))).toEqual([]);
  }, 120_000);
});

describe('the road through the import client', () => {
  it('is not begun where the folders are missing', async () => {
    const lodged = await declarant(
      'import',
      join(manifests, 'dalian-air-imports.xlsx'),
      '--yes',
      '--report',
      'none',
      '--out',
      join(folder, 'out'),
    );
    expect(lodged.code).toBe(5);
    expect(lodged.stderr).toContain('cn-client/folder-missing');
    expect(JSON.parse((await declarant('status', '--format', 'json')).stdout)).toMatchObject({ counts: {} });
  }, 60_000);

  it.each(['0', '101', 'fast'])('is not played at a speed of %s', async (speed) => {
    const told = await runCli(place, ['sandbox', '--as', 'cn-client', '--root', root, '--speed', speed]);
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining('--speed') });
  });

  it('does not hand over goods of a bill that nobody knows', async () => {
    const told = await declarant('releases', '--bill', '$(touch x)');
    expect(told.code).toBe(1);
    expect(told.stdout).toContain('Do not hand over');
  }, 60_000);

  it.skipIf(process.platform === 'win32')(
    'runs a command for each event without a shell, and again where it failed',
    async () => {
      const turn = simulate();
      await declarant(
        'import',
        join(manifests, 'dalian-air-imports.xlsx'),
        '--yes',
        '--wait',
        '0',
        '--report',
        'none',
        '--out',
        join(folder, 'out'),
      );
      turn(9_000);
      const script = join(folder, 'tell.sh');
      writeFileSync(script, '#!/bin/sh\necho "$#|$1|$2" >> told.txt\n[ -e ready ]\n');
      chmodSync(script, 0o755);
      const failed = await declarant('watch', '--once', '--exec', script, '--', 'a b; touch hacked');
      expect(failed.code).toBe(4);
      const first = readFileSync(join(folder, 'told.txt'), 'utf8');
      expect(first).toMatch(/^6\|a b; touch hacked\|accepted$/mu);
      expect(readdirSync(folder)).not.toContain('hacked');
      writeFileSync(join(folder, 'ready'), '');
      expect((await declarant('watch', '--once', '--exec', script, '--', 'a b; touch hacked')).code).toBe(0);
      expect(readFileSync(join(folder, 'told.txt'), 'utf8')).toBe(first + first);
    },
    120_000,
  );
});
