/** Decimals, days and check characters, against slower definitions of the same. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNumber } from '../../../src/pack/rules/calendar.ts';
import {
  containerCheck,
  creditCodeCheck,
  organisationCodeCheck,
} from '../../../src/pack/rules/check-digits.ts';
import {
  bigUnits,
  compareDecimals,
  decimalText,
  divideRounded,
  units,
} from '../../../src/pack/rules/decimal.ts';
import { productText } from '../../../src/pack/rules/checks/product-equals.ts';
import { codesOf, declaration } from './samples.ts';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 5 }))
  .map(([value, scale]) => decimalText(value, scale));

describe('decimals', () => {
  it('compare as their whole units do', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const left = bigUnits(a, 5) ?? 0n;
        const right = bigUnits(b, 5) ?? 0n;
        expect(compareDecimals(a, b)).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
    );
  });
  it('are the same number of units, fast and slow, wherever the fast way answers', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: 0, max: 10 }), (text, scale) => {
        const fast = units(text, scale);
        expect([undefined, bigUnits(text, scale)]).toContain(Number.isNaN(fast) ? undefined : BigInt(fast));
      }),
    );
  });
  it('come back from their units', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        expect(decimalText(bigUnits(text, 5) ?? -1n, 5)).toBe(text);
      }),
    );
  });
  it.each(['', '-', '.', '1.2.3', '1e3', '１２', '1,000', 'abc'])('do not understand %j', (text) => {
    expect(units(text, 5)).toBeNaN();
    expect(compareDecimals(text, '1')).toBeUndefined();
  });
  it('round half up', () => {
    expect(divideRounded(1005n, 10n)).toBe(101n);
    expect(divideRounded(1004n, 10n)).toBe(100n);
    expect(divideRounded(-1005n, 10n)).toBe(-101n);
    expect(productText('3', '0.335')).toBe('1.01');
    expect(productText('123456789.12345', '98765.4321')).toBe('12193263123456.12');
  });
});

describe('total = quantity × price', () => {
  const count = fc.integer({ min: 1, max: 10_000_000 });
  it('holds for every total that rounding made', () => {
    fc.assert(
      fc.property(count, count, (quantity, price) => {
        const q = decimalText(BigInt(quantity), 3);
        const p = decimalText(BigInt(price), 4);
        const total = productText(q, p) ?? '';
        const line = {
          'DecLists.1.GQty': q,
          'DecLists.1.FirstQty': q,
          'DecLists.1.DeclPrice': p,
          'DecLists.1.DeclTotal': total,
        };
        expect(codesOf(declaration('import-air', line))).not.toContain('rule/total-not-price-times-quantity');
      }),
    );
  });
  it.each([
    ['1', '100', '100.01', false],
    ['1', '100', '100.02', true],
    ['1000000', '0.3333', '333333.33', false],
    ['1000000', '0.3333', '333350', false],
    ['1000000', '0.3333', '333350.01', true],
    ['99999999999.5', '9999.9999', '999999989995000.01', false],
    ['99999999999.5', '9999.9999', '999999994995000', false],
    ['99999999999.5', '9999.9999', '999999999995000', true],
  ])('%s × %s = %s: wrong is %s', (quantity, price, total, isWrong) => {
    const line = {
      'DecLists.1.GQty': quantity,
      'DecLists.1.FirstQty': quantity,
      'DecLists.1.DeclPrice': price,
      'DecLists.1.DeclTotal': total,
    };
    const codes = codesOf(declaration('import-air', line));
    expect(codes.includes('rule/total-not-price-times-quantity')).toBe(isWrong);
  });
});

function text(day: Date): string {
  return day.toISOString().slice(0, 10).replaceAll('-', '');
}

describe('days', () => {
  it('follow each other over a whole cycle of the calendar', () => {
    const start = Date.UTC(1999, 11, 31);
    const first = dayNumber('19991231') ?? 0;
    for (let i = 0; i < 1500; i++) {
      const step = i * 97;
      expect(dayNumber(text(new Date(start + step * 86_400_000)))).toBe(first + step);
    }
  });
  it.each(['20250229', '21000229', '20260431', '20261301', '20260100', '2026-1-1', '202601', ''])(
    '%j is none',
    (date) => {
      expect(dayNumber(date)).toBeUndefined();
    },
  );
});

describe('check characters', () => {
  it('fit published codes', () => {
    expect(creditCodeCheck('91350100M000100Y43')).toBe('3');
    expect(organisationCodeCheck('766374655')).toBe('5');
    expect(organisationCodeCheck('M000100Y4')).toBe('4');
    expect(containerCheck('CSQU3054383')).toBe('3');
  });
  it('are not given for what has another form', () => {
    expect(creditCodeCheck('91350100M000100Y4')).toBeUndefined();
    expect(creditCodeCheck('9135O100M000100Y43')).toBeUndefined();
    expect(creditCodeCheck('大连瑞岭精密机械有限公司大连瑞岭精密')).toBeUndefined();
    expect(organisationCodeCheck('7663746-5')).toBeUndefined();
    expect(containerCheck('CSQU305438')).toBeUndefined();
  });
  it('find every single wrong character of a credit code', () => {
    const code = '91350100M000100Y43';
    for (let at = 0; at < 17; at++) {
      for (const other of '0123456789ABCDEFGHJKLMNPQRTUWXY') {
        if (other === code.charAt(at)) continue;
        expect(creditCodeCheck(code.slice(0, at) + other + code.slice(at + 1))).not.toBe('3');
      }
    }
  });
});
