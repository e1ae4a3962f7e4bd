/** What is said while a run goes on. */
import { describe, expect, it } from 'vitest';
import { describeProgress } from '../../src/progress.ts';

const none = { declarations: 0, lodged: 0, decided: 0 };

describe('progress', () => {
  it('tells rows, declarations and the rate', () => {
    let now = 0;
    const describe = describeProgress('en', () => now);
    now = 2000;
    expect(describe({ phase: 'checking', rows: 10_000, ...none, declarations: 2500 })).toBe(
      'checking 10,000 rows · 2,500 declarations · 5,000 rows/s',
    );
  });

  it('tells the time left once an earlier pass has counted the rows', () => {
    let now = 0;
    const describe = describeProgress('zh', () => now);
    describe({ phase: 'checking', rows: 1000, ...none });
    now = 1000;
    describe({ phase: 'lodging', rows: 0, ...none });
    now = 3000;
    expect(describe({ phase: 'lodging', rows: 500, declarations: 100, lodged: 80, decided: 60 })).toBe(
      '正在申报 500 行 · 100 票 · 已发出 80 · 已有回执 60 · 250 行/秒 · 约剩 2 秒',
    );
  });

  it('judges the time left by bytes where they are known', () => {
    let now = 0;
    const describe = describeProgress('en', () => now);
    now = 1000;
    expect(describe({ phase: 'reading', rows: 10, ...none, bytes: { read: 25, total: 100 } })).toContain(
      'about 3 s left',
    );
  });
});
