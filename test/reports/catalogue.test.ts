/** The problem catalogue: every code has its texts, and rendering never fails. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadPack } from '../../src/pack/load.ts';
import { openCatalogue } from '../../src/reports/catalogue.ts';
import { emittedCodes } from './emitted-codes.ts';
import { contextIn, entries } from './sample.ts';

describe('the problem catalogue', () => {
  it('has texts in both languages for every code that the program can emit', async () => {
    const catalogue = openCatalogue({ extra: (await loadPack('cn-goods-declaration')).problems });
    const missing = [...emittedCodes()].filter(([code]) => catalogue.find(code) === undefined);
    expect(missing).toEqual([]);
  });

  it('leaves no title, message or remedy empty in either language', async () => {
    const catalogue = openCatalogue({ extra: (await loadPack('cn-goods-declaration')).problems });
    const empty = catalogue.codes().filter((code) => {
      const entry = catalogue.find(code);
      return (
        entry === undefined ||
        [entry.title, entry.message, entry.remedy].some(({ zh, en }) => zh.trim() === '' || en.trim() === '')
      );
    });
    expect(empty).toEqual([]);
  });

  it('shows a code without a text as it is, with its facts', () => {
    const { message } = openCatalogue().render(
      { code: 'nowhere/known', severity: 'error', facts: { limit: 3 } },
      'zh',
    );
    expect(message).toBe('nowhere/known; limit: 3');
  });

  it('says that a value is empty', () => {
    const { message } = contextIn('zh').render({ code: 'code/unknown', severity: 'error', value: '' });
    expect(message).toContain('（空）');
  });

  it('cuts a long value in a sentence, never inside a character', () => {
    const { message } = contextIn('en').render({
      code: 'code/unknown',
      severity: 'error',
      value: '\u{1f600}'.repeat(500),
    });
    expect(message.length).toBeLessThan(200);
    expect(message.isWellFormed()).toBe(true);
  });

  it('never throws, whatever code and facts come', () => {
    const catalogue = openCatalogue({ extra: entries });
    const fact = fc.oneof(fc.string(), fc.double(), fc.array(fc.string()));
    const anyCode = fc.oneof(
      fc.constantFrom<`${string}/${string}`>('code/unknown', '__proto__/x', 'a/constructor'),
      fc.string().map((text) => `${text}/x` as const),
    );
    fc.assert(
      fc.property(anyCode, fc.dictionary(fc.string(), fact), (code, facts) => {
        expect(typeof catalogue.render({ code, severity: 'error', facts }, 'en').message).toBe('string');
      }),
    );
  });
});
