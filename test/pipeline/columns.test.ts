/** What decides a column where its name alone does not, and what stops a file that cannot be decided. */
import { describe, expect, test } from 'vitest';
import { Stop } from '../../src/model/stop.ts';
import { parseMapping } from '../../src/pipeline/mapping.ts';
import type { Remembered } from '../../src/pipeline/memory.ts';
import { mappingLines } from '../../src/pipeline/mapping-lines.ts';
import {
  planBook,
  requireDecided,
  surveyBook,
  unconfirmed,
  type BookPlan,
} from '../../src/pipeline/plan-book.ts';
import { answerOf, questionsOf, withAnswers } from '../../src/pipeline/questions.ts';
import { book, pack, trial, type TrialRow } from './trial-run.ts';
import { bent, declarations, header } from './valid-rows.ts';

const rows = declarations.slice(0, 6).flat();
const renamed = (names: Readonly<Record<string, string>>): readonly string[] =>
  header.map((name) => names[name] ?? name);
const survey = (
  table: readonly TrialRow[],
  more: Partial<Parameters<typeof surveyBook>[1]> = {},
): Promise<BookPlan> =>
  surveyBook(book('m.csv', [{ rows: table }]), { pack, mapping: undefined, firstId: 0, ...more });
const column = (
  { tables }: BookPlan,
  name: string,
): { fields: readonly string[]; evidence: string } | undefined => {
  const found = tables[0]?.columns.find((each) => each.header === name);
  return found && { fields: found.fields.map(({ path }) => path), evidence: found.evidence };
};
const codes = ({ problems, open }: BookPlan): readonly string[] =>
  [...problems, ...open].map(({ code }) => code);
const stopOf = async (work: Promise<unknown>): Promise<Stop | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Stop ? error : undefined),
  );

const dated = (dates: readonly string[]): readonly TrialRow[] => [
  header,
  ...rows.map((row, index) => bent(row, { 启运日期: dates[index % dates.length] ?? '' })),
];
const fromColumnC = (cells: readonly string[]): readonly string[] => ['', '', ...cells];
const fieldsOf = ({ tables }: BookPlan): readonly string[] =>
  tables[0]?.columns.flatMap((each) => each.fields.map(({ path }) => path)) ?? [];

describe('a word of several meanings', () => {
  test('is decided by its neighbour and its values, and said', async () => {
    const plan = await survey([
      renamed({ 成交单位: '单位', 商品序号: '项号', 商品编号: '海关编码' }),
      ...rows,
    ]);
    expect(column(plan, '单位')).toEqual({ fields: ['DecLists.GUnit'], evidence: 'context' });
    expect(column(plan, '项号')).toEqual({ fields: ['DecLists.GNo'], evidence: 'context' });
    expect(column(plan, '海关编码')).toEqual({ fields: ['DecLists.CodeTS'], evidence: 'context' });
    expect(codes(plan).filter((code) => code === 'header/decided-by-context')).toHaveLength(3);
  });

  test('may stand three times: each 单位 belongs to the quantity on its left', async () => {
    const plan = await survey([
      renamed({ 成交单位: '单位', 法定第一单位: '单位', 法定第二单位: '单位' }),
      ...rows,
    ]);
    const found = plan.tables[0]?.columns
      .filter((each) => each.header === '单位')
      .map(({ fields }) => fields[0].path);
    expect(found).toEqual(['DecLists.GUnit', 'DecLists.FirstUnit', 'DecLists.SecondUnit']);
    expect(codes(plan)).not.toContain('header/duplicate');
  });

  test.each([
    ['单位 over company names', { 成交单位: '单位' }, { 成交单位: '大连澄曜光学仪器有限公司' }, '单位'],
    ['项号 that does not count from 1', { 商品序号: '项号' }, { 商品序号: '7' }, '项号'],
    [
      '海关编码 over customs codes of companies',
      { 商品编号: '海关编码' },
      { 商品编号: '21023488A1' },
      '海关编码',
    ],
    ['备注 among the goods columns', { 征免方式: '备注' }, { 征免方式: '上午送达' }, '备注'],
    ['日期, whatever stands beside it', { 进口日期: '日期' }, {}, '日期'],
    ['重量, whatever stands beside it', { '毛重（千克）': '重量' }, {}, '重量'],
  ] as const)('stays open: %s', async (_, names, values, name) => {
    const plan = await survey([renamed(names), ...rows.map((row) => bent(row, values))]);
    expect(column(plan, name)).toBeUndefined();
    expect(codes(plan)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^header\/un(?:decided|known)$/u)]),
    );
  });

  test('备注 is the head’s note where it is one value a declaration, among columns of the head', async () => {
    const noted = declarations
      .slice(0, 6)
      .flatMap((lines, index) => lines.map((row) => bent(row, { 报关单备注: `第 ${index} 票加急` })));
    expect(column(await survey([renamed({ 报关单备注: '备注' }), ...noted]), '备注')?.fields).toEqual([
      'DecHead.NoteS',
    ]);
    const differing = rows.map((row, index) => bent(row, { 报关单备注: `第 ${index} 行` }));
    expect(column(await survey([renamed({ 报关单备注: '备注' }), ...differing]), '备注')).toBeUndefined();
  });
});

describe('a guess', () => {
  const guessed = [renamed({ 提运单号: '运单编码' }), ...rows];

  test('is used by a check and shown with its witnesses', async () => {
    const { summary } = await trial([book('m.csv', [{ rows: guessed }])]);
    expect(summary.byOutcome.valid.rows).toBe(rows.length);
    const said = summary.notices.find(({ code }) => code === 'header/guessed');
    expect(said).toMatchObject({
      severity: 'warning',
      header: '运单编码',
      field: 'DecHead.BillNo',
      facts: { fitting: 6, of: 6 },
    });
  });

  test('stops an import with exit 3 and the line to add, and passes once that line is in the mapping', async () => {
    const plan = await survey(guessed);
    expect(() => requireDecided(plan, 'check')).not.toThrow();
    const stop = await stopOf(Promise.resolve().then(() => requireDecided(plan, 'import')));
    expect(stop).toMatchObject({ code: 'mapping/undecided', exit: 3 });
    const json: unknown = JSON.parse(String(stop?.facts['lines']));
    const mapping = parseMapping(json, { file: 'lines', pack });
    const settled = await survey(guessed, { mapping });
    expect(column(settled, '运单编码')).toEqual({ fields: ['DecHead.BillNo'], evidence: 'mapping' });
    expect(() => requireDecided(settled, 'import')).not.toThrow();
  });

  test('of one field for two columns is none', async () => {
    const at = header.indexOf('提运单号');
    const table = [
      [...renamed({ 提运单号: '运单编码' }), '提单编码'],
      ...rows.map((row) => [...row, row[at] ?? '']),
    ];
    const plan = await survey(table);
    expect([column(plan, '运单编码'), column(plan, '提单编码')]).toEqual([undefined, undefined]);
  });

  test('is never made of a name that only a rare segment has, without another column of that segment', async () => {
    const plan = await survey([[...header, '海关审定完税价格'], ...rows.map((row) => [...row, '12.5'])]);
    expect(column(plan, '海关审定完税价格')).toBeUndefined();
  });
});

describe('lines to add', () => {
  test('name a constant for each required field without a column', async () => {
    const without = header.indexOf('境内收发货人');
    const plan = await survey([header, ...rows].map((row) => row.filter((_, index) => index !== without)));
    expect(JSON.parse(mappingLines(plan, plan.open))).toEqual({
      version: 1,
      constants: { 'DecHead.TradeName': '…' },
    });
  });

  test('name no constant for a field that an open column may be', async () => {
    const origin = header.indexOf('原产国（地区）');
    const broken = rows.map((row) => row.map((cell, at) => (at === origin ? '德意志国' : cell)));
    const plan = await survey([renamed({ '原产国（地区）': '产地' }), ...broken]);
    expect(plan.open).toMatchObject([{ field: 'DecLists.OriginCountry' }]);
    expect(JSON.parse(mappingLines(plan, plan.open))).toEqual({
      version: 1,
      sheets: { '*': { columns: { 产地: 'DecLists.OriginCountry' } } },
    });
  });
});

test('a required field without a column names the columns that were not recognised, up to twelve', async () => {
  const withPort = renamed({ 经停港: '中转港' });
  const unreadOf = async (head: readonly string[], ...body: (readonly string[])[]) =>
    (await survey([head, ...body])).open.map(({ field, facts }) => [field, facts?.['unread']]);
  expect(await unreadOf(withPort, ...rows)).toEqual([['DecHead.DistinatePort', ['中转港']]]);
  const more = Array.from({ length: 14 }, (_, at) => `甲乙${at}`);
  const [[, unread] = []] = await unreadOf([...withPort, ...more], ...rows);
  expect(unread).toEqual(['中转港', ...more.slice(0, 11)]);
});

describe('questions and answers', () => {
  test('a guess is confirmed by an empty line, and then is a mapping', async () => {
    const table = [renamed({ 提运单号: '运单编码' }), ...rows];
    const [question] = questionsOf(await survey(table));
    if (!question) throw new Error('nothing was asked');
    expect(question).toMatchObject({
      header: '运单编码',
      proposed: 'DecHead.BillNo',
      samples: expect.any(Array) as unknown[],
    });
    const answer = answerOf('', question, pack);
    if (answer.kind !== 'target') throw new Error('not understood');
    const mapping = withAnswers(undefined, [{ question, target: answer.target }]);
    expect(unconfirmed(await survey(table, { mapping }))).toEqual([]);
  });

  test.each([
    ['1', { kind: 'target', target: 'DecHead.BillNo' }],
    ['-', { kind: 'target', target: null }],
    ['?', { kind: 'open' }],
    ['', { kind: 'open' }],
    ['decHead.contrNo', { kind: 'target', target: 'DecHead.ContrNo' }],
    ['合同号', { kind: 'target', target: 'DecHead.ContrNo' }],
    ['商品名称及规格型号', { kind: 'target', target: ['DecLists.GName', 'DecLists.GModel'] }],
    ['9', { kind: 'not-understood' }],
    ['备注', { kind: 'not-understood' }],
  ])('%j is understood as %j', (text, expected) => {
    const question = {
      sheet: '*',
      column: 3,
      header: '某列',
      samples: [],
      choices: ['DecHead.BillNo'],
    } as const;
    expect(answerOf(text, question, pack)).toEqual(expected);
  });
});

describe('memory', () => {
  const office: Remembered = {
    name: 'supplier.json',
    owner: 'office',
    headers: renamed({ 提运单号: '我司运号' }),
    columns: Object.fromEntries(
      header.map((name) =>
        name === '提运单号'
          ? ['我司运号', 'DecHead.BillNo']
          : [name, pack.headerWords.get(pack.normaliseHeader(name))?.fields ?? null],
      ),
    ),
  };

  test('a header that was confirmed is not asked about again, in whatever order its columns stand', async () => {
    const names = renamed({ 提运单号: '我司运号' });
    const plan = await survey([names.toReversed(), ...rows.map((row) => row.toReversed())], {
      memory: [office],
    });
    expect(column(plan, '我司运号')).toEqual({ fields: ['DecHead.BillNo'], evidence: 'remembered' });
    expect(unconfirmed(plan)).toEqual([]);
    expect(codes(plan)).toContain('header/reordered');
  });

  test('a header that changed is read as before, and what is new, missing and moved is said', async () => {
    const names = renamed({ 提运单号: '我司运号', 报关单备注: '仓管意见' });
    const plan = await survey([names, ...rows], { memory: [office] });
    expect(column(plan, '我司运号')?.evidence).toBe('remembered');
    const drift = plan.problems.find(({ code }) => code === 'header/drift');
    expect(drift).toMatchObject({
      severity: 'warning',
      facts: { name: 'supplier.json', added: ['仓管意见'], missing: ['报关单备注'], moved: [] },
    });
  });

  test('another header is not touched by it', async () => {
    const plan = await survey(
      [
        ['提运单号', '我司运号', '毛重'],
        ['78434211376', 'X', '1'],
      ],
      { memory: [office] },
    );
    expect(column(plan, '我司运号')).toBeUndefined();
  });

  test('the clerk’s own memory wins over the office’s, and the mapping file over both', async () => {
    const own: Remembered = {
      ...office,
      owner: 'clerk',
      name: 'own.json',
      columns: { ...office.columns, 我司运号: null },
    };
    const table = [renamed({ 提运单号: '我司运号' }), ...rows];
    expect(column(await survey(table, { memory: [office, own] }), '我司运号')).toBeUndefined();
    const mapping = parseMapping(
      { version: 1, sheets: { '*': { columns: { 我司运号: 'DecHead.ContrNo', 合同协议号: null } } } },
      { file: 'm', pack },
    );
    expect(column(await survey(table, { memory: [office], mapping }), '我司运号')).toEqual({
      fields: ['DecHead.ContrNo'],
      evidence: 'mapping',
    });
  });
});

describe('dates of two readings', () => {
  const first = [
    header,
    ...(declarations[0] ?? []).map((row) => bent(row, { 启运日期: '02/11/2026', 进口日期: '2026-11-13' })),
  ];

  test('are read in the order that one date of the column proves, and that is said', async () => {
    const plan = await survey(dated(['01/02/2026', '25/02/2026']));
    expect(plan.tables[0]?.columns.find(({ header: name }) => name === '启运日期')?.dateOrder).toBe(
      'day-first',
    );
    expect(codes(plan)).toContain('header/dates-day-first');
    expect(codes(await survey(dated(['01/02/2026', '02/25/2026'])))).toContain('header/dates-month-first');
  });

  test('are proven by the very last row of a long table', async () => {
    const [line = []] = declarations[0] ?? [];
    const many = Array.from({ length: 700 }, (_, index) =>
      bent(line, { 启运日期: index === 699 ? '13/11/2026' : '02/11/2026' }),
    );
    const plan = await survey([header, ...many]);
    expect(plan.problems.find(({ code }) => code === 'header/dates-day-first')?.facts).toEqual({
      proof: '13/11/2026',
      proofLine: 701,
    });
  });

  test('are refused one by one, naming both readings, where nothing proves an order, or two dates prove two', async () => {
    const { results } = await trial([book('m.csv', [{ rows: first }])]);
    const refused = results[0]?.decision.problems.find(({ code }) => code === 'value/ambiguous-date');
    expect(refused?.facts?.['readings']).toEqual(['2026-02-11', '2026-11-02']);
    expect(codes(await survey(dated(['13/02/2026', '02/25/2026'])))).toContain('header/date-orders-mixed');
  });
});

describe('a second table on the sheet', () => {
  const second: readonly TrialRow[] = [
    header,
    ...rows,
    { line: rows.length + 4, cells: ['集装箱号', '集装箱规格', '拼箱标识'] },
    { line: rows.length + 5, cells: ['MSKU1234565', '11', '0'] },
  ];

  test('stops the run before anything of it is read as goods', async () => {
    const stop = await stopOf(trial([book('m.csv', [{ rows: second }])]));
    expect(stop).toMatchObject({ code: 'table/second-table', exit: 3, facts: { line: rows.length + 4 } });
  });

  test('is left out, and said, by the lines that the stop gives', async () => {
    const stop = await stopOf(trial([book('m.csv', [{ rows: second }])]));
    const mapping = parseMapping(JSON.parse(String(stop?.facts['lines'])), { file: 'm', pack });
    const { results, summary } = await trial([book('m.csv', [{ rows: second }])], { mapping });
    expect(results.length).toBe(rows.length);
    expect(summary.notices.map(({ code }) => code)).toContain('table/below-last-line');
  });
});

describe('how headers are written', () => {
  test('units, required marks, line breaks and a table that begins in column C change nothing', async () => {
    const odd = header.map((name) => `*${name.slice(0, 2)}\n${name.slice(2)}`.replace('（千克）', '(KG)'));
    const plan = await survey([
      fromColumnC(['大连机场进口报关清单']),
      fromColumnC(odd),
      ...rows.map(fromColumnC),
    ]);
    const before = await survey([header, ...rows]);
    expect(fieldsOf(plan)).toEqual(fieldsOf(before));
    expect(plan.tables[0]?.columns[0]?.column).toBe(2);
  });

  test('a file without a header is surveyed all the same', async () => {
    const plan = await survey([
      ['你好', '世界'],
      ['1', '2'],
    ]);
    expect(plan.tables).toEqual([]);
    expect(plan.leftOut[0]?.firstRow).toEqual(['你好', '世界']);
    expect(
      await stopOf(planBook(book('m.csv', [{ rows: [['你好']] }]), { pack, mapping: undefined, firstId: 0 })),
    ).toMatchObject({ code: 'header/not-found' });
  });
});
