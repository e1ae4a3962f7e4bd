/** `declarant inspect` and `declarant map`: what was understood of a file is shown, asked, saved and remembered. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askColumns } from '../../src/commands/ask-columns.ts';
import { loadPack } from '../../src/pack/load.ts';
import { openCatalogue } from '../../src/reports/catalogue.ts';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';

const manifests = join(import.meta.dirname, '..', '..', 'fixtures', 'manifests');

/** The manifest with some headers in other words. */
async function manifest(place: Place, names: Readonly<Record<string, string>>): Promise<string> {
  const text = await readFile(join(manifests, 'dalian-air-imports-utf8.csv'), 'utf8');
  const [header = '', ...rest] = text.split('\n');
  const renamed = header
    .split(',')
    .map((name) => names[name.trim()] ?? name)
    .join(',');
  const file = join(place.folder, 'manifest.csv');
  await writeFile(file, [renamed, ...rest].join('\n'));
  return file;
}

describe('declarant inspect', () => {
  it('shows encoding with its proof, delimiter, header line, and each column with field, evidence and examples', async () => {
    const { stdout, code } = await declarant(await freshPlace(), [
      'inspect',
      join(manifests, 'dalian-air-imports-gb18030.csv'),
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Encoding +gb18030 .*业务编号,进出口标志/u);
    expect(stdout).toMatch(/Delimiter +, /u);
    expect(stdout).toContain('header on line 1: 69 of 69 names are known');
    expect(stdout).toMatch(/V +进口日期 +DecHead.IEDate .* header word 100% +2026/u);
  });

  it('shows the sheets of a workbook, and the line of its header', async () => {
    const { stdout, code } = await declarant(await freshPlace(), [
      'inspect',
      join(manifests, 'dalian-sea-exports.xlsx'),
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Sheets +表头, 表体, 集装箱/u);
    expect(stdout.match(/header on line 1/gu)).toHaveLength(3);
  });

  it('tells scripts the same as JSON, with what is unknown and what a guess rests on', async () => {
    const place = await freshPlace();
    const file = await manifest(place, { 提运单号: '运单编码', 发票编号: '我的列' });
    const { stdout, code } = await declarant(place, ['inspect', file, '--format', 'json']);
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as {
      tables: { columns: { header: string }[] }[];
      notices: { code: string }[];
    };
    const columnOf = (header: string): object | undefined =>
      told.tables[0]?.columns.find((each) => each.header === header);
    expect(columnOf('运单编码')).toMatchObject({ fields: ['DecHead.BillNo'], evidence: 'guess' });
    expect(columnOf('我的列')).toMatchObject({ fields: [], evidence: 'none' });
    expect(told.notices.map(({ code: each }) => each)).toEqual(['header/guessed', 'header/unknown']);
  });

  it('inspects a file that cannot be mapped', async () => {
    const place = await freshPlace();
    await writeFile(join(place.folder, 'odd.csv'), '你好,世界\n1,2\n');
    const { stdout, code } = await declarant(place, ['inspect', 'odd.csv', '--lang', 'zh']);
    expect(code).toBe(0);
    expect(stdout).toContain('没有认得出的表头');
    expect(stdout).toContain('你好 | 世界');
  });

  it('says which required fields are open, and is done all the same', async () => {
    const place = await freshPlace();
    await writeFile(join(place.folder, 'few.csv'), '提运单号,毛重,商品编号\n78434211376,1,9031499000\n');
    const { stdout, code } = await declarant(place, ['inspect', 'few.csv']);
    expect(code).toBe(0);
    expect(stdout).toContain('mapping/required-field-without-column');
  });
});

describe('declarant map', () => {
  it('answers 3 without a terminal, with lines to add that are a mapping file', async () => {
    const place = await freshPlace();
    const file = await manifest(place, { 提运单号: '运单编码' });
    const { stdout, code } = await declarant(place, ['map', file]);
    expect(code).toBe(3);
    const lines = stdout.split('\n').find((line) => line.startsWith('{"version":1')) ?? '';
    await writeFile(join(place.folder, 'mapping.json'), lines);
    const again = await declarant(place, ['map', file, '--mapping', 'mapping.json']);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('mapping file 100%');
  });

  it('saves no guess as a mapping, and remembers none', async () => {
    const place = await freshPlace();
    const file = await manifest(place, { 提运单号: '运单编码' });
    const { code, stdout } = await declarant(place, ['map', file, '--save', 'saved.json']);
    expect(code).toBe(3);
    expect(stdout).toContain('Add this to saved.json');
    expect(stdout).toContain('Remembered this header; one point is not confirmed');
    expect(await readFile(join(place.folder, 'saved.json'), 'utf8')).not.toContain('运单编码');
    expect((await declarant(place, ['map', file])).code).toBe(3);
  });

  it('remembers what was saved, for its owner alone: the same header is not asked about again', async () => {
    const place = await freshPlace();
    const file = await manifest(place, { 提运单号: '运单编码' });
    await writeFile(
      join(place.folder, 'mapping.json'),
      '{"version":1,"sheets":{"*":{"columns":{"运单编码":"DecHead.BillNo"}}}}',
    );
    await declarant(place, ['map', file, '--mapping', 'mapping.json', '--save', 'saved.json']);
    const folder = join(place.folder, 'state', 'declarant', 'mappings');
    const [name = ''] = await readdir(folder);
    const { mode } = await stat(join(folder, name));
    // Windows knows no such bits.
    expect(process.platform === 'win32' ? 0o600 : mode & 0o777).toBe(0o600);
    const { stdout, code } = await declarant(place, ['map', file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/运单编码 +DecHead.BillNo .* remembered 100%/u);
    expect((await declarant(place, ['import', file, '--wait', '0'])).code).not.toBe(3);
  });

  it('takes what the office remembers from the folder that --mappings names', async () => {
    const place = await freshPlace();
    const file = await manifest(place, { 提运单号: '运单编码' });
    const other = await freshPlace();
    await writeFile(
      join(other.folder, 'mapping.json'),
      '{"version":1,"sheets":{"*":{"columns":{"运单编码":"DecHead.BillNo"}}}}',
    );
    await declarant(place, [
      'map',
      file,
      '--mapping',
      join(other.folder, 'mapping.json'),
      '--save',
      join(other.folder, 'mapping.json'),
    ]);
    const { stdout, code } = await declarant(await freshPlace(), ['map', file, '--mappings', other.folder]);
    expect(code).toBe(0);
    expect(stdout).toContain('remembered 100%');
  });

  it('says which remembered file cannot be read, and goes on without it', async () => {
    const place = await freshPlace();
    const file = await manifest(place, {});
    await writeFile(join(place.folder, 'broken.json'), '{');
    const { stdout, code } = await declarant(place, ['inspect', file, '--mappings', place.folder]);
    expect(code).toBe(0);
    expect(stdout).toContain('mapping/memory-unreadable');
  });
});

describe('asking about columns', async () => {
  const pack = await loadPack('cn-goods-declaration');
  const catalogue = openCatalogue();
  const context = {
    lang: 'en',
    fieldTitle: () => undefined,
    render: (problem: Parameters<typeof catalogue.render>[0]) => catalogue.render(problem, 'en'),
  } as const;
  const questions = [
    {
      sheet: '*',
      column: 3,
      header: '运单编码',
      samples: ['78434211376'],
      proposed: 'DecHead.BillNo',
      choices: ['DecHead.BillNo'],
    },
    {
      sheet: '*',
      column: 5,
      header: '备注',
      samples: ['加急'],
      choices: ['DecHead.NoteS', 'DecHead.MarkNo'],
    },
  ] as const;
  const answer = async (typed: string): Promise<{ answered: readonly unknown[]; shown: string }> => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let shown = '';
    output.setEncoding('utf8').on('data', (text: string) => (shown += text));
    input.end(typed);
    const answered = await askColumns(questions, { pack, context, terminal: { input, output } });
    return { answered: answered.map(({ question, target }) => [question.header, target]), shown };
  };

  it('shows examples and numbered fields, and takes an empty line for yes', async () => {
    const { answered, shown } = await answer('\n2\n');
    expect(answered).toEqual([
      ['运单编码', 'DecHead.BillNo'],
      ['备注', 'DecHead.MarkNo'],
    ]);
    expect(shown).toContain('D  运单编码: 78434211376');
    expect(shown).toContain('  2  DecHead.MarkNo');
  });

  it('asks again where it does not understand, and leaves open what is put off', async () => {
    const { answered, shown } = await answer('7\n-\n\n');
    expect(answered).toEqual([['运单编码', null]]);
    expect(shown).toContain('There is no such number or field.');
  });

  it('saves nothing where the answers end too early', async () => {
    await expect(answer('\n')).rejects.toMatchObject({ code: 'mapping/not-answered' });
  });
});
