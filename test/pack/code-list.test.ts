/** Code lists: sound data, found by everything a clerk writes, and never by likeness alone. */
import { array, assert, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadPack } from '../../src/pack/load.ts';
import type { CodeList } from '../../src/pack/pack.ts';

const pack = await loadPack('cn-goods-declaration');

function list(name: string): CodeList {
  const found = pack.codeLists.get(name);
  if (found === undefined) throw new Error(`no list ${name}`);
  return found;
}

/** Any UTF-16 units, halves of characters included. */
const anyText = array(nat({ max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units));

describe('every code list', () => {
  it.each([...pack.codeLists.values()])('$name has a source, an edition, titles and unique codes', (each) => {
    const codes = [...each.search('')].map(({ code }) => code);
    expect(each.source).not.toBe('');
    expect(each.edition).toMatch(/^20\d\d/u);
    expect(each.title.zh).not.toBe('');
    expect(codes.length).toBe(each.size);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each([...pack.codeLists.values()])('$name finds each of its codes as itself', (each) => {
    const astray = [...each.search('')].filter(
      ({ code }) => JSON.stringify(each.find(code)) !== JSON.stringify({ kind: 'code', code }),
    );
    expect(astray).toEqual([]);
  });

  it('is used by a field', () => {
    const used = new Set([...pack.fields.values()].map(({ codeList }) => codeList));
    expect([...pack.codeLists.keys()].filter((name) => !used.has(name))).toEqual([]);
  });
});

describe('finding a code', () => {
  it.each([
    ['cn-country', '142', 'former-code', 'CHN'],
    ['cn-country', '中国', 'name', 'CHN'],
    ['cn-country', 'ｃｈｎ', 'code', 'CHN'],
    ['cn-country', 'south korea', 'alias', 'KOR'],
    ['cn-country', '马其顿', 'alias', 'MKD'],
    ['cn-currency', '502', 'former-code', 'USD'],
    ['cn-unit', '7', 'padded', '007'],
    ['cn-unit', 'KGS', 'alias', '035'],
    ['cn-unit', '千 克', 'name', '035'],
    ['cn-trade-mode', '110', 'padded', '0110'],
    ['cn-trade-terms', 'CFR', 'alias', '2'],
    ['cn-transport-mode', '空运', 'alias', '5'],
    ['cn-package-type', '纸箱', 'alias', '22'],
    ['cn-hs10', '8471.30.90.00', 'code', '8471309000'],
    ['cn-hs10', '101210010', 'padded', '0101210010'],
  ])('%s: %s is a %s of %s', (name, text, kind, code) => {
    expect(list(name).find(text)).toEqual({ kind, code });
  });

  it('keeps capitals and small letters apart where the list does', () => {
    expect(list('cn-license-doc').find('a')).toEqual({ kind: 'code', code: 'a' });
    expect(list('cn-license-doc').find('A')).toEqual({ kind: 'code', code: 'A' });
  });

  it('takes no side between an old code and a new one that lost its zero', () => {
    const match = list('cn-package-type').find('1');
    expect(match.kind === 'ambiguous' && match.candidates.map(({ code }) => code)).toEqual(['01', '23']);
  });

  it('takes no side between two entries of one name', () => {
    expect(list('cn-unit').find('PAIR').kind).toBe('ambiguous');
  });

  it('takes no side between the name of one entry and the former name of another', () => {
    const match = list('cn-customs-district').find('沪金桥办');
    expect(match.kind === 'ambiguous' && match.candidates.map(({ code }) => code)).toEqual(['2251', '2245']);
  });

  it('has no old code that is also a code in force', () => {
    const clashes = [...pack.codeLists.values()].flatMap((each) =>
      [...each.search('')].flatMap(({ code, formerCodes }) =>
        formerCodes
          .filter((old) => old !== code && each.get(old) !== undefined)
          .map((old) => `${each.name} ${old}`),
      ),
    );
    expect(clashes).toEqual([]);
  });

  it.each(['cn-country', 'cn-trade-mode', 'cn-currency', 'cn-customs-district'])(
    'never takes a near miss for a match in %s',
    (name) => {
      const kinds = ['中囯', '美園', '日夲', '一般贸', 'USO', '大连机埸'].map(
        (text) => list(name).find(text).kind,
      );
      expect(new Set(kinds)).toEqual(new Set(['none']));
    },
  );

  it('finds nothing by any text that is not one of its keys, whatever it is', () => {
    const country = list('cn-country');
    assert(
      property(anyText, (text) => {
        const match = country.find(text);
        expect(
          match.kind === 'none' || match.kind === 'ambiguous' || country.get(match.code) !== undefined,
        ).toBe(true);
      }),
    );
  });
});

describe('suggesting', () => {
  it.each([
    ['cn-country', '美利坚', 'USA'],
    ['cn-country', 'Untied States', 'USA'],
    ['cn-country', 'Germny', 'DEU'],
    ['cn-trade-mode', '一般贸意', '0110'],
    ['cn-customs-district', '大连机埸海关', '0902'],
    ['cn-domestic-region', '大连其它', '21029'],
    ['cn-hs10', '8471309900', '8471309000'],
  ])('%s: %s suggests %s', (name, text, code) => {
    expect(
      list(name)
        .suggest(text, 3)
        .map((entry) => entry.code),
    ).toContain(code);
  });

  it('does not call two short Chinese words alike for one shared character', () => {
    expect(list('cn-unit').suggest('毛重', 3)).toEqual([]);
    expect(
      list('cn-country')
        .suggest('丹国', 3)
        .map(({ code }) => code),
    ).not.toContain('USA');
  });

  it('gives at most as many as asked', () => {
    expect(list('cn-port').suggest('日本', 2).length).toBeLessThanOrEqual(2);
  });
});

describe('searching', () => {
  it('finds by a part of a code or name in either language', () => {
    expect([...list('cn-country').search('韩')].map(({ code }) => code)).toEqual(['KOR']);
    expect([...list('cn-currency').search('dollar')].map(({ code }) => code)).toContain('USD');
  });
});
