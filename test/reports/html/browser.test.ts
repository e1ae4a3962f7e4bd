/** The HTML report in a real browser: nothing in the data runs, nothing is fetched, and the list can be searched. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDeclarationKey } from '../../../src/model/ids.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { type Decision, outcomes } from '../../../src/model/result.ts';
import type { RowRef } from '../../../src/model/row.ts';
import { loadReceiptCodes } from '../../../src/pack/receipt-codes.ts';
import { noticePage } from '../../../src/reports/notice.ts';
import type { ReportContext } from '../../../src/reports/report.ts';
import { freshFolder } from '../../cli/run-cli.ts';
import { chromium, inChromium, type Page, type PageOptions } from '../chromium.ts';
import { accepted, contextIn, decision, key, refs, unknownCode } from '../sample.ts';
import { pageOf } from './page.ts';

if (chromium === undefined)
  process.stderr.write('skipped: the HTML report in a browser, for no Chromium is installed here\n');

async function opened<T>(
  page: string,
  use: (page: Page) => Promise<T>,
  options: PageOptions = {},
): Promise<T> {
  const file = join(await freshFolder(), '报告.html');
  await writeFile(file, page);
  return inChromium(file, options, use);
}

const attacks = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)' x='",
  '</title><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '--><svg/onload=alert(1)>',
  '\u2028alert(1)\u2029//',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '</td></tr></table><iframe src="javascript:alert(1)"></iframe>',
  'javascript:alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
  '<link rel=stylesheet href=http://127.0.0.1:9/x.css>',
];

/** Every text of a result is the attack. */
function attacked(attack: string, line: number): Decision {
  const ref: RowRef = { file: `${attack}.xlsx`, sheet: attack, line };
  const problem: Problem = {
    code: `x/${attack}`,
    severity: 'error',
    row: ref,
    column: 3,
    header: attack,
    field: `${attack}.${attack}`,
    value: attack,
    facts: { [attack]: attack },
  };
  const named = parseDeclarationKey(attack);
  const receipt = { id: attack, at: attack, code: attack, text: attack, problems: [] };
  return decision([ref, { ...ref, file: 'other' }], {
    ...(named === undefined ? {} : { key: named }),
    outcome: 'rejected',
    receipts:
      named === undefined
        ? []
        : [
            { ...receipt, key: named },
            { ...receipt, key: named },
          ],
    problems: [problem],
  });
}

const rendered = contextIn('en');
const hostile: ReportContext = {
  ...rendered,
  fieldTitle: (path) => ({ zh: path, en: path }),
  render: ({ value = '', code }) => ({
    title: value || code,
    message: value,
    expected: value,
    remedy: value,
  }),
};

const codes = loadReceiptCodes('cn-goods-declaration');
const known = parseDeclarationKey('K') ?? expect.unreachable('no key');

const many = Array.from({ length: 120 }, (_, index) =>
  index % 3 === 0
    ? decision(refs(index + 2), { ...key(`K${index}`), problems: [unknownCode(index + 2)] })
    : { ...accepted(index + 2), ...key(`K${index}`) },
);
const counts = {
  byOutcome: {
    accepted: { declarations: 80, rows: 80 },
    'set-aside': { declarations: 40, rows: 40 },
  } as never,
  problems: [{ code: 'code/unknown', severity: 'error', count: 40 }],
};
const visible = `Array.from(document.querySelectorAll('#list tbody')).filter((body) => body.checkVisibility()).length`;

describe.skipIf(chromium === undefined)('the HTML report in a browser', { timeout: 60_000 }, () => {
  it('runs nothing that stands in the data, and asks for nothing', async () => {
    const page = await pageOf(
      attacks.map((attack, index) => attacked(attack, index + 2)),
      {
        byOutcome: { rejected: { declarations: attacks.length, rows: attacks.length * 2 } } as never,
        files: attacks,
        window: attacks[0] ?? '',
        pack: attacks[1] ?? '',
        notices: attacks.map((attack, index) => ({ ...unknownCode(index, attack), header: attack })),
        problems: attacks.map((attack) => ({ code: `x/${attack}`, severity: 'error', count: 1 })),
      },
      hostile,
    );
    const seen = await opened(page, async ({ evaluate, requests, alarms }) => {
      const elements = await evaluate(
        `[document.querySelectorAll('script').length, document.querySelectorAll('img, iframe, link, object, embed, a[href^=java]').length, document.querySelectorAll('#list tbody').length]`,
      );
      const handlers = await evaluate(
        `Array.from(document.querySelectorAll('*')).flatMap((each) => Array.from(each.attributes)).filter(({ name }) => name.startsWith('on')).length`,
      );
      return { elements, handlers, requests, alarms };
    });
    expect(seen).toEqual({ elements: [1, 0, attacks.length], handlers: 0, requests: [], alarms: [] });
  });

  it('nor does a release notice', async () => {
    const entries = attacks.map((attack) => ({
      release: {
        key: attack,
        bill: attack,
        entryId: attack,
        state: 'released' as const,
        isReleased: true,
        releasedAt: attack,
        evidence: { key: known, id: attack, at: attack, code: attack, text: attack, problems: [] },
        doubts: [],
      },
      fields: [{ title: { zh: attack, en: attack }, value: attack }],
      goods: [attack],
    }));
    const all = attacks.join(' ');
    const page = noticePage(entries, { bill: all, madeAt: all, codes });
    const made = `document.querySelectorAll('script, img, iframe, link, object, embed, a, meta[http-equiv=refresh]').length`;
    const seen = await opened(page, async ({ evaluate, requests, alarms }) => ({
      made: await evaluate(made),
      sections: await evaluate(`document.querySelectorAll('section').length`),
      requests,
      alarms,
    }));
    expect(seen).toEqual({ made: 0, sections: attacks.length, requests: [], alarms: [] });
  });

  it('searches, filters and pages, and says how many are shown', async () => {
    const seen = await opened(await pageOf(many, counts), async ({ evaluate }) => {
      const type = (text: string): Promise<unknown> =>
        evaluate(
          `new Promise((done) => { const search = document.getElementById('search'); search.value = ${JSON.stringify(text)}; search.dispatchEvent(new Event('input')); setTimeout(() => done([${visible}, document.getElementById('count').textContent]), 300); })`,
        );
      const first = await evaluate(`[${visible}, document.getElementById('page').textContent]`);
      const last = await evaluate(
        `document.getElementById('after').click(); document.getElementById('after').click(); [${visible}, document.getElementById('page').textContent]`,
      );
      const found = await type('ｋ119 ');
      const byProblem = await evaluate(
        `document.querySelector('button.find').click(); [${visible}, document.getElementById('count').textContent]`,
      );
      const nothing = await type('nowhere');
      return { first, last, found, byProblem, nothing };
    });
    expect(seen).toEqual({
      first: [50, 'page 1 of 3'],
      last: [20, 'page 3 of 3'],
      found: [1, '1 of 120 declarations'],
      byProblem: [40, '40 of 120 declarations'],
      nothing: [0, '0 of 120 declarations'],
    });
  });

  it('holds everything, and no control that does nothing, where scripts are switched off', async () => {
    const seen = await opened(
      await pageOf(many, counts),
      async ({ evaluate }) => [
        await evaluate(visible),
        await evaluate(`document.getElementById('controls').checkVisibility()`),
      ],
      { withoutScripts: true },
    );
    expect(seen).toEqual([120, false]);
  });

  it('prints every declaration that the filter lets through, not only the page in view', async () => {
    const seen = await opened(await pageOf(many, counts), async ({ evaluate, send }) => {
      await send('Emulation.setEmulatedMedia', { media: 'print' });
      return evaluate(visible);
    });
    expect(seen).toBe(120);
  });

  it('names every control, table and picture for a screen reader', async () => {
    const seen = await opened(await pageOf(many, counts), async ({ send }) => {
      const { nodes } = await send('Accessibility.getFullAXTree');
      const roles = new Set([
        'searchbox',
        'combobox',
        'checkbox',
        'button',
        'table',
        'img',
        'image',
        'region',
      ]);
      const named: string[] = [];
      const nameless: string[] = [];
      for (const { role, name, ignored } of nodes as {
        role?: { value: string };
        name?: { value: string };
        ignored: boolean;
      }[]) {
        if (ignored || role === undefined || !roles.has(role.value)) continue;
        ((name?.value ?? '') === '' ? nameless : named).push(role.value);
      }
      return {
        nameless,
        kinds: [...new Set(named)].sort().filter((role) => role !== 'image' && role !== 'img'),
      };
    });
    expect(seen).toEqual({
      nameless: [],
      kinds: ['button', 'checkbox', 'combobox', 'region', 'searchbox', 'table'],
    });
  });

  it('reaches each control by keyboard alone, in the order of the page', async () => {
    const seen = await opened(await pageOf(many, counts), async ({ evaluate, send }) => {
      const ids: unknown[] = [];
      await evaluate(`document.getElementById('search').focus()`);
      for (let press = 0; press < 4; press += 1) {
        ids.push(await evaluate('document.activeElement.id || document.activeElement.className'));
        for (const type of ['rawKeyDown', 'keyUp'])
          await send('Input.dispatchKeyEvent', { type, key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 });
      }
      return [...ids, await evaluate('document.activeElement.className')];
    });
    expect(seen).toEqual(['search', 'outcome', 'only', 'reset', 'scroll']);
  });

  it('keeps text readable against its ground, in light and in dark', async () => {
    const every = outcomes.map((outcome, index) =>
      decision(refs(index + 2), {
        outcome,
        problems: [unknownCode(index + 2), { ...unknownCode(2), severity: 'warning' }],
      }),
    );
    const page = await pageOf([...every, accepted(50)], counts);
    for (const isDark of [false, true]) {
      const poor = await opened(page, ({ evaluate }) => evaluate(contrasts), { isDark });
      expect(poor).toEqual([]);
    }
  });
});

/** Words whose contrast with their ground is below 4.5 : 1 (WCAG 2.2, 1.4.3). */
const contrasts = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => [red, green, blue].map((each) => each / 255).map((each) => each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4).reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => { for (let each = element; each; each = each.parentElement) { const colour = parts(getComputedStyle(each).backgroundColor); if (colour.length < 4 || colour[3] > 0) return colour; } return [255, 255, 255]; };
  const poor = new Set();
  for (const element of document.querySelectorAll('h1,h2,p,th,td,span,code,strong,button,dt,dd,summary,label,mark,time,caption,a')) {
    if (!element.checkVisibility() || !Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim() !== '')) continue;
    const [one, other] = [light(parts(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) poor.add(element.tagName + '.' + element.className + ' ' + ((one + 0.05) / (other + 0.05)).toFixed(2));
  }
  return [...poor];
})()`;
