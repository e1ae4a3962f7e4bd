/** What may be handed over, and what is to be done, read from receipts. */
import { describe, expect, it } from 'vitest';
import { parseDeclarationKey } from '../../src/model/ids.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import { meaningOf } from '../../src/model/receipt-codes.ts';
import { stateAfter } from '../../src/model/state.ts';
import { loadReceiptCodes } from '../../src/pack/receipt-codes.ts';
import { isBill } from '../../src/pipeline/bill.ts';
import { actionsOf, ageOfEntry, releaseOf } from '../../src/pipeline/release.ts';

const codes = loadReceiptCodes('cn-goods-declaration');
const key = parseDeclarationKey('A') ?? expect.fail();

/** Receipts of these codes, a minute apart. */
function life(...said: readonly string[]) {
  const receipts = said.map((code, index): Receipt => {
    const state = meaningOf(codes, code)?.state;
    const at = `2026-03-02T09:${String(index).padStart(2, '0')}:00+08:00`;
    return { key, id: `${index}`, ...(state === undefined ? {} : { state }), at, code, problems: [] };
  });
  return { state: stateAfter(receipts), receipts };
}

describe('a release', () => {
  it.each(['P', 'K', 'B', 'I', 'F', 'SpK'])('is given by %s, with its evidence', (code) => {
    expect(releaseOf(life('7', 'L', 'J', code), codes)).toMatchObject({
      isReleased: true,
      evidence: { code },
      doubts: [],
    });
  });

  it.each(['J', 'W', 'G', 'k', 'p', 'q9', 'X'])('is not given by %s', (code) => {
    expect(releaseOf(life('7', 'L', code), codes).isReleased).toBe(false);
  });

  it('is over once the declaration was deleted', () => {
    expect(releaseOf(life('L', 'P', 'D'), codes).isReleased).toBe(false);
  });

  it('is in doubt once customs inspects after it', () => {
    expect(releaseOf(life('L', 'P', 'C'), codes).doubts.map(({ code }) => code)).toEqual(['C']);
  });

  it('stands, whichever of release and closing arrives first', () => {
    expect(releaseOf(life('L', 'R', 'P'), codes)).toMatchObject({
      isReleased: true,
      evidence: { code: 'P' },
    });
  });
});

describe('what is to be done', () => {
  it.each([
    ['comes late, after customs accepted', ['L', 'J', 'T'], 9, ['pay']],
    ['bears the same second as the declaration of it', ['7'], 0, []],
    ['is the last word', [], 0, ['declare']],
    ['is of a correction: the first declaration was returned', ['7', 'L'], 9, ['declare']],
  ])('of a saved draft, where its receipt %s', (_, said, minute, actions) => {
    const { receipts } = life(...said);
    const at = `2026-03-02T09:0${minute}:00+08:00`;
    const saved: Receipt = { key, id: 's', state: 'registered', at, code: 'S0', problems: [] };
    const all = [...receipts, saved];
    expect(actionsOf({ state: stateAfter(all), receipts: all }, codes)).toEqual(actions);
  });

  it.each([
    [['L', 'J', 'T'], ['pay']],
    [
      ['L', 'J', 'T', 'C'],
      ['pay', 'inspect'],
    ],
    [['L', 'J', 'T', 'P'], []],
    [['7', 'Z'], ['correct']],
    [['ResponseCode=0'], ['declare']],
    [['ResponseCode=0', '7'], []],
    [['OutBox', 'failCode=C134'], ['client']],
    [['ResponseCode=1'], ['correct']],
  ])('after %j is %j', (said, actions) => {
    expect(actionsOf(life(...said), codes)).toEqual(actions);
  });

  it('is overdue after longer than usual in a state', () => {
    const entry = { state: 'registered', changedAt: '2026-03-02T00:00:00Z' } as const;
    expect(ageOfEntry(entry, new Date('2026-03-02T02:00:00Z'), codes)).toEqual({
      minutes: 120,
      isOverdue: true,
    });
    expect(ageOfEntry(entry, new Date('2026-03-02T00:10:00Z'), codes).isOverdue).toBe(false);
  });
});

describe('the number of a bill', () => {
  it('is found in any case and spacing, and by the house part', () => {
    expect(isBill('784 1234 5675', '78412345675_kor1')).toBe(true);
    expect(isBill('KOR1', '78412345675_kor1')).toBe(true);
    expect(isBill('7841234567', '78412345675_kor1')).toBe(false);
    expect(isBill('784-1234 5675', '78412345675_kor1')).toBe(true);
    expect(isBill('', '')).toBe(false);
  });
});
