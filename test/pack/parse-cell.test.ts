/** Cell text becomes a value: exactly, told where anything was changed, and with one error where it cannot be read. */
import { array, assert, bigInt, constantFrom, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldPath } from '../../src/model/declaration.ts';
import { loadPack } from '../../src/pack/load.ts';

const pack = await loadPack('cn-goods-declaration');
const parse = (field: FieldPath, text: string): [string, ...string[]] => {
  const { value, issues = [] } = pack.parseCell(field, text);
  return [value, ...issues.map(({ code, severity }) => `${severity} ${code}`)];
};

/** Any UTF-16 units, halves of characters included. */
const anyText = array(nat({ max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units));

describe('numbers', () => {
  it.each([
    ['12.50', '12.5'],
    ['0012', '12'],
    ['+3', '3'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-0.0', '0'],
    ['9007199254740993.12345', '9007199254740993.12345'],
  ])('reads %s as %s without a word', (text, value) => {
    expect(parse('DecHead.GrossWet', text)).toEqual([value]);
  });

  it.each([
    ['DecHead.GrossWet', '12.5KG', '12.5', 'info value/unit-removed'],
    ['DecHead.NetWt', '12.5 千克', '12.5', 'info value/unit-removed'],
    ['DecHead.NetWt', ' １２．５ ', '12.5', 'info value/half-width'],
    ['DecHead.NetWt', '1,234.50', '1234.5', 'info value/grouping-removed'],
    ['DecHead.NetWt', '1,234,567', '1234567', 'info value/grouping-removed'],
    ['DecHead.NetWt', '12\u00a0345.6', '12345.6', 'info value/grouping-removed'],
    ['DecHead.NetWt', '1.2吨', '1.2吨', 'error value/other-unit'],
    ['DecHead.NetWt', '1,234', '1,234', 'error value/ambiguous-number'],
    ['DecHead.NetWt', '1.234,5', '1.234,5', 'error value/not-a-number'],
    ['DecHead.NetWt', '1.2E+5', '1.2E+5', 'error value/not-a-number'],
    ['DecHead.NetWt', '约12', '约12', 'error value/not-a-number'],
    ['DecLists.DeclPrice', '￥1234.5', '1234.5', 'warning value/sign-removed'],
    ['DecLists.DeclPrice', '12.5 USD', '12.5', 'warning value/sign-removed'],
    ['DecHead.NetWt', '1O', '1O', 'error value/letter-for-digit'],
    ['DecHead.NetWt', 'l2.5', 'l2.5', 'error value/letter-for-digit'],
    ['DecLists.GQty', 'O', 'O', 'error value/not-a-number'],
    ['DecLists.GQty', '12l', '12l', 'error value/other-unit'],
    ['DecLists.GQty', '1o0', '1o0', 'error value/letter-for-digit'],
    ['DecLists.GQty', '100PCS', '100PCS', 'error value/other-unit'],
    ['DecHead.PackNo', '1.5', '1.5', 'error value/not-an-integer'],
  ] as const)('%s: %s becomes %s, %s', (field, text, value, issue) => {
    expect(parse(field, text)).toEqual([value, issue]);
  });

  it('tells each thing that was left out of one number', () => {
    expect(parse('DecLists.DeclPrice', '￥1,234.5')).toEqual([
      '1234.5',
      'info value/grouping-removed',
      'warning value/sign-removed',
    ]);
  });

  it('takes the order of day and month that the column proves', () => {
    expect(pack.parseCell('DecHead.IEDate', '01/02/2026', { dateOrder: 'day-first' })).toEqual({
      value: '20260201',
    });
    expect(pack.parseCell('DecHead.IEDate', '01/02/2026', { dateOrder: 'month-first' })).toEqual({
      value: '20260102',
    });
    expect(
      pack.parseCell('DecHead.IEDate', '25/02/2026', { dateOrder: 'month-first' }).issues?.[0]?.code,
    ).toBe('value/no-such-day');
  });

  it('reads 12.0 packages as 12', () => {
    expect(parse('DecHead.PackNo', '12.0')).toEqual(['12']);
  });

  it('gives one spelling to every way of writing the same number', () => {
    const zeros = nat({ max: 5 });
    assert(
      property(
        bigInt({ min: 0n, max: 10n ** 14n }),
        nat({ max: 99_999 }),
        zeros,
        zeros,
        (whole, part, before, after) => {
          const fraction = String(part).padStart(5, '0');
          const [plain] = parse('DecHead.GrossWet', `${whole}.${fraction}`);
          expect(
            parse('DecHead.GrossWet', `${'0'.repeat(before)}${whole}.${fraction}${'0'.repeat(after)}`),
          ).toEqual([plain]);
          expect(parse('DecHead.GrossWet', plain)).toEqual([plain]);
        },
      ),
    );
  });
});

describe('dates', () => {
  it.each([
    '2026-01-02',
    '2026/1/2',
    '20260102',
    '2026年1月2日',
    '2026.1.2',
    '02-Jan-2026',
    '2 January 2026',
    'Jan 2, 2026',
    '2026-01-02 00:00:00',
    '２０２６-０１-０２',
  ])('reads %s as 20260102', (text) => {
    expect(parse('DecHead.IEDate', text)).toEqual(['20260102']);
  });

  it.each([
    ['01/02/2026', 'error value/ambiguous-date'],
    ['2026-02-30', 'error value/no-such-day'],
    ['2025-02-29', 'error value/no-such-day'],
    ['31/31/2026', 'error value/no-such-day'],
    ['46024', 'error value/not-a-date'],
    ['明天', 'error value/not-a-date'],
  ])('keeps %s and says %s', (text, issue) => {
    expect(parse('DecHead.IEDate', text)).toEqual([text, issue]);
  });

  it('names both readings of an ambiguous date', () => {
    expect(pack.parseCell('DecHead.IEDate', '01/02/2026').issues?.[0]?.facts).toEqual({
      readings: ['2026-01-02', '2026-02-01'],
    });
  });

  it('reads a day-first date that cannot be month first', () => {
    expect(parse('DecHead.IEDate', '13/02/2026')).toEqual(['20260213']);
  });

  it('drops a time of day with a word', () => {
    expect(parse('DecHead.IEDate', '2026-01-02 13:45')).toEqual(['20260102', 'info value/time-removed']);
  });

  it('writes dates as the field wants them', () => {
    expect(parse('DecRoyaltyFee.PayTime', '20260102')).toEqual(['2026-01-02']);
  });
});

describe('text', () => {
  it.each([
    ['DecLists.GName', '  笔记本电脑\u3000', ['笔记本电脑']],
    ['DecLists.GName', '笔记本\u200b电脑', ['笔记本电脑']],
    ['DecLists.GName', 'ＡＢＣ电脑', ['ＡＢＣ电脑']],
    ['DecLists.GName', '笔记本\r\n电脑', ['笔记本 电脑', 'info value/line-break-joined']],
    ['DecHead.BillNo', 'ＡＢ１２', ['AB12', 'info value/half-width']],
    ['DecHead.BillNo', 'AB\u000012', ['AB\u000012', 'error value/control-character']],
    ['DecHead.BillNo', 'AB\u202e12', ['AB\u202e12', 'error value/control-character']],
    ['DecHead.NoteS', '唛头\ud842', ['唛头\ud842', 'error value/not-in-xml']],
    ['DecHead.NoteS', 'AB\uffff12', ['AB\uffff12', 'error value/not-in-xml']],
    ['DecHead.NoteS', '𠮷野家', ['𠮷野家']],
    ['DecHead.BillNo', '\u200b ', ['']],
  ] as const)('%s: %j', (field, text, expected) => {
    expect(parse(field, text)).toEqual(expected);
  });
});

describe('codes', () => {
  it.each([
    ['DecHead.TradeCountry', 'CHN 中国', ['CHN']],
    ['DecHead.TradeCountry', '中国(CHN)', ['CHN']],
    ['DecHead.TradeCountry', '中国（CHN）', ['CHN']],
    ['DecHead.TradeCountry', '142中国', ['CHN']],
    ['DecHead.TradeMode', '0110 一般贸易', ['0110']],
    ['DecLists.TradeCurr', '502-美元', ['USD']],
    ['DecHead.TrafMode', '5 航空', ['5']],
    ['DecHead.WrapType', '1 木箱', ['23']],
    ['DecLists.TradeCurr', '110-美元', ['110-美元', 'error code/disagree']],
    ['DecHead.TransMode', 'FOB SHANGHAI', ['3', 'warning code/rest-ignored']],
    ['DecHead.TransMode', 'CIP', ['1', 'warning code/assumed']],
    ['DecLists.GUnit', 'PCS', ['007', 'warning code/assumed']],
    ['DecHead.TradeCountry', '142', ['CHN', 'info code/former']],
    ['DecHead.CustomMaster', '902', ['0902', 'info code/padded']],
    ['DecHead.TradeCountry', '火星', ['火星', 'error code/unknown']],
    ['DecHead.WrapType', '1', ['1', 'error code/ambiguous']],
    ['DecHead.TradeMode', '0139', ['0139', 'error code/withdrawn']],
    ['DecHead.NoOtherPack', '是', ['1']],
    ['DecLists.GoodsAttr', '正常、3C目录外', ['19,12']],
  ] as const)('%s: %s', (field, text, expected) => {
    expect(parse(field, text)).toEqual(expected);
  });

  it('leaves an unlisted code of an incomplete list to the shape check', () => {
    expect(parse('DecHead.DespPortCode', 'JPN999')).toEqual(['JPN999']);
  });

  it('refuses an unlisted name of an incomplete list', () => {
    expect(parse('DecHead.DespPortCode', '某港')).toEqual(['某港', 'error code/unknown']);
  });
});

describe('any cell', () => {
  it('becomes a value and at most one error, for every field and any text', () => {
    const paths = [...pack.fields.keys()];
    assert(
      property(constantFrom(...paths), anyText, (path, text) => {
        const [value, ...issues] = parse(path, text);
        const errors = issues.filter((issue) => issue.startsWith('error'));
        expect(typeof value).toBe('string');
        expect(errors.length).toBeLessThanOrEqual(path === 'DecLists.GoodsAttr' ? 40 : 1);
      }),
    );
  });

  it('is the same the second time', () => {
    expect(pack.parseCell('DecHead.TradeCountry', '美利坚')).toEqual(
      pack.parseCell('DecHead.TradeCountry', '美利坚'),
    );
  });
});
