/** Text on a terminal: harmless, and aligned. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignColumns, displayWidth, escapeForTerminal, oneLine } from '../../src/reports/terminal-text.ts';

const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('text from outside', () => {
  it('loses every control and bidi character, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeForTerminal(text)).not.toMatch(dangerous);
      }),
    );
  });

  it('shows what was there', () => {
    expect(escapeForTerminal('a\u001b[2Jb\u202ec')).toBe('a\\x1b[2Jb\\u{202e}c');
  });

  it('keeps line feeds and tabs, Chinese and emoji', () => {
    expect(escapeForTerminal('报关\t单\n\u{1f600}')).toBe('报关\t单\n\u{1f600}');
  });

  it('stays on one line where it must', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\r\n\t]/u);
        expect(oneLine(text).length).toBeLessThanOrEqual(200);
      }),
    );
  });
});

describe('display width', () => {
  it.each([
    ['abc', 3],
    ['报关单', 6],
    ['（１２）', 8],
    ['é', 1],
    ['e\u0301', 1],
    ['ｶﾅ', 2],
    ['\u{1f469}\u200d\u{1f4bb}', 2],
    ['', 0],
  ])('of %s is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('puts the columns of Chinese and Latin rows under each other', () => {
    expect(
      alignColumns([
        ['已接受', '52'],
        ['ok', '1'],
      ]),
    ).toEqual(['已接受  52', 'ok      1']);
  });
});
