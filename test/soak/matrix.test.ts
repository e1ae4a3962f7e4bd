/** The failure matrix: the real client and the real stages against a window in its own process that fails as it is told. One test for each case of `docs/failure-matrix.md`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAccess } from '../../src/commands/window-access.ts';
import { loadConfig } from '../../src/config.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { loadPack } from '../../src/pack/load.ts';
import type { RunOptions } from '../../src/pipeline/run-options.ts';
import { readSecretCommand } from '../../src/secrets.ts';
import { type Access, openWindow } from '../../src/window/index.ts';
import { book, runId, trial, type Trial } from '../pipeline/trial-run.ts';
import { declarations, header } from '../pipeline/valid-rows.ts';
import type { FaultOptions } from './fault-window.ts';
import { type FaultWindow, startFaultWindow } from './place.ts';

const pack = await loadPack('cn-goods-declaration');
const three = declarations.slice(0, 3);
const keyColumn = header.indexOf('业务编号');
const keys = three.map(([row]) => row?.[keyColumn] ?? '');
const kinds = ['key', 'lookup', 'duplicate-refusing'] as const;

let folder: string;
let window: FaultWindow | undefined;
let runs = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'declarant-矩阵-'));
});
afterEach(async () => {
  await window?.close();
  window = undefined;
  rmSync(folder, { recursive: true });
});

async function fails(
  kind: FaultOptions['kind'],
  script: readonly string[],
  more: Partial<FaultOptions> = {},
): Promise<void> {
  window = await startFaultWindow({
    kind,
    log: join(folder, 'window.jsonl'),
    seed: 1,
    faults: 0,
    lateMs: 250,
    perRequest: 50,
    script,
    ...more,
  });
}

type Bounds = {
  readonly timeoutMs?: number;
  readonly settleMs?: number;
  readonly keyLifeMs?: number;
  readonly duplicateWindowMs?: number;
  readonly access?: Access;
};

async function lodge(
  kind: FaultOptions['kind'],
  { timeoutMs = 1_500, access = {}, ...promises }: Bounds = {},
  more: Partial<RunOptions> = {},
  rows = three.flat(),
): Promise<Trial> {
  const now = more.now ?? (() => new Date());
  runs += 1;
  const run = runId(`20261122-0800${String(runs % 60).padStart(2, '0')}-matx`);
  const address = window?.address ?? 'http://127.0.0.1:1';
  const client = await openWindow({ window: address, timeoutMs, access });
  const ledger = await openLedger({
    file: join(folder, 'l.db'),
    now,
    mode: 'write',
    window: { name: 'trial', address: 'http://127.0.0.1:1', environment: 'test' },
  });
  try {
    ledger.beginRun({ run, command: 'import', pack: pack.name, files: [], startedAt: now().toISOString() });
    const trialPack = {
      ...pack,
      window: { ...pack.window, kind, settleMs: 700, requestMs: timeoutMs, ...promises },
    };
    return await trial([book('m.csv', [{ rows: [header, ...rows] }])], {
      run,
      mode: 'import',
      ledger,
      window: client,
      pack: trialPack,
      waitMs: 3_000,
      now,
      ...more,
    });
  } finally {
    ledger.close();
    await client.close();
  }
}

type Seen = {
  readonly type: string;
  readonly at: number;
  readonly ref?: string;
  readonly key?: string;
  readonly path?: string;
  readonly body?: string;
  readonly ms?: number;
  readonly lines?: readonly unknown[];
  readonly foreign?: boolean;
};
const seen = (type: string): readonly Seen[] =>
  readFileSync(join(folder, 'window.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Seen => JSON.parse(line))
    .filter((each) => each.type === type);
const accepted = (): readonly string[] =>
  seen('accepted')
    .filter(({ foreign }) => foreign !== true)
    .map(({ ref }) => ref ?? '')
    .toSorted();
const outcomes = ({ results }: Trial): readonly string[] => [
  ...new Map(results.map(({ decision }) => [decision.key, decision.outcome])).values(),
];
const all = (outcome: string): readonly string[] => keys.map(() => outcome);

/** What the ledger says of the attempts, oldest first. */
function attempts(): readonly object[] {
  const ledger = new DatabaseSync(join(folder, 'l.db'), { readOnly: true });
  const rows = ledger.prepare('select number, how, detail from attempts order by started_at, number').all();
  ledger.close();
  return rows.map((row) => ({ ...row }));
}

/** Access as the command line reads it. */
function access(flags: Readonly<Record<string, string>>): Promise<Access> {
  const address = window?.address ?? '';
  const config = loadConfig({
    flags: new Map(Object.entries({ window: address, ...flags })),
    env: { HOME: folder },
    cwd: folder,
  });
  return readAccess(config, { address, usesStdin: false });
}

/** A command that prints `first`, and when it is run again does what `again` says. */
function tokenCommand(again: string): string {
  const script = join(folder, 'token.mjs');
  const ran = JSON.stringify(join(folder, 'ran'));
  const lines = [
    "import { existsSync, writeFileSync } from 'node:fs';",
    `if (existsSync(${ran})) { ${again} } else { writeFileSync(${ran}, ''); console.log('first'); }`,
  ];
  writeFileSync(script, lines.join('\n'));
  return `"${process.execPath}" "${script}"`;
}

/** A token that can be had anew without end; `asked` gets those that were refused. */
function renewing(asked: string[] = []): Access {
  return { token: 'next-0', tokenAgain: (refused) => Promise.resolve(`next-${asked.push(refused)}`) };
}

/** Runs until it is decided, as a person would. */
async function untilDone(kind: FaultOptions['kind'], bounds: Bounds = {}): Promise<Trial> {
  for (let times = 1; ; times += 1) {
    const done = await lodge(kind, bounds);
    if (done.summary.exit < 2 || times === 4) return done;
  }
}

const lossy = [
  ['6', '500-before'],
  ['7', '500-after'],
  ['8', '502-after'],
  ['8', '503-after'],
  ['9', 'redirect'],
  ['11', 'silent'],
  ['12', 'late'],
  ['13', 'cut'],
  ['13', 'reset-before'],
  ['14', 'reset-after'],
  ['14', 'half'],
  ['14', 'cut-1'],
  ['14', 'cut-40'],
  ['14', 'cut-90'],
  ['14', 'cut-200'],
  ['15', 'wrong-length'],
  ['15', 'bad-chunk'],
  ['16', 'twice'],
  ['16', 'other-batch'],
  ['17', 'garbage'],
  ['17', 'html'],
  ['17', 'bom'],
  ['17', 'not-a-number'],
  ['17', 'same-name'],
  ['18', 'missing'],
  ['18', 'wrong-ids'],
  ['25', 'partial'],
  ['28', 'slow'],
  ['29', 'header-bomb'],
  ['29', 'endless-1xx'],
] as const;

describe.each(kinds)('a window of the kind %s', (kind) => {
  test.each(lossy)('case %s, %s: in the end each declaration is accepted, once', async (_, fault) => {
    await fails(kind, [fault]);
    const done = await untilDone(kind);
    expect([done.summary.exit, outcomes(done), accepted()]).toEqual([0, all('accepted'), keys.toSorted()]);
  });

  test('case 19, a 413: the batch is halved under new keys, and the smaller size remembered', async () => {
    await fails(kind, ['413']);
    const done = await lodge(kind);
    expect([done.summary.exit, accepted()]).toEqual([0, keys.toSorted()]);
    expect(seen('upload').map(({ lines }) => lines?.length)).toEqual([3, 2, 1]);
    expect(new Set(seen('upload').map(({ key }) => key)).size).toBe(3);
  });

  test.each(['401', '403'])(
    'case 20 and 9, a %s: exit 6, nothing sent again, all free for the next run',
    async (status) => {
      await fails(kind, [status]);
      await expect(lodge(kind)).rejects.toMatchObject({ exit: 6 });
      expect([seen('upload').length, accepted()]).toEqual([1, []]);
      const done = await lodge(kind);
      expect([done.summary.exit, accepted()]).toEqual([0, keys.toSorted()]);
    },
  );

  test('case 20, a token that expires in a run: asked for again, and the same batch goes out under the same key with the same bytes', async () => {
    await fails(kind, [], { tokenLife: 2 });
    const asked: string[] = [];
    const done = await lodge(kind, { access: renewing(asked) });
    expect([done.summary.exit, outcomes(done), accepted()]).toEqual([0, all('accepted'), keys.toSorted()]);
    const [refused] = seen('refused');
    const [upload] = seen('upload');
    expect(refused?.path).toContain('/declarations');
    expect([upload?.key, upload?.body]).toEqual([refused?.key, refused?.body]);
    expect(new Set(asked).size).toBe(asked.length);
    expect(attempts()).toEqual([
      { number: 1, how: 'not-sent', detail: 'sign-in' },
      { number: 2, how: 'answered', detail: null },
    ]);
  });

  test('case 32, one declaration for which the whole batch is refused: found by halves, the others accepted', async () => {
    await fails(kind, [], { poison: [keys[1] ?? ''] });
    const done = await lodge(kind);
    expect([done.summary.exit, outcomes(done)]).toEqual([1, ['accepted', 'rejected', 'accepted']]);
    expect(seen('upload').length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(3)) + 1);
  });
});

describe('a token that the window no longer takes', () => {
  test('case 20, in a file that its renewer has written anew: read again', async () => {
    await fails('key', [], { tokenLife: 2, perRequest: 1000 });
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'first\n', { mode: 0o600 });
    const known = await access({ tokenFile });
    writeFileSync(tokenFile, 'second\n');
    // The second is dead too, once the batch went out with it and the window was asked how it stands.
    await expect(lodge('key', { access: known })).rejects.toMatchObject({ code: 'window/sign-in-refused' });
    expect(accepted()).toEqual(keys.toSorted());
    expect(attempts()).toHaveLength(2);
  });

  test('case 20, several batches at once: one renewal for all of them', async () => {
    await fails('key', [], { tokenLife: 12, perRequest: 1 });
    const asked: string[] = [];
    const many = declarations.slice(0, 8);
    const done = await lodge('key', { access: renewing(asked) }, {}, many.flat());
    expect([done.summary.exit, accepted().length]).toEqual([0, 8]);
    expect(asked.length).toBeGreaterThanOrEqual(1);
    // No token is asked for anew twice.
    expect(new Set(asked).size).toBe(asked.length);
  });

  const dead = [
    ['a file that still holds the dead token', () => fileOf('first'), 'window/sign-in-refused', 1],
    [
      'a command that gives the same dead token',
      () => commandOf("console.log('first')"),
      'window/sign-in-refused',
      2,
    ],
    ['a command that fails', () => commandOf('process.exit(3)'), 'secret/not-renewed', 1],
    ['a command that prints no token', () => commandOf("console.log('a b')"), 'secret/not-renewed', 1],
    ['a command that hangs', () => hanging(), 'secret/not-renewed', 1],
    ['standard input', () => Promise.resolve({ token: 'first' }), 'window/sign-in-refused', 1],
  ] as const;
  const fileOf = (token: string): Promise<Access> => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, token, { mode: 0o600 });
    return access({ tokenFile });
  };
  const commandOf = (again: string): Promise<Access> => access({ tokenCommand: tokenCommand(again) });
  const hanging = (): Promise<Access> => {
    const command = `"${process.execPath}" -e "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6)"`;
    return Promise.resolve({ token: 'first', tokenAgain: () => readSecretCommand(command, 300) });
  };

  test.each(dead)('case 21, from %s: exit 6, all free for the next run', async (_, from, code, uploads) => {
    await fails('key', [], { tokenLife: 2 });
    await expect(lodge('key', { access: await from() })).rejects.toMatchObject({ code, exit: 6 });
    const refused = seen('refused').filter(({ key }) => key !== undefined);
    expect([refused.length, new Set(refused.map(({ key }) => key)).size]).toEqual([uploads, 1]);
    expect([seen('upload').length, accepted()]).toEqual([0, []]);
    expect(attempts()).toHaveLength(uploads);
    const done = await lodge('key', { access: renewing() });
    expect([done.summary.exit, accepted()]).toEqual([0, keys.toSorted()]);
  });
});

describe('what kind of window it is decides', () => {
  test('case 22, "duplicate" after an attempt in doubt: accepted, with the receipt that was fetched', async () => {
    await fails('duplicate-refusing', ['reset-after']);
    const done = await lodge('duplicate-refusing');
    expect([done.summary.exit, outcomes(done), accepted().length]).toEqual([0, all('accepted'), 3]);
    expect(done.results.every(({ decision }) => decision.entryId !== undefined)).toBe(true);
  });

  test('case 23, "duplicate" of what we never sent: rejected for a person to look at, never accepted', async () => {
    await fails('duplicate-refusing', [], { foreign: [keys[0] ?? ''] });
    const done = await lodge('duplicate-refusing');
    expect([done.summary.exit, outcomes(done)]).toEqual([1, ['rejected', 'accepted', 'accepted']]);
  });

  test('case 24, "still running": asked and sent again under the same key and the same bytes', async () => {
    await fails('key', ['409-outstanding']);
    const done = await lodge('key');
    expect([done.summary.exit, accepted()]).toEqual([0, keys.toSorted()]);
    expect(new Set(seen('upload').map(({ key, body }) => `${key} ${body}`)).size).toBe(1);
  });

  test('case 24, "key used with other content": stops as a defect, and sends no more', async () => {
    await fails('key', ['422-key-reused']);
    await expect(lodge('key')).rejects.toMatchObject({ exit: 70, code: 'window/key-reused' });
    expect(seen('upload').length).toBe(1);
  });

  test('a window without memory: what is in doubt is never sent again, exit 4, a person decides', async () => {
    await fails('none', ['reset-before']);
    expect((await lodge('none', {}, { waitMs: 100 })).summary.exit).toBe(4);
    const later = await lodge('none', {}, { waitMs: 100 });
    expect([later.summary.exit, outcomes(later), seen('announced').length]).toEqual([4, all('unknown'), 1]);
  });

  test.each(kinds)(
    'case 31, a clock set a day ahead, and back, at a %s window: past its protection nothing is sent again by itself',
    async (kind) => {
      await fails(kind, ['500-before']);
      // So short a protection that the first run does not try again either.
      await lodge(kind, { keyLifeMs: 1, duplicateWindowMs: 1 }, { waitMs: 0 });
      const hour = { keyLifeMs: 3_600_000, duplicateWindowMs: 3_600_000 };
      const ahead = await lodge(kind, hour, { waitMs: 0, now: () => new Date(Date.now() + 86_400_000) });
      const back = await lodge(kind, hour, { waitMs: 0 });
      expect([ahead.summary.exit, back.summary.exit, seen('upload').length]).toEqual([4, 4, 1]);
    },
  );
});

describe('a window that asks for time', () => {
  test.each(['429=1', '429-date'])('case 10, %s: nothing comes before that time', async (fault) => {
    await fails('key', [fault]);
    expect((await lodge('key')).summary.exit).toBe(0);
    const [told] = seen('retry-after');
    const [, next] = seen('upload');
    expect((next?.at ?? 0) - (told?.at ?? 0)).toBeGreaterThanOrEqual(told?.ms ?? Infinity);
  });

  test.each(['429=0', '429=-5', '429=abc', '429=Wed, 01 Jan 2020 00:00:00 GMT'])(
    'case 10, %s: our own pause, then accepted',
    async (fault) => {
      await fails('key', [fault]);
      expect([(await lodge('key')).summary.exit, accepted()]).toEqual([0, keys.toSorted()]);
    },
  );

  test('case 10, ten years: exit 5 at once, all free', async () => {
    await fails('key', ['429=315360000']);
    const done = await lodge('key', {}, { waitMs: 0 });
    expect([done.summary.exit, outcomes(done), seen('upload').length]).toEqual([5, all('not-sent'), 1]);
  });
});

describe('a window that takes nothing', () => {
  test('case 9, a 501 is not asked again: exit 5, one upload', async () => {
    await fails('lookup', ['501']);
    const done = await lodge('lookup', {}, { waitMs: 0 });
    expect([done.summary.exit, seen('upload').length]).toEqual([5, 1]);
  });

  test('case 30, a name that does not resolve: exit 5, nothing in the ledger in doubt', async () => {
    await expect(lodge('key', { timeoutMs: 200 })).rejects.toMatchObject({ exit: 5 });
  });

  test('case 33, a window that refuses everything: the run stops, exit 5, after a bounded number of requests', async () => {
    await fails(
      'key',
      Array.from({ length: 400 }, () => '400'),
      { perRequest: 10 },
    );
    const many = Array.from({ length: 60 }, (_, index) =>
      (three[0] ?? []).map((row) => row.with(keyColumn, `MANY${index}`)),
    ).flat();
    const done = await lodge('key', {}, { waitMs: 0 }, many);
    expect(done.summary.exit).toBe(5);
    expect(seen('upload').length).toBeLessThan(110);
    expect(accepted()).toEqual([]);
  });

  test('case 29, an answer of ten gigabytes: cut off, asked about, accepted once, memory bounded', async () => {
    await fails('key', ['bomb']);
    const done = await lodge('key', { timeoutMs: 5_000 });
    expect([done.summary.exit, accepted()]).toEqual([0, keys.toSorted()]);
    expect(process.memoryUsage().rss).toBeLessThan(1 << 30);
  });
});
