/** Rows become declarations, whatever the layout of the manifest. */
import { describe, expect, test } from 'vitest';
import { book, errors, trial, type TrialRow } from './trial-run.ts';
import { bent, declarations, header } from './valid-rows.ts';

const four = declarations.slice(0, 4);
const rows = four.flat();
const at = (name: string): number => header.indexOf(name);
const goodsFrom = at('商品序号');
const defaults = {};

const outcomes = async (table: readonly TrialRow[], chunk?: number): Promise<readonly string[]> =>
  (await trial([book('m.csv', [{ rows: table }], chunk)], defaults)).results.map(
    ({ ref, decision }) =>
      `${ref.line} ${decision.key ?? ''} ${decision.outcome} ${errors({ ref, decision }).join(' ')}`,
  );

describe('layouts', () => {
  test('head cells repeated on each goods line, or only on the first line, give the same declarations', async () => {
    const repeated = await outcomes([header, ...rows]);
    const once = four.flatMap((lines) =>
      lines.map((row, index) =>
        index === 0 ? row : row.map((cell, column) => (column < goodsFrom ? '' : cell)),
      ),
    );
    expect(repeated.every((line) => line.includes(' valid'))).toBe(true);
    expect(await outcomes([header, ...once])).toEqual(repeated);
  });

  test('the size of the chunks that are read does not matter', async () => {
    expect(await outcomes([header, ...rows], 1)).toEqual(await outcomes([header, ...rows]));
  });

  test('a head sheet and a goods sheet joined by the reference give the same declarations', async () => {
    const heads = four.map(([first]) => (first ?? []).slice(0, goodsFrom));
    const lines = four.flatMap((each) => each.map((row) => [row[0] ?? '', ...row.slice(goodsFrom)]));
    const two = book('m.xlsx', [
      { name: '表头', rows: [header.slice(0, goodsFrom), ...heads] },
      { name: '表体', rows: [[header[0] ?? '', ...header.slice(goodsFrom)], ...lines] },
    ]);
    const { results, summary } = await trial([two]);
    expect(results.flatMap(errors)).toEqual([]);
    expect(summary).toMatchObject({
      declarations: 4,
      rows: 4 + lines.length,
      byOutcome: { valid: { declarations: 4 } },
    });
  });

  test('a head line without goods, and goods without a head, are set aside by name', async () => {
    const heads = four.map(([first]) => (first ?? []).slice(0, goodsFrom));
    const lines = four.slice(1).flatMap((each) => each.map((row) => [row[0] ?? '', ...row.slice(goodsFrom)]));
    const two = book('m.xlsx', [
      { name: '表头', rows: [header.slice(0, goodsFrom), ...heads] },
      {
        name: '表体',
        rows: [
          [header[0] ?? '', ...header.slice(goodsFrom)],
          ...lines,
          ['NOBODY', ...(lines[0] ?? []).slice(1)],
        ],
      },
    ]);
    const { results } = await trial([two]);
    const found = results.flatMap((result) => errors(result).filter((code) => code.startsWith('group/')));
    expect(found.toSorted()).toEqual(['group/no-head', 'group/no-lines']);
  });

  test('rows of one declaration that lie scattered are joined, and the results keep the order of the rows', async () => {
    const [a = [], b = [], c = [], d = []] = four;
    const scattered = [...a.slice(0, 1), ...b, ...a.slice(1), ...c.slice(0, 1), ...d, ...c.slice(1)];
    const { results, summary } = await trial([book('m.csv', [{ rows: [header, ...scattered] }])]);
    expect(results.flatMap(errors)).toEqual([]);
    expect(summary.declarations).toBe(4);
    expect(results.map(({ ref }) => ref.line)).toEqual(scattered.map((_, index) => index + 2));
    expect(results[0]?.decision.rows.length).toBe(a.length);
  });

  test('a declaration that stands in two files is a duplicate in the second, which names the first', async () => {
    const { results } = await trial([
      book('a.csv', [{ rows: [header, ...rows] }]),
      book('b.csv', [{ rows: [header, ...(four[1] ?? [])] }]),
    ]);
    const twice = results.filter(({ ref }) => ref.file === 'b.csv');
    expect(twice.every(({ decision }) => decision.outcome === 'duplicate')).toBe(true);
    expect(twice[0]?.decision.problems[0]).toMatchObject({
      code: 'duplicate/within-run',
      facts: { firstFile: 'a.csv', firstLine: 2 + (four[0]?.length ?? 0) },
    });
  });

  test('head cells that disagree set the declaration aside and name both cells', async () => {
    const [first = [], second = []] = declarations.find((each) => each.length > 1) ?? [];
    const { results } = await trial([
      book('m.csv', [{ rows: [header, first, bent(second, { '毛重（千克）': '1' })] }]),
    ]);
    const problem = results[0]?.decision.problems.find(({ code }) => code === 'group/head-disagrees');
    expect(problem).toMatchObject({
      row: { line: 3 },
      column: at('毛重（千克）'),
      value: '1',
      facts: { otherCell: expect.stringMatching(/2$/u) as string },
    });
    expect(results.every(({ decision }) => decision.outcome === 'set-aside')).toBe(true);
  });

  test('titles, a group row, a second language, totals and notes are no rows, and what was left out is said', async () => {
    const english = header.map((name) =>
      name === '提运单号'
        ? 'B/L NO.'
        : name === '商品编号'
          ? 'HS CODE'
          : name === '毛重（千克）'
            ? 'G.W.'
            : '',
    );
    const total = header.map((_, column) => (column === 1 ? '合计' : column === at('申报总价') ? '99' : ''));
    const table: TrialRow[] = [
      { line: 1, cells: ['大连机场进口报关清单'] },
      { line: 3, cells: header },
      { line: 4, cells: english },
      ...rows.map((cells, index) => ({ line: index + 5, cells })),
      { line: rows.length + 5, cells: total },
      { line: rows.length + 8, cells: ['制表人：林晓禾'] },
    ];
    const { results, summary } = await trial([book('m.csv', [{ rows: table }])]);
    expect(results.length).toBe(rows.length);
    expect(results.flatMap(errors)).toEqual([]);
    expect(summary.notices.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['table/totals', 'table/note']),
    );
  });
});
