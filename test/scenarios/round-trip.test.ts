/** The flawed manifest is imported, mended in its annotated copy as that copy says, and imported again: then all of it is accepted. */
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { declarant, type Finished, freshPlace, type Place } from '../cli/run-cli.ts';
import { annotatedIn, mendAsTold, resultLines, type ResultLine } from './annotated-copy.ts';

const manifests = join(import.meta.dirname, '../../fixtures/manifests');
async function run(place: Place, words: readonly string[]): Promise<Finished> {
  return declarant(place, [...words, '--yes', '--no-input', '--wait', '20']);
}

function outcomes(lines: readonly ResultLine[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of lines) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

describe.each(['zh', 'en'])('a flawed manifest, in the language %s', (lang) => {
  test('is mended in its annotated copy, and that copy is accepted whole', { timeout: 120_000 }, async () => {
    const place = await freshPlace();
    const { folder } = place;
    const input = join(folder, 'manifest.xlsx');
    await copyFile(join(manifests, 'flawed-air-imports.xlsx'), input);
    const original = await readFile(input);
    const first = await run(place, [
      'import',
      'manifest.xlsx',
      '--out',
      'first',
      '--report',
      'xlsx',
      '--lang',
      lang,
    ]);
    expect(first).toMatchObject({ code: 1 });
    expect(await readFile(input)).toEqual(original);
    const before = await resultLines(join(folder, 'first'));

    const copy = annotatedIn(join(folder, 'first'));
    await mendAsTold(copy, join(manifests, 'flawed-air-imports.mended.xlsx'), before);
    const second = await run(place, ['import', copy, '--out', 'second', '--report', 'xlsx', '--lang', lang]);
    const after = await resultLines(join(folder, 'second'));
    expect(second).toMatchObject({ code: 0 });
    expect(Object.keys(outcomes(after))).toEqual(['accepted']);

    // Only what was not accepted is lodged: what was stays what it was, under the same customs number.
    const numbers = new Map(
      before.flatMap(({ key, entryId }) => (entryId === undefined ? [] : [[key, entryId]])),
    );
    expect(numbers.size).toBeGreaterThan(0);
    const earlier = after.filter(({ isEarlier }) => isEarlier === true);
    expect(new Set(earlier.map(({ key }) => key))).toEqual(new Set(numbers.keys()));
    expect(earlier.map(({ entryId }) => entryId)).toEqual(earlier.map(({ key }) => numbers.get(key)));
  });
});
