/** A first day: an empty folder, a template, three declarations with two mistakes, and nothing read but what the program prints. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { declarant, freshPlace } from '../cli/run-cli.ts';
import { annotatedIn, openWorkbook, resultLines } from './annotated-copy.ts';
import { exampleAsOwn } from './fill-template.ts';

/** The last command that a text tells to type. */
function commandsIn(text: string): readonly string[] {
  return [...text.matchAll(/^ {2}declarant (.+)$/gmu)].map(([, words = '']) => words.trim());
}

describe.each([
  { lang: 'zh', file: '清单.xlsx' },
  { lang: 'en', file: 'manifest.xlsx' },
])('someone who begins, in the language $lang', ({ lang, file }) => {
  test('gets three declarations with two mistakes to their releases', { timeout: 420_000 }, async () => {
    const place = await freshPlace();
    const env = { DECLARANT_LANG: lang };
    const begun = await declarant(place, ['template', '-o', file], env);
    expect(begun).toMatchObject({ code: 0, stderr: '' });

    await exampleAsOwn(
      join(place.folder, file),
      ['A-1', 'A-2', 'A-3'],
      [
        { 提运单号: '98834100371_KOR26000101' },
        { 提运单号: '98834100371_KOR26000102', '原产国（地区）': '新加波' },
        { 提运单号: '98834100371_KOR26000103', 件数: 0 },
      ],
    );
    // What the template told to type next: first check, then import.
    const [check = '', lodge = ''] = commandsIn(begun.stdout);
    expect([check, lodge]).toEqual([`check ${file}`, `import ${file}`]);
    expect(await declarant(place, check.split(' '), env)).toMatchObject({ code: 1 });

    const first = await declarant(
      place,
      [...lodge.split(' '), '--yes', '--out', 'day', '--report', 'xlsx'],
      env,
    );
    expect(first).toMatchObject({ code: 1 });
    const told = await resultLines(join(place.folder, 'day'));
    expect(told.map(({ outcome }) => outcome)).toEqual(['accepted', 'set-aside', 'set-aside']);
    const copy = annotatedIn(join(place.folder, 'day'));
    expect(first.stdout).toContain(copy);

    // Both mistakes are mended where the comments stand, with what they say.
    const book = await openWorkbook(copy);
    const sheet = book.worksheets[0];
    const cells = told.flatMap(({ problems }) =>
      problems.flatMap(({ cell, severity }) => (severity === 'error' && cell !== undefined ? [cell] : [])),
    );
    expect(cells).toHaveLength(2);
    const notes = cells.map((cell) => JSON.stringify(sheet?.getCell(cell).note));
    expect(notes[0]).toContain('SGP');
    for (const [at, value] of ['SGP', 41].entries()) {
      const cell = sheet?.getCell(cells[at] ?? '');
      if (cell !== undefined) cell.value = value;
    }
    await book.xlsx.writeFile(copy);

    const again = await declarant(
      place,
      ['import', copy, '--yes', '--out', 'again', '--report', 'none', '--wait', '30'],
      env,
    );
    expect(again).toMatchObject({ code: 0 });
    const last = await resultLines(join(place.folder, 'again'));
    expect(last.map(({ outcome, isEarlier }) => [outcome, isEarlier ?? false])).toEqual([
      ['accepted', true],
      ['accepted', false],
      ['accepted', false],
    ]);

    // Releases come later: each question takes the next words of the window.
    const settled = lang === 'zh' ? /^ *已(?:放行|结关) +(\d+)/gmu : /^ *(?:released|cleared) +(\d+)/gmu;
    await expect
      .poll(
        async () => {
          await declarant(place, ['reconcile'], env);
          const { stdout } = await declarant(place, ['status'], env);
          return [...stdout.matchAll(settled)].reduce((sum, [, count]) => sum + Number(count), 0);
        },
        { timeout: 200_000, interval: 200 },
      )
      .toBe(3);
  });
});
