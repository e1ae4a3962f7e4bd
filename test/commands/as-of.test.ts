/** `declarant check --as-of`: the results of a file do not change because time passes. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';

const manifest = join(import.meta.dirname, '../../fixtures/manifests/dalian-air-imports.xlsx');

async function placed(): Promise<Place> {
  const place = await freshPlace();
  await copyFile(manifest, join(place.folder, 'm.xlsx'));
  return place;
}

async function summaryOf(place: Place, ...words: string[]) {
  const { stdout } = await declarant(place, ['check', 'm.xlsx', '--format', 'json', ...words]);
  return JSON.parse(stdout).summary;
}

const isLate = ({ code }: { readonly code: string }): boolean => code === 'rule/filing-deadline-passed';

describe('declarant check --as-of', () => {
  it('judges the filing deadline by the day that is named, and says so', async () => {
    const place = await placed();
    const early = await summaryOf(place, '--as-of', '2026-11-20');
    const later = await summaryOf(place, '--as-of', '2027-03-01');
    expect(early.problems.some(isLate)).toBe(false);
    expect(later.problems.find(isLate)?.count).toBe(60);
    expect([early.asOf, later.asOf]).toEqual(['2026-11-20', '2027-03-01']);
  });

  it('is a matter of checking alone: what is lodged is judged by today', async () => {
    const { code, stderr } = await declarant(await placed(), ['import', 'm.xlsx', '--as-of', '2026-11-20']);
    expect(code).toBe(2);
    expect(stderr).toContain('--as-of');
  });

  it.each(['2026-02-30', '20261120', 'yesterday'])('refuses %s', async (day) => {
    const { code, stderr } = await declarant(await placed(), ['check', 'm.xlsx', '--as-of', day]);
    expect(code).toBe(2);
    expect(stderr).toContain(day);
  });
});
