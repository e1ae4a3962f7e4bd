/** What the window said: all of one declaration, what matches none, and what was released since when. */
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSimulator } from '../../src/window/cn-client/simulator.ts';
import { declarant as runCli, type Finished, type Place, placeIn } from '../cli/run-cli.ts';

const manifest = join(import.meta.dirname, '../../fixtures/manifests/dalian-air-imports.xlsx');
let place: Place;
let root = '';
/** What the first look told. */
let watched = '';

function declarant(...words: readonly string[]): Promise<Finished> {
  const lang = words.includes('--lang') ? [] : ['--lang', 'en'];
  return runCli(place, [...words, '--window', 'cn-client', '--root', root, ...lang]);
}

const odd = {
  'strange.xml': '<Other>\u001b[2J不明白</Other>',
  'elsewhere.xml':
    '<DEC_RESULT><CUS_CIQ_NO>I20260000000009999</CUS_CIQ_NO><NOTICE_DATE>2026-03-02T09:00:05</NOTICE_DATE><CHANNEL>q9</CHANNEL><NOTE>别处申报的</NOTE></DEC_RESULT>',
  'nameless.xml': '<DEC_RESULT><CHANNEL>P</CHANNEL></DEC_RESULT>',
};

beforeAll(async () => {
  place = placeIn(mkdtempSync(join(tmpdir(), 'declarant-test-')));
  root = join(place.folder, 'ImpPath', 'DecCus001');
  let ms = Date.now();
  const simulator = openSimulator({ root, now: () => new Date(ms), seed: 'one', order: 'calm' });
  const out = ['--out', join(place.folder, 'out')];
  await declarant('import', manifest, '--yes', '--wait', '0', '--report', 'none', ...out);
  ms = Date.now() + 1_000;
  for (let second = 0; second < 60; second += 1) {
    simulator.tick();
    ms += 1_000;
  }
  for (const [name, text] of Object.entries(odd)) {
    writeFileSync(join(root, 'InBox', name), text);
    // One that is not understood might still be written: it is taken once it has rested.
    utimesSync(join(root, 'InBox', name), 1_700_000_000, 1_700_000_000);
  }
  watched = (await declarant('watch', '--once')).stdout;
}, 120_000);
afterAll(() => rmSync(place.folder, { recursive: true, force: true }));

type Told = {
  readonly count: number;
  readonly unmatched: readonly { readonly why: string; readonly file: string; readonly raw?: string }[];
};

describe('receipts that match nothing', () => {
  it('are shown whole, with what is known of them and why they match nothing', async () => {
    const { stdout, code } = await declarant('receipts', '--json');
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as Told;
    expect(told.count).toBe(3);
    const byFile = new Map(told.unmatched.map(({ why, file, raw }) => [file, [why, raw]]));
    expect(byFile).toEqual(
      new Map([
        ['InBox/elsewhere.xml', ['no-link', odd['elsewhere.xml']]],
        ['InBox/nameless.xml', ['no-number', odd['nameless.xml']]],
        ['InBox/strange.xml', ['not-understood', odd['strange.xml']]],
      ]),
    );
  });

  it('are told to a person without moving the cursor', async () => {
    const { stdout } = await declarant('receipts');
    expect(stdout).toContain('3 receipts match no declaration');
    expect(stdout).toContain('q9  别处申报的');
    expect(stdout).toContain('\\x1b[2J不明白');
    expect(stdout).not.toContain('\u001b');
  });

  it('are counted by status, which names the command', async () => {
    const human = await declarant('status');
    expect(human.stdout).toContain(
      '3 receipts match no declaration: see declarant receipts --window cn-client',
    );
    expect(JSON.parse((await declarant('status', '--format', 'json')).stdout)).toMatchObject({
      unmatched: 3,
    });
  });
});

type One = {
  readonly declaration: { readonly key: string; readonly clientSeqNo: string };
  readonly receipts: readonly {
    readonly counts: boolean;
    readonly receipt: { at: string; code: string };
    readonly files?: readonly string[];
  }[];
};

async function firstKey(): Promise<string> {
  const { declarations } = JSON.parse((await declarant('releases', '--json')).stdout) as {
    declarations: { key: string }[];
  };
  return declarations[0]?.key ?? 'none';
}

describe('the receipts of one declaration', () => {
  it('come in the order of their moments, with raw codes', async () => {
    const { declaration, receipts } = JSON.parse(
      (await declarant('receipts', '--ref', await firstKey(), '--json')).stdout,
    ) as One;
    const codes = receipts.map(({ receipt }) => receipt.code);
    expect(codes.slice(0, 2)).toEqual(['OutBox', 'ResponseCode=0']);
    expect(codes).toContain('P');
    const moments = receipts.map(({ receipt }) => Date.parse(receipt.at));
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    const byNumber = await declarant('receipts', '--ref', declaration.clientSeqNo, '--json');
    expect((JSON.parse(byNumber.stdout) as One).receipts).toEqual(receipts);
  });

  it('are told to a person with what each code means', async () => {
    const { stdout } = await declarant('receipts', '--ref', await firstKey());
    expect(stdout).toMatch(/P {2}released by customs/u);
    expect(stdout).toMatch(/OutBox/u);
  });

  it('name the files that they came in, each of which says so', async () => {
    const key = await firstKey();
    const { receipts } = JSON.parse((await declarant('receipts', '--ref', key, '--json')).stdout) as One;
    const { stdout } = await declarant('receipts', '--ref', key);
    const [ours, ...window] = receipts;
    expect(ours?.files).toBeUndefined();
    expect(window.length).toBeGreaterThan(3);
    for (const { receipt, files = [] } of window) {
      expect(files).toHaveLength(1);
      const [file = ''] = files;
      expect(readFileSync(join(root, file), 'utf8')).toContain(`>${receipt.code.replace(/^.*=/u, '')}<`);
      expect(stdout).toContain(file);
    }
  });

  it('of one that was never lodged are a stop', async () => {
    const { code, stderr } = await declarant('receipts', '--ref', 'nobody');
    expect(code).toBe(2);
    expect(stderr).toContain('usage/unknown-declaration');
  });
});

describe('releases since a day', () => {
  const since = async (day: string): Promise<number> => {
    const { stdout } = await declarant('releases', '--since', day, '--json');
    return (JSON.parse(stdout) as { declarations: readonly unknown[] }).declarations.length;
  };

  it('are those on or after it, in Beijing', async () => {
    const { stdout } = await declarant('releases', '--json');
    const { declarations } = JSON.parse(stdout) as { declarations: readonly { releasedAt: string }[] };
    const moments = declarations.map(({ releasedAt }) => Date.parse(releasedAt));
    const day = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
    expect(declarations.length).toBeGreaterThan(0);
    expect(await since(day(Math.min(...moments)))).toBe(declarations.length);
    expect(await since(day(Math.max(...moments) + 86_400_000))).toBe(0);
  });

  it.each(['2026-02-31', 'yesterday', '2026-3-2'])('of a day that is none are a stop: %s', async (day) => {
    const { code, stderr } = await declarant('releases', '--since', day);
    expect(code).toBe(2);
    expect(stderr).toContain('--since');
  });
});

describe('the clock that people read', () => {
  const told = /\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}[^\n]{0,12}/gu;
  const ofBeijing = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} \+08:00/u;
  const inBeijing = (at: string): string => {
    const clock = new Date(Date.parse(at) + 8 * 3_600_000).toISOString();
    return `${clock.slice(0, 10)} ${clock.slice(11, 19)} +08:00`;
  };

  it('is that of Beijing in watch, status, releases, receipts and the runs, with its offset', async () => {
    const runs: readonly { readonly run: string; readonly startedAt: string }[] = JSON.parse(
      (await declarant('status', '--format', 'json')).stdout,
    ).runs;
    const [run] = runs;
    const shown = new Map([
      ['watch', watched],
      ['status', (await declarant('status')).stdout],
      ['status --run', (await declarant('status', '--run', run?.run ?? '')).stdout],
      ['releases', (await declarant('releases')).stdout],
      ['receipts', (await declarant('receipts')).stdout],
      ['receipts --ref', (await declarant('receipts', '--ref', await firstKey())).stdout],
    ]);
    for (const [command, text] of shown) {
      const moments = text.match(told) ?? [];
      expect([command, moments.length > 0]).toEqual([command, true]);
      const others = moments.filter((moment) => !ofBeijing.test(moment));
      expect([command, ...others]).toEqual([command]);
    }
    expect(shown.get('status')).toContain(inBeijing(run?.startedAt ?? ''));
    expect(shown.get('status --run')).toContain(inBeijing(run?.startedAt ?? ''));
  });

  it('is left as it is for programs: ISO 8601', async () => {
    const { declarations } = JSON.parse((await declarant('releases', '--json')).stdout) as {
      declarations: { releasedAt: string }[];
    };
    const { stdout } = await declarant('releases');
    for (const { releasedAt } of declarations) {
      expect(releasedAt).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+08:00$/u);
      expect(stdout).toContain(inBeijing(releasedAt));
    }
  });
});

describe('a report made again', () => {
  it('names the next command with the window that the ledger is of', async () => {
    const { code, stdout } = await declarant(
      'report',
      '--report',
      'none',
      '--out',
      join(place.folder, 'again'),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/declarant reconcile --window cn-client --root \S/u);
  });
});

describe('a ledger that was moved away', () => {
  it('says so to whoever asks what is left for releases or a notice, in the words of status', async () => {
    const { declarations } = JSON.parse((await declarant('releases', '--json')).stdout) as {
      declarations: { bill: string; releasedAt: string }[];
    };
    const bill = declarations[0]?.bill ?? 'none';
    expect((await declarant('ledger', 'move', join(place.folder, 'moved', 'ledger.db'))).code).toBe(0);
    for (const lang of ['zh', 'en']) {
      const ask = (...words: readonly string[]): Promise<Finished> => declarant(...words, '--lang', lang);
      const [said = ''] = /(?:.*已移到.*|moved to .*)$/mu.exec((await ask('status')).stdout.trim()) ?? [];
      const words = said.trim();
      expect(words).toContain(join('moved', 'ledger.db'));
      expect(words).toContain('+08:00');
      expect((await ask('releases')).stdout.split('\n')[0]).toBe(words);
      const one = await ask('releases', '--bill', bill);
      expect(one.stdout.split('\n')[0]).toBe(words);
      const file = join(place.folder, `notice-${lang}.html`);
      const notice = await ask('notice', '--bill', bill, '-o', file);
      expect(notice).toMatchObject({ code: 0, stderr: `${words}\n` });
      expect(readFileSync(file, 'utf8')).toContain(words.replaceAll("'", '&#39;'));
      const refused = await ask('notice', '--bill', 'nobody', '-o', file);
      expect(refused.code).toBe(1);
      expect(refused.stderr.split('\n')[0]).toBe(words);
    }
    const told = JSON.parse((await declarant('releases', '--json')).stdout);
    expect(told).toMatchObject({
      movedTo: { place: expect.stringContaining('ledger.db'), at: expect.stringMatching(/Z$/u) },
    });
    expect(told.declarations).toEqual(declarations);
  });
});
