/** Templates: made from the pack, filled in, and read again with no mapping. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { codesMark, templateMark } from '../../src/model/template.ts';
import { loadPack } from '../../src/pack/load.ts';
import { readTemplate } from '../../src/pack/template.ts';
import { planTemplate } from '../../src/pipeline/template.ts';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';
import { convertedBy, hasLibreOffice } from '../reports/libre-office.ts';
import { openWorkbook } from '../scenarios/annotated-copy.ts';
import { exampleAsOwn } from '../scenarios/fill-template.ts';

// Processes and large files: on a busy machine they take their time.
vi.setConfig({ testTimeout: 240_000 });

const pack = await loadPack('cn-goods-declaration');
const kinds = (['import', 'export'] as const).flatMap((direction) =>
  (['one', 'two'] as const).map((layout) => ({ direction, layout })),
);

async function made(place: Place, words: readonly string[]): Promise<string> {
  const { code, stderr } = await declarant(place, ['template', ...words]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return join(place.folder, words[words.indexOf('-o') + 1] ?? '');
}

async function results(
  place: Place,
  words: readonly string[],
): Promise<{
  code: number | null;
  lines: readonly {
    type: string;
    outcome: string;
    problems: readonly object[];
    rows?: number;
    notices?: readonly { code: string }[];
  }[];
}> {
  const { code, stdout } = await declarant(place, [...words, '--format', 'ndjson']);
  return {
    code,
    lines: stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

describe.each(kinds)('a template of $direction on $layout', ({ direction, layout }) => {
  const words = ['--direction', direction, '--layout', layout, '-o', '清单.xlsx'];

  test('holds an example that is valid once it has a reference of its own', async () => {
    const place = await freshPlace();
    await exampleAsOwn(await made(place, words), ['A-1']);
    // The example's goods arrived on a day of 2026, and a deadline runs from it.
    const { code, lines } = await results(place, ['check', '清单.xlsx', '--as-of', '2026-11-20']);
    const errors = lines.flatMap((line) => (line.type === 'row' ? line.problems : []));
    expect(errors).toEqual([]);
    expect(code).toBe(0);
    // The example itself is left out, and nothing else is worth a word.
    expect([...new Set(lines.at(-1)?.notices?.map((notice) => notice.code))]).toEqual(['table/example']);
  });

  test.runIf(layout === 'one')('offers only choices that import reads as the code they begin with', () => {
    const template = planTemplate({
      pack,
      template: readTemplate('cn-goods-declaration', pack, direction),
      mapping: undefined,
      direction,
      layout,
      lang: 'zh',
    });
    const wrong = template.sheets
      .flatMap(({ columns }) => columns)
      .flatMap(({ path, list }) => {
        const field = [...pack.fields.values()].find((each) => each.path === path);
        return (template.lists.get(list ?? '') ?? []).filter((entry) => {
          const parsed = field && pack.parseCell(field.path, entry);
          return parsed?.value !== entry.split(' ')[0] || (parsed?.issues?.length ?? 0) > 0;
        });
      });
    expect(wrong).toEqual([]);
    expect(template.lists.size).toBeGreaterThan(10);
  });
});

test('an empty template holds no row to lodge', async () => {
  const place = await freshPlace();
  await made(place, ['-o', '清单.xlsx']);
  const { code, lines } = await results(place, ['check', '清单.xlsx']);
  expect(code).toBe(0);
  expect(lines.map(({ rows }) => rows)).toEqual([0]);
});

describe('a template as a workbook', () => {
  test('bounds its drop-downs and has its codes as text', async () => {
    const place = await freshPlace();
    const book = await openWorkbook(await made(place, ['-o', 't.xlsx']));
    const sheet = book.worksheets[0];
    const validations = (
      sheet as unknown as { dataValidations: { model: Record<string, { type: string; formulae: string[] }> } }
    ).dataValidations.model;
    const lists = Object.values(validations).filter(({ type }) => type === 'list');
    expect(lists.length).toBeGreaterThan(100);
    expect(lists.every(({ formulae }) => /^codes!\$[A-Z]+\$2:\$[A-Z]+\$\d+$/u.test(formulae[0] ?? ''))).toBe(
      true,
    );
    expect(Object.keys(validations).some((cell) => /[A-Z]2004$/u.test(cell))).toBe(false);
    const headers = sheet?.getRow(1).values;
    const column = Array.isArray(headers) ? headers.indexOf('成交方式*') : -1;
    expect(sheet?.getColumn(column).numFmt).toBe('@');
    expect(sheet?.getCell(1, column).note).toBeDefined();
  });

  test('keeps its id and its codes on sheets that nobody sees', async () => {
    const place = await freshPlace();
    const book = await openWorkbook(await made(place, ['-o', 't.xlsx']));
    const hidden = book.worksheets.filter(({ state }) => state !== 'visible');
    expect(hidden.map((sheet) => sheet.getCell(1, 1).value)).toEqual([codesMark, templateMark]);
    expect(hidden[1]?.getRow(1).values).toEqual([undefined, templateMark, pack.name, pack.version, 'import']);
  });

  test.skipIf(!hasLibreOffice)(
    'opens in LibreOffice with its headers, comments and drop-downs',
    { timeout: 180_000 },
    async () => {
      const place = await freshPlace();
      const text = await convertedBy(await made(place, ['-o', 't.xlsx']), 'fods', place.folder);
      expect(text).toContain('业务编号*');
      expect(text.match(/<office:annotation /gu)?.length).toBeGreaterThan(60);
      expect(text).toContain('cell-content-is-in-list([$codes.');
      expect(text).not.toContain('of:=');
    },
  );

  test('never replaces a file', async () => {
    const place = await freshPlace();
    const path = await made(place, ['-o', 't.xlsx']);
    const before = await readFile(path);
    const { code, stderr } = await declarant(place, ['template', '-o', 't.xlsx', '--lang', 'en']);
    expect(code).toBe(2);
    expect(stderr).toContain('template/file-exists');
    expect(await readFile(path)).toEqual(before);
  });

  test('refuses a name that is neither a workbook nor a CSV', async () => {
    const { code, stderr } = await declarant(await freshPlace(), ['template', '-o', 't.pdf', '--lang', 'en']);
    expect(code).toBe(2);
    expect(stderr).toContain('template/unknown-kind');
  });
});

describe('a template as CSV', () => {
  test('is read with no mapping once it is filled in', async () => {
    const place = await freshPlace();
    const path = await made(place, ['-o', 't.csv']);
    const text = await readFile(path, 'utf8');
    const example = text.split('\r\n')[2] ?? '';
    await writeFile(path, text + example.replace('示例/EXAMPLE-1', 'A-1').replaceAll(/(^|,)'(?=\d)/gu, '$1'));
    const { code, lines } = await results(place, ['check', 't.csv']);
    expect(lines.filter(({ type }) => type === 'row').map(({ outcome }) => outcome)).toEqual(['valid']);
    expect(code).toBe(0);
  });
});

async function withId(
  place: Place,
  change: (id: { getCell: (line: number, column: number) => { value: unknown } }) => void,
): Promise<void> {
  const path = await made(place, ['-o', 't.xlsx']);
  await exampleAsOwn(path, ['A-1']);
  const book = await openWorkbook(path);
  const id = book.worksheets.find((sheet) => sheet.getCell(1, 1).value === templateMark);
  if (id !== undefined) change(id);
  await book.xlsx.writeFile(path);
}

describe('a template of another version', () => {
  test('is read where its headers still mean the same, and says so', async () => {
    const place = await freshPlace();
    await withId(place, (id) => void (id.getCell(1, 3).value = '2019.1'));
    const { code, lines } = await results(place, ['check', 't.xlsx']);
    expect(code).toBe(0);
    expect(lines.at(-1)?.notices?.map((notice) => notice.code)).toContain('template/other-version');
  });

  test('is refused where a header means another field now, which is named', async () => {
    const place = await freshPlace();
    await withId(place, (id) => {
      id.getCell(1, 3).value = '2019.1';
      id.getCell(4, 2).value = 'DecHead.NoteS';
    });
    const { code, stderr } = await declarant(place, ['check', 't.xlsx', '--lang', 'en']);
    expect(code).toBe(3);
    expect(stderr).toContain('template/changed');
    expect(stderr).toContain('进境关别');
  });

  test('is refused where it belongs to another declaration type', async () => {
    const place = await freshPlace();
    await withId(place, (id) => void (id.getCell(1, 2).value = 'eu-import'));
    const { code, stderr } = await declarant(place, ['check', 't.xlsx', '--lang', 'en']);
    expect(code).toBe(3);
    expect(stderr).toContain('template/other-pack');
  });
});

test('an office that maps its own headers gets them in its template, and no column for what is always the same', async () => {
  const place = await freshPlace();
  const mapping = {
    version: 1,
    sheets: { '*': { columns: { 咱们的贸易方式: 'DecHead.TradeMode' } } },
    constants: { 'DecHead.CustomMaster': '0902' },
  };
  await writeFile(join(place.folder, 'm.json'), JSON.stringify(mapping));
  const path = await made(place, ['--mapping', 'm.json', '-o', 't.xlsx']);
  await exampleAsOwn(path, ['A-1']);
  const headers = JSON.stringify((await openWorkbook(path)).worksheets[0]?.getRow(1).values);
  expect(headers).toContain('"咱们的贸易方式"');
  expect(headers).not.toContain('"申报地海关');
  const { code } = await results(place, ['check', 't.xlsx', '--mapping', 'm.json']);
  expect(code).toBe(0);
});
