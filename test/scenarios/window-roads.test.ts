/** The same four manifests through the sandbox window, over HTTP: to a verdict for every row, and on to the release. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { declarant } from '../cli/run-cli.ts';
import { resultLines } from './annotated-copy.ts';
import { confirmColumns, remarkOf, type Road, roadWith, writeRemarks } from './road.ts';

const manifests = [
  ['imports by air', 'dalian-air-imports.xlsx', 60, ''],
  ['imports by sea', 'qingdao-sea-imports.xlsx', 6, 'QDHY26110004'],
  ['exports by air', 'shanghai-air-exports.csv', 6, 'SHKY26K0004'],
  ['exports by sea', 'ningbo-sea-exports.xlsx', 6, 'NBCK-2611-003'],
] as const;

async function outcomesOf(
  road: Road,
  { file, out }: { readonly file: string; readonly out: string },
): Promise<Readonly<Record<string, readonly string[]>>> {
  const words = ['import', file, '--wait', '60', '--report', 'none', '--out', out, '--lang', 'en'];
  let told = await declarant(road.place, [...words, ...road.mapped]);
  if (told.code === 3) {
    await confirmColumns(road, told);
    told = await declarant(road.place, [...words, ...road.mapped]);
  }
  expect(told.stdout).toContain('sandbox');
  const outcomes: Record<string, string[]> = {};
  for (const { key, outcome } of await resultLines(join(road.place.folder, out)))
    outcomes[outcome] = [...new Set([...(outcomes[outcome] ?? []), key])];
  return outcomes;
}

describe.each(manifests)('%s', (_, file, declarations, returned) => {
  test('are accepted by the window, each once, and what it returned after it was mended', async () => {
    const road = await roadWith(file);
    const first = await outcomesOf(road, { file, out: 'first' });
    expect(first['accepted']).toHaveLength(declarations - (returned === '' ? 0 : 1));
    expect(first['rejected'] ?? []).toEqual(returned === '' ? [] : [returned]);
    if (returned === '') return;
    await writeRemarks(join(road.place.folder, file), (__, old) => (old === remarkOf('return') ? '' : old));
    const second = await outcomesOf(road, { file, out: 'second' });
    expect(Object.keys(second)).toEqual(['accepted']);
    expect(second['accepted']).toHaveLength(declarations);
  }, 200_000);
});

test('imports by sea are released by the window, and the warehouse reads it by the bill', async () => {
  const road = await roadWith('qingdao-sea-imports.xlsx');
  const { place } = road;
  await writeRemarks(join(place.folder, 'qingdao-sea-imports.xlsx'), () => remarkOf('release'));
  const lodged = await declarant(place, ['import', 'qingdao-sea-imports.xlsx', '--report', 'none']);
  expect(lodged).toMatchObject({ code: 0 });
  const bill = 'QWOL26830029';
  const { stdout } = await declarant(place, ['releases', '--bill', bill, '--lang', 'en']);
  expect(stdout).toContain(bill);
  await expect
    .poll(
      async () => {
        await declarant(place, ['watch', '--once']);
        return (await declarant(place, ['releases', '--bill', bill])).code;
      },
      { timeout: 120_000, interval: 50 },
    )
    .toBe(0);
  expect(await declarant(place, ['notice', '--bill', bill, '-o', 'notice.html'])).toMatchObject({ code: 0 });
}, 200_000);
