/** `declarant explain` and `declarant problems` as a user runs them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declarant, freshPlace } from '../cli/run-cli.ts';
import { bent, declarations, header } from '../pipeline/valid-rows.ts';

function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('');
}

/** One declaration that the sandbox window rejects. */
const refused = csv([
  header,
  ...(declarations[0] ?? []).map((row) => bent(row, { 报关单备注: '#SANDBOX:reject' })),
]);

const entry = {
  id: 'office/sandbox',
  group: 'office',
  title: { zh: '演练窗口的退单', en: 'A rejection of the sandbox' },
  words: ['指令要求沙盒窗口这样答复'],
  cause: { zh: '备注里写了演练指令', en: 'The remarks hold a word for the sandbox' },
  steps: { zh: ['删去备注里的指令。'], en: ['Remove the word from the remarks.'] },
  source: 'own experience',
};

describe('declarant explain', () => {
  it('tells cause, steps, example and source of a code', async () => {
    const { stdout, code } = await declarant(await freshPlace(), [
      'explain',
      'rule/net-above-gross',
      '--lang',
      'zh',
    ]);
    expect(code).toBe(0);
    for (const label of ['原因：', '怎么办：', '改前：', '改后：', '依据：']) expect(stdout).toContain(label);
  });

  it('takes a receipt code of the window in any of its three forms', async () => {
    const place = await freshPlace();
    const told = await Promise.all(
      ['Z', 'CHANNEL=Z', 'receipt/Z'].map((name) => declarant(place, ['explain', name])),
    );
    expect(told.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(new Set(told.map(({ stdout }) => stdout)).size).toBe(1);
    expect(told[0]?.stdout).toContain('receipt/Z');
  });

  it('names the nearest code where there is none such', async () => {
    const { stderr, code } = await declarant(await freshPlace(), ['explain', 'value/not-a-dat']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/usage\/unknown-problem-code[^]*declarant explain value\/not-a-date/u);
  });

  it('gives the whole entry as JSON, in both languages', async () => {
    const { stdout } = await declarant(await freshPlace(), [
      'explain',
      'help/hid-mismatch',
      '--format',
      'json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      id: 'help/hid-mismatch',
      title: { zh: 'Hid 不匹配' },
      steps: { en: expect.any(Array) as unknown[] },
    });
  });
});

describe('declarant problems', () => {
  it('lists the groups and their counts without a query', async () => {
    const { stdout, code } = await declarant(await freshPlace(), ['problems', '--lang', 'zh']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/import-client +\d+ +导入客户端和卡/u);
  });

  it('answers a symptom with the best matches', async () => {
    const { stdout } = await declarant(await freshPlace(), ['problems', '科学计数法', '--lang', 'zh']);
    expect(stdout.split('\n')[0]).toBe('help/scientific-notation  长编号变成科学计数法');
  });

  it('takes several words as one query', async () => {
    const { stdout } = await declarant(await freshPlace(), [
      'problems',
      'card',
      'password',
      '--format',
      'ndjson',
    ]);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({
      id: expect.stringContaining('help/card-password') as string,
    });
  });

  it('says so where nothing is found', async () => {
    const { stdout, stderr, code } = await declarant(await freshPlace(), ['problems', 'qqqzzz']);
    expect([stdout, code]).toEqual(['', 0]);
    expect(stderr).toContain('Nothing found');
  });

  it('lets an office’s entry win, and refuses a folder that is not there', async () => {
    const place = await freshPlace();
    await mkdir(join(place.folder, '答复'));
    await writeFile(join(place.folder, '答复', 'ours.json'), JSON.stringify({ entries: [entry] }));
    const { stdout } = await declarant(place, ['explain', 'office/sandbox', '--problems', '答复']);
    expect(stdout).toContain('Remove the word from the remarks.');
    const missing = await declarant(place, ['problems', '--problems', '没有']);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('problems/folder-unreadable');
  });

  it('learns from the ledger what no entry explains; written down, it stands in the results of the next run', async () => {
    const place = await freshPlace();
    await writeFile(join(place.folder, 'm.csv'), refused);
    await declarant(place, ['import', 'm.csv', '--wait', '30']);
    const learnt = await declarant(place, ['problems', '--learn', '--save', 'ours.json']);
    expect(learnt.code).toBe(0);
    expect(learnt.stdout).toMatch(/1 ×.*#SANDBOX/u);
    const saved: unknown = JSON.parse(await readFile(join(place.folder, 'ours.json'), 'utf8'));
    expect(saved).toMatchObject({
      entries: [
        { seen: 1, words: [expect.stringContaining('#SANDBOX') as string], cause: { zh: '', en: '' } },
      ],
    });

    await mkdir(join(place.folder, 'answers'));
    await writeFile(join(place.folder, 'answers', 'ours.json'), JSON.stringify({ entries: [entry] }));
    const office = { DECLARANT_PROBLEMS: join(place.folder, 'answers') };
    const shown = await declarant(place, ['import', 'm.csv'], office);
    expect(shown.stdout).toContain('Remove the word from the remarks. [declarant explain office/sandbox]');
    const known = await declarant(place, ['problems', '--learn'], office);
    expect(known.stdout).toContain('Every rejection is explained');
  });
});
