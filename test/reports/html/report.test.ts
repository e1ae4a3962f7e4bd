/** The HTML report as text: what it says, and that nothing of the data becomes markup. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/model/result.ts';
import { lineRanges } from '../../../src/reports/html/declarations.ts';
import { html } from '../../../src/reports/html/markup.ts';
import { buckets } from '../../../src/reports/html/timeline.ts';
import { accepted, contextIn, decision, key, refs, unknownCode } from '../sample.ts';
import { pageOf } from './page.ts';

const faulty = (): Decision => decision(refs(5, 6), { ...key('B2'), problems: [unknownCode(5)] });
const counts = {
  byOutcome: {
    accepted: { declarations: 1, rows: 1 },
    'set-aside': { declarations: 1, rows: 2 },
  } as never,
  problems: [{ code: 'code/unknown', severity: 'error', count: 1 }],
};

describe('the HTML report', () => {
  it('tells each problem with its cell, header, value, what was expected and what to do', async () => {
    const page = await pageOf([accepted(2), faulty()], counts);
    for (const part of [
      '表体!AB5',
      '原产国（地区）',
      '<mark>新加波</mark>',
      'SGP, JPN',
      'mend 原产国（地区）',
    ])
      expect(page).toContain(part);
  });

  it('names the lines, the customs number and the receipts of a declaration', async () => {
    const page = await pageOf([accepted(2), faulty()], counts);
    for (const part of ['lines 5–6', '090220261246992980', 'accepted <time'])
      expect(page.replace(/\s+/gu, ' ')).toContain(part);
  });

  it('is Chinese throughout for a Chinese reader', async () => {
    const page = await pageOf([accepted(2), faulty()], counts, contextIn('zh'));
    expect(page).toContain('<html lang="zh-CN">');
    for (const part of ['总览', '按列', '回执与放行', '已接受', '只看有问题的']) expect(page).toContain(part);
  });

  it('allows its own script by its hash and nothing else', async () => {
    const page = await pageOf([accepted(2)], counts);
    const script = /<script>(.*)<\/script>/su.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(script).digest('base64');
    const policy = /Content-Security-Policy"\s+content="([^"]+)"/u.exec(page)?.[1];
    expect(policy).toBe(
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('asks for nothing from anywhere', async () => {
    const page = await pageOf([accepted(2), faulty()], counts);
    expect(page).not.toMatch(/\b(?:src|href|action)\s*=\s*["']?[^"'#\s>]|@import|url\(/u);
  });

  it('shows controls and marks that reorder text as codes', async () => {
    const page = await pageOf(
      [decision(refs(5), { problems: [unknownCode(5, 'a\u202eb\u2028c\u0000')] })],
      counts,
    );
    expect(page).toContain('a\\u{202e}b\\u{2028}c\\x00');
  });

  it('leaves nothing behind when a run ends before its end', async () => {
    let isOpened = false;
    const { htmlReport } = await import('../../../src/reports/html/report.ts');
    const report = htmlReport(async () => {
      isOpened = true;
      throw new Error('opened');
    }, contextIn('en'));
    await report.abandon();
    expect(isOpened).toBe(false);
  });
});

describe('markup', () => {
  it('escapes what is put in, and only once', () => {
    const inner = html`<b>${'<&>"\'`'}</b>`;
    expect(html`<p title="${'">'}">${inner}</p>`.markup).toBe(
      '<p title="&quot;&gt;"><b>&lt;&amp;&gt;&quot;&#39;&#96;</b></p>',
    );
  });
});

describe('lines', () => {
  it('that stand together are named as one stretch', () => {
    expect(lineRanges([2, 3, 4, 9, 11, 12])).toBe('2–4, 9, 11–12');
  });
});

function at(...minutes: string[]): Map<string, Map<string, number>> {
  return new Map(minutes.map((minute) => [minute, new Map([['accepted', 1]])]));
}

describe('the time line', () => {
  it('is by minute where that fits', () => {
    expect(buckets(at('2026-01-02T03:05', '2026-01-02T03:04')).map(([name]) => name)).toEqual([
      '2026-01-02T03:04',
      '2026-01-02T03:05',
    ]);
  });

  it('is by hour where minutes are too many', () => {
    const minutes = Array.from(
      { length: 59 },
      (_, minute) => `2026-01-02T03:${String(minute).padStart(2, '0')}`,
    );
    expect(buckets(at(...minutes))).toEqual([['2026-01-02T03', new Map([['accepted', 59]])]]);
  });
});
