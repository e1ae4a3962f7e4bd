/** What has not come to its end, as `status` shows it. */
import { describe, expect, it } from 'vitest';
import { loadReceiptCodes } from '../../src/pack/receipt-codes.ts';
import { type Due, dueTable } from '../../src/reports/due.ts';

const codes = loadReceiptCodes('cn-goods-declaration');
const due = (key: string, change: Partial<Due> = {}): Due => ({
  key,
  state: 'registered',
  actions: [],
  minutes: 5,
  isOverdue: false,
  ...change,
});

describe('the table of what is open', () => {
  it('shows what needs somebody first, with age, action and the words of a rejection', () => {
    const { lines, needs } = dueTable(
      [
        due('waits'),
        due('late', { isOverdue: true, minutes: 3_000 }),
        due('back', { state: 'rejected', actions: ['correct'], said: { code: 'E', text: '品名不符' } }),
        due('taxed', { state: 'held', actions: ['pay'], entryId: '090220261000000001' }),
      ],
      { lang: 'en', codes },
    );
    expect(needs).toBe(3);
    expect(lines.map((line) => line.replaceAll(/ {2,}/gu, ' | '))).toEqual([
      'Open (3 need somebody):',
      ' | late | registered | 2 d (overdue)',
      ' | back | rejected | 5 min | correct and send again: E 品名不符',
      ' | taxed | held | 5 min | 090220261000000001 | pay duties and taxes',
      ' | waits | registered | 5 min',
    ]);
  });

  it('is empty where all that is left was accepted in time', () => {
    expect(dueTable([due('fine', { state: 'accepted' })], { lang: 'zh', codes })).toEqual({
      lines: [],
      needs: 0,
    });
  });

  it('shows 50 and counts the rest, whatever their number', () => {
    function* many(): Generator<Due> {
      for (let at = 0; at < 100_000; at += 1) yield due(`waits${at}`);
      yield due('last', { isOverdue: true });
    }
    const { lines } = dueTable(many(), { lang: 'zh', codes });
    expect(lines).toHaveLength(52);
    expect(lines[1]).toContain('last');
    expect(lines.at(-1)).toBe('  另有 99951 票，见 --format json');
  });
});
