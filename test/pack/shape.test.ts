/** The shape check: every code it can emit is provoked, at its place and with its facts. */
import { describe, expect, it } from 'vitest';
import { loadPack } from '../../src/pack/load.ts';
import type { Issue } from '../../src/pack/pack.ts';
import { soundDeclaration } from './sample.ts';

const pack = await loadPack('cn-goods-declaration');

type Sound = ReturnType<typeof soundDeclaration>;

function issuesOf(
  change: (content: Sound) => void,
  direction: 'import' | 'export' = 'import',
): readonly Issue[] {
  const content = soundDeclaration(pack, direction);
  change(content);
  return pack.checkShape(content);
}

const inHead =
  (tag: string, value: string) =>
  ({ DecHead }: Sound): void => {
    DecHead[tag] = value;
  };

const inGoods =
  (tag: string, value: string) =>
  ({ DecLists }: Sound): void => {
    const [first] = DecLists;
    if (first !== undefined) first[tag] = value;
  };

describe('a sound declaration', () => {
  it.each(['import', 'export'] as const)('of %s has no issue', (direction) => {
    expect(pack.checkShape(soundDeclaration(pack, direction))).toEqual([]);
  });
});

describe('one fault', () => {
  it.each<[string, (content: Sound) => void, Issue['code'], Issue['severity'], object, object]>([
    [
      'a missing value',
      ({ DecHead }) => {
        delete DecHead['TradeMode'];
      },
      'shape/required',
      'error',
      { segment: 'DecHead', tag: 'TradeMode' },
      {},
    ],
    ['an empty value', inHead('NoteS', ''), 'shape/empty', 'error', { segment: 'DecHead', tag: 'NoteS' }, {}],
    [
      'a value that customs gives',
      inHead('EntryId', '090220261000000001'),
      'shape/not-empty',
      'error',
      { segment: 'DecHead', tag: 'EntryId' },
      {},
    ],
    [
      'too many characters',
      inHead('BillNo', 'A'.repeat(33)),
      'shape/too-long',
      'error',
      { segment: 'DecHead', tag: 'BillNo' },
      { max: 32, length: 33 },
    ],
    [
      'too many bytes',
      inGoods('GName', '中'.repeat(128)),
      'shape/too-many-bytes',
      'error',
      { segment: 'DecLists', index: 0, tag: 'GName' },
      { max: 255, length: 256 },
    ],
    [
      'a length that is new',
      inHead('TrafName', 'A'.repeat(27)),
      'shape/longer-than-2018',
      'warning',
      { segment: 'DecHead', tag: 'TrafName' },
      { max: 26, length: 27 },
    ],
    [
      'a wrong form',
      inHead('ManualNo', 'B123'),
      'shape/pattern',
      'error',
      { segment: 'DecHead', tag: 'ManualNo' },
      { formEn: '12 characters: a capital letter, then digits or capital letters' },
    ],
    [
      'words for a number',
      inGoods('GQty', '十'),
      'shape/not-a-number',
      'error',
      { segment: 'DecLists', index: 0, tag: 'GQty' },
      {},
    ],
    [
      'a negative number',
      inGoods('GQty', '-1'),
      'shape/negative',
      'error',
      { segment: 'DecLists', index: 0, tag: 'GQty' },
      {},
    ],
    [
      'too many decimals',
      inGoods('DeclPrice', '1.23456'),
      'shape/precision',
      'error',
      { segment: 'DecLists', index: 0, tag: 'DeclPrice' },
      { integerDigits: 15, fractionDigits: 4 },
    ],
    [
      'a day that is not',
      inHead('IEDate', '20260230'),
      'shape/date',
      'error',
      { segment: 'DecHead', tag: 'IEDate' },
      { format: 'yyyyMMdd' },
    ],
    [
      'an unknown field',
      inHead('InspOrgCode', '010000'),
      'shape/unknown-field',
      'error',
      { segment: 'DecHead' },
      { name: 'DecHead.InspOrgCode' },
    ],
    [
      'an unknown code',
      inHead('TradeCountry', 'JPX'),
      'code/unknown',
      'error',
      { segment: 'DecHead', tag: 'TradeCountry' },
      { suggestions: ['JPN 日本'] },
    ],
    [
      'a withdrawn code',
      inHead('TradeMode', '0139'),
      'code/withdrawn',
      'error',
      { segment: 'DecHead', tag: 'TradeMode' },
      { list: 'cn-trade-mode' },
    ],
    [
      'a code that an incomplete list lacks',
      inHead('EntyPortCode', '888888'),
      'code/incomplete-list',
      'warning',
      { segment: 'DecHead', tag: 'EntyPortCode' },
      { edition: '2018-12' },
    ],
    [
      'a name in place of a code of an incomplete list',
      inHead('EntyPortCode', '某港'),
      'code/unknown',
      'error',
      { segment: 'DecHead', tag: 'EntyPortCode' },
      {},
    ],
    [
      'a preferential rate code as a country',
      inGoods('OriginCountry', 'HRA'),
      'code/unknown',
      'error',
      { segment: 'DecLists', index: 0, tag: 'OriginCountry' },
      {},
    ],
  ])('%s is one issue', (_name, change, code, severity, place, facts) => {
    const [issue, ...others] = issuesOf(change);
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ code, severity, places: [place], facts });
  });

  it('51 goods items are too many entries', () => {
    const [issue] = issuesOf(({ DecLists }) => {
      DecLists.push(...Array.from({ length: 50 }, () => ({ ...DecLists[0] })));
    });
    expect(issue).toMatchObject({
      code: 'shape/too-many-entries',
      places: [{ segment: 'DecLists' }],
      facts: { max: 50, count: 51 },
    });
  });

  it('a number in place of text is the wrong kind', () => {
    const content: unknown = { ...soundDeclaration(pack, 'import'), DecFreeTxt: { VoyNo: 7 } };
    expect(pack.checkShape(content as Sound)).toMatchObject([
      { code: 'shape/wrong-kind', places: [{ segment: 'DecFreeTxt', tag: 'VoyNo' }] },
    ]);
  });

  it('a list in place of the head is the wrong kind, and never a crash', () => {
    for (const content of [[], 'x', null, 7, { DecHead: [] }, { DecHead: {}, DecLists: 'x' }] as unknown[]) {
      expect(pack.checkShape(content as Sound).length).toBeGreaterThan(0);
    }
  });
});

function isMissed(direction: 'import' | 'export', tag: string): boolean {
  const issues = issuesOf(({ DecHead }) => {
    delete DecHead[tag];
  }, direction);
  return issues.some(({ code }) => code === 'shape/required');
}

describe('import and export', () => {
  it('each demand their own fields', () => {
    expect([
      isMissed('import', 'OverseasConsignorEname'),
      isMissed('export', 'OverseasConsignorEname'),
    ]).toEqual([true, false]);
    expect([
      isMissed('import', 'OverseasConsigneeEname'),
      isMissed('export', 'OverseasConsigneeEname'),
    ]).toEqual([false, true]);
  });

  it('an export has no import date', () => {
    expect(issuesOf(inHead('IEDate', '20260105'), 'export')).toMatchObject([
      { code: 'shape/not-empty', places: [{ tag: 'IEDate' }] },
    ]);
  });

  it('an import has no registered producer', () => {
    expect(issuesOf(inGoods('MnufctrRegNo', '123'))).toMatchObject([
      { code: 'shape/not-empty', places: [{ segment: 'DecLists', index: 0 }] },
    ]);
  });

  it('lets the owner of the goods have no credit code', () => {
    expect(issuesOf(inHead('OwnerCodeScc', 'NO'))).toEqual([]);
    expect(issuesOf(inHead('TradeCoScc', 'NO'))).toMatchObject([{ code: 'shape/pattern' }]);
  });

  it('without a direction that is told, and what both demand is checked', () => {
    const codes = issuesOf(({ DecHead }) => {
      delete DecHead['IEFlag'];
      delete DecHead['TradeMode'];
      delete DecHead['IEDate'];
    });
    expect(codes.map(({ places }) => places[0]?.tag)).toEqual(['IEFlag', 'TradeMode']);
  });
});

describe('other sections', () => {
  it('are demanded only where there are any', () => {
    const issues = issuesOf((content) => {
      Object.assign(content, { DecContainers: [{ ContainerMd: '21' }] });
    });
    expect(issues.map(({ places }) => places[0])).toEqual([
      { segment: 'DecContainers', index: 0, tag: 'ContainerId' },
      { segment: 'DecContainers', index: 0, tag: 'GoodsNo' },
    ]);
  });

  it('never ask the clerk for a signature', () => {
    expect(
      issuesOf((content) => {
        Object.assign(content, { DecSign: { ClientSeqNo: '123456789012345678' } });
      }),
    ).toEqual([]);
  });

  it('let several goods attributes stand in one value', () => {
    expect(issuesOf(inGoods('GoodsAttr', '19,12'))).toEqual([]);
    expect(issuesOf(inGoods('GoodsAttr', '19,00'))).toMatchObject([{ code: 'code/unknown' }]);
  });
});
