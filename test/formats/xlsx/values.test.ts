/** Numbers, dates and number formats, apart from any file. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellText } from '../../../src/formats/xlsx/cell-text.ts';
import { isoDateText, serialText } from '../../../src/formats/xlsx/date.ts';
import { isPlainNumber, numberText, paddedText, percentText } from '../../../src/formats/xlsx/number.ts';
import { builtInFormat, customFormat, general } from '../../../src/formats/xlsx/number-format.ts';
import { decodeXmlText, Doubt, unescapeText } from '../../../src/formats/xlsx/text.ts';

const day = { kind: 'date', shows: 'date' } as const;

/** As some writers escape a text in XML. */
function referenced(text: string): string {
  return text.replaceAll(/[<>&\r]/gu, (character) => `&#${character.charCodeAt(0)};`);
}

/** As Excel escapes control characters, and underscores that would look like an escape. */
function underscored(text: string): string {
  return text.replaceAll(
    /_(?=x[0-9a-fA-F]{4}[_\u0000-\u001f])|[\u0000-\u001f]/gu,
    (character) => `_x${character.charCodeAt(0).toString(16).padStart(4, '0')}_`,
  );
}

describe('numbers', () => {
  it('passes on every decimal of up to 15 digits as it is written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999_999, max: 999_999_999 }),
        fc.integer({ min: 0, max: 9_999 }),
        (whole, fraction) => {
          const raw = `${whole}.${fraction}`;
          expect(isPlainNumber(raw) || raw.length > 15).toBe(true);
          expect(numberText(raw)).toEqual({ text: raw });
        },
      ),
    );
  });

  it('shows a double as Excel does: with 15 significant digits', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e14, max: 1e14, noNaN: true }), (value) => {
        const raw = String(value);
        const shown = numberText(raw)?.text ?? '';
        const unit = value === 0 ? 0 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 14);
        expect(Math.abs(Number(shown) - value)).toBeLessThanOrEqual(0.6 * unit);
        expect(shown.replace(/[-.]/gu, '').replace(/^0+/u, '').length).toBeLessThanOrEqual(16);
        expect(shown).toMatch(/^-?\d+(?:\.\d+)?$/u);
      }),
    );
  });

  it('expands exponents without losing a digit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 999_999_999n }),
        fc.integer({ min: 0, max: 30 }),
        (digits, exponent) => {
          expect(numberText(`${digits}E+${exponent}`)?.text).toBe(String(digits * 10n ** BigInt(exponent)));
        },
      ),
    );
  });

  it.each([
    ['1.5E-7', '0.00000015'],
    ['-2E3', '-2000'],
    ['.5', '.5'],
    ['+7', '7'],
    ['0E5', '0'],
    ['12.', '12'],
  ])('reads %s as %s', (raw, text) => {
    expect(numberText(raw)).toEqual({ text });
  });

  it.each(['', '-', '.', '1e', '1.2.3', '0x10', '１２', '1 2', 'Infinity', '1E999999999'])(
    'sees no number in "%s"',
    (raw) => {
      expect(numberText(raw)).toBeUndefined();
    },
  );

  it('moves the point of a percentage by text alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (millionths) => {
        const raw = `0.${String(millionths).padStart(6, '0')}`;
        expect(Number(percentText(raw).slice(0, -1)) * 10_000).toBeCloseTo(millionths, 6);
        expect(percentText(raw)).toMatch(/^(?:0|[1-9]\d*)(?:\.\d*[1-9])?%$/u);
      }),
    );
  });

  it('restores leading zeros of whole numbers only', () => {
    expect([paddedText('7', 3), paddedText('123', 3), paddedText('1.5', 3), paddedText('-7', 3)]).toEqual([
      '007',
      undefined,
      undefined,
      '-007',
    ]);
  });
});

describe('dates', () => {
  it('agrees with the calendar for every day from 1900-03-01 to 9999-12-31', () => {
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 2_958_465 }), (serial) => {
        const calendar = new Date(Date.UTC(1970, 0, 1) + (serial - 25_569) * 86_400_000)
          .toISOString()
          .slice(0, 10);
        expect(serialText(String(serial), day, false)).toEqual({ text: calendar });
      }),
    );
  });

  it('counts from 1904 where the workbook says so', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_957_003 }), (serial) => {
        const calendar = serialText(String(serial + 1_462), day, false);
        expect(serialText(String(serial), day, true)).toEqual(calendar);
      }),
    );
  });

  it('rounds to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_399 }), (second) => {
        const raw = String(46_024 + second / 86_400);
        const clock = new Date(second * 1_000).toISOString().slice(11, 19);
        const text = serialText(raw, { kind: 'date', shows: 'both' }, false).text;
        expect(text).toBe(second === 0 ? '2026-01-02' : `2026-01-02 ${clock}`);
      }),
    );
  });

  it.each([
    ['2026-01-02', '2026-01-02', undefined],
    ['2026-01-02T00:00:00Z', '2026-01-02', undefined],
    ['2026-01-02T13:05', '2026-01-02 13:05:00', undefined],
    ['13:05:09.25', '13:05:09', 'rounded'],
    ['2024-02-29', '2024-02-29', undefined],
    ['2023-02-29', '2023-02-29', 'impossible-date'],
  ])('reads the ISO date %s', (raw, text, note) => {
    expect(isoDateText(raw)).toEqual(note === undefined ? { text } : { text, note });
  });

  it.each(['', 'Z', '2026', '02.01.2026', '2026-01-02T13:05:00+08:00'])('leaves "%s" alone', (raw) => {
    expect(isoDateText(raw)).toBeUndefined();
  });
});

describe('number formats', () => {
  it.each([
    ['yyyy"年"m"月"d"日"', 'date'],
    ['[$-804]yyyy"年"m"月"d"日";@', 'date'],
    ['m/d/yy h:mm', 'both'],
    ['上午/下午h"时"mm"分"', 'time'],
    ['h:mm AM/PM', 'time'],
    ['mmm-yy', 'date'],
    ['aaaa', 'date'],
    ['ss.0', 'time'],
  ])('sees in %s a format that shows a %s', (code, shows) => {
    expect(customFormat(code)).toEqual({ kind: 'date', shows });
  });

  it.each([
    'General',
    'G/通用格式',
    '0.00',
    '#,##0.00_);[Red](#,##0.00)',
    '"day"0',
    '\\h0',
    '0.0E+00',
    '@',
    '',
    '"unclosed',
    '[unclosed',
    '¥#,##0',
    '# ??/??',
  ])('sees nothing special in %s', (code) => {
    expect(customFormat(code)).toEqual(general);
  });

  it('sees elapsed time, percentages and leading zeros', () => {
    expect([
      customFormat('[h]:mm'),
      customFormat('0.0%'),
      customFormat('0000000000'),
      customFormat('[Blue]000;-000'),
    ]).toEqual([
      { kind: 'elapsed', unit: 'h' },
      { kind: 'percent' },
      { kind: 'padded', digits: 10 },
      { kind: 'padded', digits: 3 },
    ]);
  });

  it('knows the built-in formats by number', () => {
    const kinds = Array.from({ length: 60 }, (_, id) => builtInFormat(id))
      .map(({ kind }) => kind.charAt(0))
      .join('');
    expect(kinds).toBe('gggggggggppgggdddddddddggggddddddddddggggggggdedggdddddddddg');
  });

  it('judges a value that is no number as text, whatever the format', () => {
    expect(cellText('n/a', day, false)).toEqual({ text: 'n/a', kind: 0 });
  });
});

describe('texts', () => {
  it('decodes what any writer may have escaped', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '<', '>', '&', '\r', ';', '#', 'x', '中', '😀') }),
        (text) => {
          expect(decodeXmlText(referenced(text))).toBe(text);
        },
      ),
    );
  });

  it.each(['&nbsp;', '&', '&#0;', '&#xD800;', '&#x110000;', 'a]]>b', '&#xFFFE;'])('doubts %s', (text) => {
    expect(() => decodeXmlText(text)).toThrow(Doubt);
  });

  it('undoes the escapes of SpreadsheetML for every text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('_', 'x', '0', 'D', '\r', '\u0001', 'a', '中') }),
        (text) => {
          expect(unescapeText(underscored(text))).toBe(text);
        },
      ),
    );
  });
});
