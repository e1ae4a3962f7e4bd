/** The common-problem catalogue: whole, in both languages, found by what people type or paste. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { problemDocs } from '../../src/commands/make-problem-docs.ts';
import { parseDeclarationKey } from '../../src/model/ids.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import { Stop } from '../../src/model/stop.ts';
import { loadExplanations } from '../../src/pack/explanations.ts';
import { loadPack } from '../../src/pack/load.ts';
import { openCatalogue } from '../../src/reports/catalogue.ts';
import { collectUnexplained, skeletons } from '../../src/reports/common-problems/learn.ts';
import { openCommonProblems } from '../../src/reports/common-problems/open.ts';
import { readGroups } from '../../src/reports/common-problems/read.ts';
import { search, termsOf } from '../../src/reports/common-problems/search.ts';
import { emittedCodes } from './emitted-codes.ts';

const schemas = join(import.meta.dirname, '../../schemas');
const pack = loadExplanations('cn-goods-declaration');
const problems = openCommonProblems({ pack });
const all = problems.all();
const first = (query: string): string | undefined => search(all, query)[0]?.entry.id;
const found = (query: string): readonly string[] => search(all, query).map(({ entry }) => entry.id);

function readJson(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(schemas, ...path), 'utf8'));
}

const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(
  readJson('declarant', 'common-problem.schema.json') as object,
);

async function officeFolder(entries: readonly object[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'declarant-条目-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '本单位.json'), JSON.stringify({ entries }));
  return folder;
}

const text = (zh: string) => ({ zh, en: zh });
const own = {
  id: 'office/duty-room',
  group: 'office',
  title: text('值班室要求'),
  words: ['须附情况说明'],
  cause: text('大连机场的做法'),
  steps: { zh: ['打电话'], en: ['Call'] },
  source: 'own experience',
};

function rejected(id: string, code: string, message: string): Receipt {
  const key = parseDeclarationKey('A1');
  if (key === undefined) throw new Error('no key');
  return { key, id, state: 'rejected', at: '2026-11-22T08:00:00+08:00', code, text: message, problems: [] };
}

describe('the entries', () => {
  const folders = [join('declarant', 'common-problems'), join('cn', 'goods-declaration', 'common-problems')];
  const files = folders.flatMap((folder) =>
    readdirSync(join(schemas, folder))
      .filter((name) => name !== 'groups.json')
      .map((name) => join(folder, name)),
  );

  test.each(files)('%s is as its JSON Schema has it', (file) => {
    validate(readJson(file));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('give no id twice', () => {
    const ids = files.flatMap((file) =>
      (readJson(file) as { entries: { id: string }[] }).entries.map(({ id }) => id),
    );
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('are more than 120, and at least 60 of the helpdesk’s kind in its eight groups', () => {
    const help = all.filter(({ id }) => id.startsWith('help/'));
    expect(all.length).toBeGreaterThan(120);
    expect(help.length).toBeGreaterThanOrEqual(60);
    const groups = [
      'import-client',
      'receipts',
      'rejections',
      'spreadsheets',
      'codes',
      'seals-and-certificates',
      'attachments',
      'amendments',
    ];
    expect(groups.filter((group) => !help.some((entry) => entry.group === group))).toEqual([]);
  });

  it('answer every code that the program can emit', async () => {
    const extra = (await loadPack('cn-goods-declaration')).problems;
    const codes = new Set([
      ...emittedCodes().keys(),
      ...openCatalogue({ extra }).codes(),
      ...pack.fills.keys(),
    ]);
    const known = openCatalogue({ extra });
    expect(
      [...codes].filter((code) => problems.find(code) === undefined && known.find(code) !== undefined),
    ).toEqual([]);
    expect(codes.size).toBeGreaterThan(200);
  });

  it('leave nothing empty in either language, and no gap that a reader would not understand', () => {
    const texts = all.flatMap(({ id, title, cause, steps, source }) =>
      [title.zh, title.en, cause.zh, cause.en, ...steps.zh, ...steps.en, source].map(
        (each) => [id, each] as const,
      ),
    );
    expect(texts.filter(([, each]) => each.trim() === '' || /\{[A-Za-z]+\}/u.test(each))).toEqual([]);
  });

  it('say Chinese in Chinese and English in English', () => {
    const isChinese = /[\u4e00-\u9fff]/u;
    expect(all.filter(({ cause }) => !isChinese.test(cause.zh)).map(({ id }) => id)).toEqual([]);
    expect(all.filter(({ title }) => title.en === title.zh).map(({ id }) => id)).toEqual([]);
  });

  it('belong to groups that have a name', () => {
    const groups = readGroups();
    expect(all.filter(({ group }) => !groups.has(group)).map(({ id }) => id)).toEqual([]);
  });

  it('stand in docs/problems.md as they are', () => {
    expect(readFileSync(join(schemas, '..', 'docs', 'problems.md'), 'utf8') === problemDocs()).toBe(true);
  });
});

describe('the search', () => {
  test.each([
    ['科学计数法', 'help/scientific-notation'],
    ['18位变成E+17', 'help/scientific-notation'],
    ['退单', 'help/rejected-by-customs'],
    ['错误：等待响应超时！', 'help/response-timeout'],
    ['当前设备允许登录用户名为：林晓禾', 'help/device-of-another-user'],
    [
      '暂存失败：商品序号1：,出口享惠情况填制不规范（尚未与最终目的国签署并实施优惠贸易安排）',
      'help/export-preference',
    ],
    ['第3项商品缺少B证', 'help/saved-with-warning'],
    ['卡锁死了怎么办', 'help/card-password-wrong'],
    ['leading zeros lost', 'help/leading-zeros'],
    ['receipt/Z', 'receipt/Z'],
    ['value/no-such-day', 'value/no-such-day'],
  ])('finds for “%s” first %s', (query, id) => {
    expect(first(query)).toBe(id);
  });

  it('finds each literal text of the window when it is pasted', () => {
    const missed = all.flatMap(({ id, words }) =>
      words.filter((each) => !found(each.replaceAll(/…|XXX/gu, '12')).includes(id)),
    );
    expect(missed).toEqual([]);
  });

  it('finds nothing for words that stand nowhere', () => {
    expect(found('qqqzzz')).toEqual([]);
  });

  it('reads Chinese by pairs of characters and the rest by words', () => {
    expect(termsOf('18位变成E+17，退单')).toEqual(['18', '位变', '变成', 'e+17', '退单']);
  });

  it('never throws, and always gives the same answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (query) => {
        expect(found(query)).toEqual(found(query));
      }),
      { numRuns: 30 },
    );
  });
});

describe('a word of the window', () => {
  it('is explained by its text before its code', () => {
    expect(problems.explainReceipt({ code: 'E', text: '商品序号1：出口享惠情况填制不规范' }, 'zh')?.id).toBe(
      'help/export-preference',
    );
    expect(problems.explainReceipt({ code: 'E', text: '一段没有人见过的话' }, 'zh')?.id).toBe('receipt/E');
  });

  it('is not explained where neither its text nor its code is known', () => {
    expect(problems.explainReceipt({ code: 'Q9', text: '一段没有人见过的话' }, 'en')).toBeUndefined();
  });

  it('keeps upper and lower case of codes apart', () => {
    expect(problems.find('C')?.id).toBe('receipt/C');
    expect(problems.find('CHANNEL=c')?.id).toBe('receipt/c');
  });

  it('puts the steps of its entry into the rendered rejection', () => {
    const catalogue = openCatalogue({ advise: problems.explainReceipt });
    const said = (message: string, windowCode: string, receiptCode = '') =>
      catalogue.render(
        { code: 'lodge/rejected', severity: 'error', facts: { message, windowCode, receiptCode, at: '' } },
        'zh',
      ).remedy;
    expect(said('暂存失败：字段超长', 'Q9')).toContain('declarant explain help/');
    expect(said('一段没有人见过的话', 'Q9', 'Z')).toContain('declarant explain receipt/Z');
    expect(said('一段没有人见过的话', 'Q9')).not.toContain('declarant explain');
  });
});

describe("the office's own entries", () => {
  it('win over ours for the same text, and add to a code of the program what they say of it', async () => {
    const office = await officeFolder([
      { ...own, words: ['海关退单'] },
      { id: 'value/not-a-date', cause: text('我们的模板用了旧日期') },
    ]);
    const opened = openCommonProblems({ pack, office });
    expect(opened.explainReceipt({ code: 'E', text: '海关退单' }, 'zh')?.id).toBe('office/duty-room');
    expect(opened.find('value/not-a-date')).toMatchObject({
      cause: text('我们的模板用了旧日期'),
      steps: problems.find('value/not-a-date')?.steps,
    });
  });

  it.each([
    [{ ...own, cause: { zh: '', en: '' } }, /office\/duty-room: "cause"/u],
    [{ ...own, colour: 'red' }, /no member "colour"/u],
    [{ ...own, id: 'no id' }, /"no id"/u],
    [{ ...own, steps: { zh: ['一', '二'], en: ['one'] } }, /"steps"/u],
  ])('are refused with a word about what is wrong', async (entry, why) => {
    const office = await officeFolder([entry]);
    const stop = (() => {
      try {
        return openCommonProblems({ pack, office });
      } catch (error) {
        return error;
      }
    })();
    expect(stop).toBeInstanceOf(Stop);
    expect(stop).toMatchObject({
      code: 'problems/file-broken',
      exit: 2,
      facts: { reason: expect.stringMatching(why) as string },
    });
  });

  it('are refused where the folder is not there', () => {
    expect(() => openCommonProblems({ pack, office: join(tmpdir(), 'declarant-no-such-folder') })).toThrow(
      'problems/folder-unreadable',
    );
  });
});

describe('learning', () => {
  it('counts the rejections that no entry explains, each receipt once, numbers alike', () => {
    const kept = collectUnexplained(problems);
    kept.add([
      rejected('1', 'E', '第1项归类存疑'),
      rejected('2', 'E', '第12项归类存疑'),
      rejected('2', 'E', '第12项归类存疑'),
    ]);
    kept.add([rejected('3', 'E', '海关退单'), rejected('4', 'Q9', '')]);
    expect(kept.found()).toEqual([
      { code: 'E', text: '第…项归类存疑', seen: 2, example: '第1项归类存疑' },
      { code: 'Q9', text: '', seen: 1, example: '' },
    ]);
  });

  it('makes entries that are refused until filled in, and then explain what was learnt', async () => {
    const kept = collectUnexplained(problems);
    kept.add([rejected('1', 'E', '第1项归类存疑')]);
    const { entries } = skeletons(kept.found()) as { entries: Record<string, unknown>[] };
    const empty = await officeFolder(entries);
    expect(() => openCommonProblems({ pack, office: empty })).toThrow('problems/file-broken');
    const filled = entries.map((entry) => ({
      ...entry,
      cause: text('归类'),
      steps: { zh: ['补充资料'], en: ['Supply'] },
    }));
    validate({ entries: filled });
    expect(validate.errors ?? []).toEqual([]);
    const opened = openCommonProblems({ pack, office: await officeFolder(filled) });
    expect(opened.explainReceipt({ code: 'E', text: '第7项归类存疑' }, 'zh')?.steps).toEqual(['补充资料']);
    expect(opened.explains({ code: 'E', text: '第7项归类存疑' })).toBe(true);
  });
});
