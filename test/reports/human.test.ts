/** The summary on a terminal. */
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/model/result.ts';
import { collectExamples, humanSummary, oneLineSummary } from '../../src/reports/human.ts';
import { contextIn, decision, refs, resultsOf, summaryOf, unknownCode } from './sample.ts';

const plain = {
  paint: (_style: string, text: string) => text,
  written: ['/结果/results.csv'],
  again: 'declarant import 清单.xlsx',
  importNext: 'declarant import 清单.xlsx',
  mapNext: 'declarant map 清单.xlsx',
  reconcileNext: 'declarant reconcile --window customs',
};

function shown(summary: RunSummary, lang: 'zh' | 'en', value = '新加波'): string {
  const examples = collectExamples();
  examples.add(resultsOf(decision(refs(5), { problems: [unknownCode(5, value)] })));
  return humanSummary(summary, examples.first, { ...contextIn(lang), ...plain });
}

function byOutcome(counts: Partial<RunSummary['byOutcome']>): RunSummary['byOutcome'] {
  return { ...summaryOf().byOutcome, ...counts };
}

const refused = summaryOf({
  byOutcome: byOutcome({ 'set-aside': { declarations: 1, rows: 1 }, accepted: { declarations: 1, rows: 2 } }),
  problems: [{ code: 'code/unknown', severity: 'error', count: 4 }],
  exit: 1,
});

describe('the summary for a person', () => {
  it('reads as this in Chinese', () => {
    expect(shown(refused, 'zh')).toMatchInlineSnapshot(`
      "申报完成（sandbox）：3 行，2 票报关单，用时 3.2 秒

        已接受              1 票  2 行  已有海关编号
        未申报（数据有误）  1 票  1 行  没有发出，改正后重新运行

      清单.xlsx 表体!AB5  中Unknown code  [code/unknown]（共 4 处，此为第一处）
        原产国（地区）：“新加波”
        中“新加波” in AB5 (原产国) is not among cn-country
        应为：中SGP、JPN
        处理：中mend 原产国（地区）

      每一行的结果：
        /结果/results.csv

      改正上述单元格并保存，再运行同一命令（已申报的不会重复申报）：
        declarant import 清单.xlsx
      "
    `);
  });

  it('reads as this in English', () => {
    expect(shown(refused, 'en')).toMatchInlineSnapshot(`
      "Import (sandbox) finished: 3 rows, 2 declarations, 3.2 s

        accepted   1 declaration  2 rows  they have a customs number
        set aside  1 declaration  1 row   nothing was sent: mend and run again

      清单.xlsx 表体!AB5  Unknown code  [code/unknown] (4 times; this is the first)
        原产国（地区）: “新加波”
        “新加波” in AB5 (Country of origin) is not among cn-country
        Expected: SGP, JPN
        What to do: mend 原产国（地区）

      The result of every row:
        /结果/results.csv

      Mend these cells, save the file, and run the same command (what was lodged is not lodged twice):
        declarant import 清单.xlsx
      "
    `);
  });

  it('names the import to run after a check without errors', () => {
    const summary = summaryOf({
      mode: 'check',
      byOutcome: byOutcome({ valid: { declarations: 2, rows: 3 } }),
    });
    expect(shown(summary, 'en')).toContain('Next:\n  declarant import 清单.xlsx');
  });

  it('asks for a person to confirm what was guessed, before the import that would refuse it', () => {
    const summary = summaryOf({
      mode: 'check',
      byOutcome: byOutcome({ valid: { declarations: 2, rows: 3 } }),
      notices: [{ code: 'header/decided-by-context', severity: 'warning', facts: {} }],
    });
    expect(shown(summary, 'en')).toContain('confirm them once before lodging:\n  declarant map 清单.xlsx');
  });

  it('warns against lodging again what may have arrived', () => {
    const summary = summaryOf({ byOutcome: byOutcome({ unknown: { declarations: 1, rows: 1 } }), exit: 4 });
    expect(shown(summary, 'en')).toContain('asks the window first and lodges nothing twice');
  });

  it('counts the kinds that it does not show in full, each with its first place, and says how many more there are', () => {
    const kinds = Array.from({ length: 28 }, (_, index) => ({
      code: `x/k${index}`,
      severity: 'error',
      count: 2,
    }));
    const text = shown(
      summaryOf({ problems: [...kinds, { code: 'code/unknown', severity: 'error', count: 1 }] }),
      'en',
    );
    expect(text).toContain('x/k19');
    expect(text).not.toContain('x/k20');
    expect(text).toContain('and 9 more kinds');
  });

  it('names the first place of a kind that it only counts', () => {
    const kinds = Array.from({ length: 5 }, (_, index) => ({
      code: `x/k${index}`,
      severity: 'error',
      count: 2,
    }));
    const text = shown(
      summaryOf({ problems: [...kinds, { code: 'code/unknown', severity: 'error', count: 1 }] }),
      'zh',
    );
    expect(text).toMatch(/1 处\s+表体!AB5\s+\[code\/unknown\]/u);
  });

  it('names the command that writes all of it down where no file was written', () => {
    const summary = { ...refused, mode: 'check' as const };
    const text = humanSummary(summary, new Map(), { ...contextIn('en'), ...plain, written: [] });
    expect(text).toContain('declarant import 清单.xlsx --report html');
  });

  it('lets no value drive the terminal', () => {
    expect(shown(refused, 'en', 'x\u001b]0;owned\u0007')).not.toMatch(/[\u001b\u0007]/u);
  });

  it('fits on one line for a log', () => {
    expect(oneLineSummary(refused, { lang: 'en', written: plain.written })).toBe(
      'import 20260102-030405-abcd, rows 3, declarations 2, accepted 1, set-aside 1, exit 1; results /结果/results.csv\n',
    );
  });
});
