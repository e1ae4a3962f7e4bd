/** Moments as people read them: one clock, that of Beijing, whatever clock they were written by. */
import { describe, expect, it } from 'vitest';
import { beijingClock, momentText } from '../../src/reports/moment.ts';
import { openCatalogue } from '../../src/reports/catalogue.ts';

describe('a moment for people', () => {
  it.each([
    ['2026-03-02T01:00:05Z', '2026-03-02 09:00:05 +08:00'],
    ['2026-03-02T01:00:05.999Z', '2026-03-02 09:00:05 +08:00'],
    ['2026-03-02T09:00:05+08:00', '2026-03-02 09:00:05 +08:00'],
    ['2026-03-01T20:00:05-05:00', '2026-03-02 09:00:05 +08:00'],
    ['2026-12-31T16:00Z', '2027-01-01 00:00:00 +08:00'],
  ])('is the same whichever clock it was written by: %s', (at, text) => {
    expect(momentText(at)).toBe(text);
  });

  it.each(['', '2026-03-02', '2026-03-02 09:00', '2026-03-02T09:00:05', '2026-02-30T25:00:00Z', '昨天'])(
    'is no clock where it is not sure which: “%s” stands as it is',
    (text) => {
      expect(beijingClock(text)).toBeUndefined();
      expect(momentText(text)).toBe(text);
    },
  );

  it('shows what stands in its place without a control character, and cut', () => {
    expect(momentText(`\u001b[2J${'x'.repeat(100)}`)).toMatch(/^\\x1b\[2Jx+…$/u);
  });
});

describe('a problem that names a moment', () => {
  const catalogue = openCatalogue();
  const since = '2026-03-02T01:00:05.000Z';

  it('says it by that clock, and keeps the fact as it is for programs', () => {
    const problem = { code: 'lodge/unknown', severity: 'error', facts: { key: 'A', since } } as const;
    for (const lang of ['zh', 'en'] as const)
      expect(catalogue.render(problem, lang).message).toContain('2026-03-02 09:00:05 +08:00');
    expect(problem.facts.since).toBe(since);
  });

  it('leaves alone a value of a cell that looks like one', () => {
    const problem = {
      code: 'value/no-such-day',
      severity: 'error',
      value: since,
      facts: { value: since },
    } as const;
    expect(catalogue.render(problem, 'en').message).toContain(since);
  });
});
