/** Header words: what clerks write means one field, or nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packFolder } from '../../src/pack/build/make-schema.ts';
import { makeHeaderWords, normaliseHeader, readHeaderWords } from '../../src/pack/header-words.ts';
import { loadPack } from '../../src/pack/load.ts';

const pack = await loadPack('cn-goods-declaration');
const meaning = (header: string): readonly string[] | undefined =>
  pack.headerWords.get(normaliseHeader(header))?.fields;
const words = readHeaderWords(readFileSync(join(packFolder, 'header-words.csv'), 'utf8'));

describe('normalising a header', () => {
  it.each([
    ['*毛 重（ＫＧ）：', '毛重'],
    ['G.W .(Kg)', 'gw'],
    ['境内收发货人\n（必填）', '境内收发货人'],
    ['运费／率', '运费/率'],
    ['启运国（地区）', '启运国'],
    ["Q'ty", 'qty'],
  ])('%j becomes %s', (text, expected) => {
    expect(normaliseHeader(text)).toBe(expected);
  });

  it('changes nothing the second time', () => {
    for (const { word } of words) expect(normaliseHeader(normaliseHeader(word))).toBe(normaliseHeader(word));
  });
});

describe('a header word', () => {
  it.each([
    ['业务编号', ['Declarant.Reference']],
    ['Ref No.', ['Declarant.Reference']],
    ['报关单编号', ['DecHead.EntryId']],
    ['提运单号', ['DecHead.BillNo']],
    ['毛重(KG)', ['DecHead.GrossWet']],
    ['贸易方式', ['DecHead.TradeMode']],
    ['HS CODE', ['DecLists.CodeTS']],
    ['商品名称及规格型号', ['DecLists.GName', 'DecLists.GModel']],
    ['运输工具名称及航次号', ['DecHead.TrafName', 'DecFreeTxt.VoyNo']],
    ['原產國', ['DecLists.OriginCountry']],
    ['集装箱号', ['DecContainers.ContainerId']],
    ['发票号', []],
    ['序号', []],
    ['DecLists.GQty', ['DecLists.GQty']],
    ['EntyPortCode', ['DecHead.EntyPortCode']],
  ])('%s means %j', (header, fields) => {
    expect(meaning(header)).toEqual(fields);
  });

  it.each([
    '单位',
    '日期',
    '名称',
    '代码',
    '备注',
    '规格',
    '货号',
    '项号',
    '海关编码',
    '申报单位',
    '许可证编号',
    '原产地',
    '包装件数',
    '航班号',
    '重量',
    '卖方',
    '收货人',
  ])('%s alone means nothing', (header) => {
    expect(meaning(header)).toBeUndefined();
  });

  it.each([
    ['进境关别', 'import'],
    ['离境口岸', 'export'],
    ['境外收货人', 'export'],
    ['境内目的地', 'import'],
    ['进出境关别', undefined],
  ])('%s proves the direction %s', (header, direction) => {
    expect(pack.headerWords.get(normaliseHeader(header))?.direction).toBe(direction);
  });

  it('stands once in the list, whatever its spelling', () => {
    const seen = new Map<string, string[]>();
    for (const { word } of words)
      seen.set(normaliseHeader(word), [...(seen.get(normaliseHeader(word)) ?? []), word]);
    expect([...seen.values()].filter((same) => same.length > 1)).toEqual([]);
  });

  it('with two meanings is refused when the pack is loaded', () => {
    const twice = [
      { word: '毛重', fields: 'DecHead.GrossWet', direction: '' },
      { word: '毛 重', fields: 'DecHead.NetWt', direction: '' },
    ];
    expect(() => makeHeaderWords(twice, pack.fields, [])).toThrow('stands twice');
  });

  it('exists for every field of the head and the goods items that a clerk can fill', () => {
    const reached = new Set([...pack.headerWords.values()].flatMap(({ fields }) => fields));
    const lacking = [...pack.fields.values()].filter(
      ({ segment, path }) => ['DecHead', 'DecLists'].includes(segment) && !reached.has(path),
    );
    expect(lacking.map(({ path }) => path)).toEqual([]);
  });
});
