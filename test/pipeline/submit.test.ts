/** What is told of each declaration that was, or should have been, sent; and how declarations are gathered into batches. */
import { describe, expect, test } from 'vitest';
import type { Declaration } from '../../src/model/declaration.ts';
import { exitCode, Stop } from '../../src/model/stop.ts';
import { submit } from '../../src/pipeline/submit.ts';
import { setAside, type Decided, type Tracked } from '../../src/pipeline/tracked.ts';
import { declarationOf } from '../simulation/world.ts';
import {
  each,
  known,
  onTrial,
  receiptFor,
  saying,
  secondsIn,
  taking,
  type Trial,
} from './engine-on-trial.ts';
import { parseDeclarationKey } from '../../src/model/ids.ts';

const declaration = (number: number): Declaration =>
  declarationOf(known(parseDeclarationKey(`K${number}`)), 1);
const live = (number: number): Tracked<Declaration> => {
  const value = declaration(number);
  const [row] = value.rows;
  return { kind: 'live', rows: [{ ...row, ordinal: number }], value, problems: [] };
};
const many = (count: number): readonly Tracked<Declaration>[] =>
  Array.from({ length: count }, (_, number) => live(number));

type Lodged = {
  readonly told: readonly Decided[];
  readonly passed: readonly Decided[];
  readonly counts: readonly unknown[];
};

async function lodge(
  { engine }: Trial,
  chunks: readonly (readonly Tracked<Declaration>[])[],
  waitMs = 0,
): Promise<Lodged> {
  const passed: Decided[] = [];
  const counts: unknown[] = [];
  const flow = (async function* () {
    yield* chunks;
  })();
  const told = await submit(flow, engine, {
    waitMs,
    pass: (decided) => Promise.resolve(void passed.push(...decided)),
    tell: (count) => counts.push(count),
  });
  return { told, passed, counts };
}

const outcomes = ({ told }: Lodged) => told.map(({ decision }) => `${decision.key} ${decision.outcome}`);

describe('what was not sent', () => {
  test.each([
    [{ cause: 'unreachable' }, 'not-sent', 'lodge/unreachable'],
    [{ cause: 'throttled', status: 429 }, 'not-sent', 'lodge/throttled'],
    [{ cause: 'unavailable', status: 503 }, 'not-sent', 'lodge/unavailable'],
    [{ cause: 'timeout' }, 'not-sent', 'lodge/unreachable'],
    [{ cause: 'broken-answer' }, 'not-sent', 'lodge/unavailable'],
    [{ cause: 'sign-in', status: 401 }, 'not-sent', 'lodge/sign-in'],
    [{ cause: 'too-large', status: 413 }, 'not-sent', 'lodge/too-large'],
    [{ cause: 'refused', status: 400 }, 'rejected', 'lodge/refused'],
    [{ cause: 'refused' }, 'not-sent', 'lodge/not-begun'],
    [{ cause: 'refused', status: 501 }, 'not-sent', 'lodge/unavailable'],
  ] as const)('for %o is %s, and told by %s', async (reason, outcome, code) => {
    const trial = onTrial({ says: Array.from({ length: 5 }, () => saying('not-sent', reason)) });
    const { told } = await lodge(trial, [[live(3)]]);
    const facts = 'status' in reason ? { key: 'K3', status: reason.status } : { key: 'K3' };
    expect(told).toStrictEqual([
      {
        kind: 'decided',
        rows: [{ file: 'm.csv', line: 5, ordinal: 3 }],
        decision: {
          rows: [{ file: 'm.csv', line: 5, ordinal: 3 }],
          key: 'K3',
          outcome,
          receipts: [],
          problems: [{ code, severity: 'error', row: { file: 'm.csv', line: 5 }, facts }],
          filled: [],
        },
      },
    ]);
  });

  test('because of Ctrl-C was not begun', async () => {
    const trial = onTrial();
    trial.interrupt.abort();
    const { told } = await lodge(trial, [many(2)]);
    expect(told.map(({ decision }) => decision.problems[0]?.code)).toEqual([
      'lodge/not-begun',
      'lodge/not-begun',
    ]);
    expect(trial.sent).toEqual([]);
  });
});

describe('what is unknown', () => {
  test.each([
    ['key', 'lodge/unknown'],
    ['duplicate-refusing', 'lodge/unknown'],
    ['lookup', 'lodge/unknown'],
    ['none', 'lodge/needs-person'],
  ] as const)('at a window of the kind %s is told by %s, and since when', async (kind, code) => {
    const trial = onTrial({
      kind,
      says: Array.from({ length: 5 }, () => saying('cannot-know', { cause: 'timeout' })),
      inquire: (keys) => keys.map((key) => ({ kind: 'no-answer', key, reason: { cause: 'timeout' } })),
    });
    const { told } = await lodge(trial, [[live(1)]]);
    expect(told.map(({ decision }) => [decision.outcome, decision.state, decision.problems])).toEqual([
      [
        'unknown',
        'unknown',
        [
          {
            code,
            severity: 'error',
            row: { file: 'm.csv', line: 3 },
            facts: { key: 'K1', since: secondsIn(0) },
          },
        ],
      ],
    ]);
  });

  test('at a window that is only asked is lodged again in the same run once it cannot arrive any more', async () => {
    const trial = onTrial({ kind: 'lookup', says: [saying('cannot-know', { cause: 'timeout' })] });
    expect(outcomes(await lodge(trial, [[live(1)]]))).toEqual(['K1 pending']);
    expect(trial.sent.map(({ keys }) => keys)).toEqual([['K1'], ['K1']]);
    expect(trial.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(60_000);
  });
});

describe('what was sent', () => {
  test('is told as the ledger then has it, with the complaints of a rejection', async () => {
    const [a, b] = [declaration(0), declaration(1)];
    const complaint = { code: 'c', severity: 'error', message: 'm', pointer: '/DecHead/BillNo' } as const;
    const trial = onTrial({
      events: [
        receiptFor(a, 'accepted'),
        receiptFor(b, 'rejected', { code: 'Z', problems: [complaint] }),
        receiptFor(declaration(9), 'accepted'),
      ],
    });
    const lodged = await lodge(trial, [many(2)], 10_000);
    expect(outcomes(lodged)).toEqual(['K0 accepted', 'K1 rejected']);
    expect(lodged.told[1]?.decision.problems).toMatchObject([
      {
        code: 'lodge/rejected',
        severity: 'error',
        facts: { windowCode: 'c', receiptCode: 'Z', message: 'm' },
      },
    ]);
    expect(lodged.counts).toEqual([
      { phase: 'lodging', lodged: 2 },
      { phase: 'waiting', lodged: 2, decided: 0 },
      { phase: 'waiting', lodged: 2, decided: 2 },
    ]);
  });

  test('counts only what went out', async () => {
    const trial = onTrial({
      says: [each(taking, saying('not-sent', { cause: 'too-large', status: 413 }))],
      kind: 'lookup',
    });
    const lodged = await lodge(trial, [many(2)]);
    expect(lodged.counts[0]).toEqual({ phase: 'lodging', lodged: 1 });
    expect(outcomes(lodged)).toEqual(['K0 pending', 'K1 not-sent']);
  });

  test('and was not taken is not waited for', async () => {
    const trial = onTrial({
      says: [each(taking, saying('not-sent', { cause: 'too-large', status: 413 }))],
      events: [receiptFor(declaration(0), 'accepted')],
    });
    await lodge(trial, [many(2)], 10_000);
    expect(trial.slept).toEqual([]);
  });

  test('keeps what was filled in and what was found', async () => {
    const one = live(0);
    if (one.kind !== 'live') throw new Error('it is live');
    const filled = [{ place: { segment: 'DecHead', tag: 'CusIEFlag' }, value: 'I', rule: 'd1' }];
    const problems = [{ code: 'value/odd', severity: 'warning', facts: {} }] as const;
    const { told } = await lodge(onTrial(), [[{ ...one, problems, value: { ...one.value, filled } }]]);
    expect(told).toMatchObject([
      { kind: 'decided', rows: one.rows, decision: { outcome: 'pending', filled, problems } },
    ]);
  });

  test('and was set free again, and then turned down, is told as not sent', async () => {
    const refused = saying('not-sent', { cause: 'refused', status: 400 });
    const trial = onTrial({ kind: 'lookup', says: [saying('cannot-know', { cause: 'timeout' }), refused] });
    const lodged = await lodge(trial, [[live(1)]]);
    expect(outcomes(lodged)).toEqual(['K1 not-sent']);
    expect(lodged.told[0]?.decision.problems).toMatchObject([{ code: 'lodge/unavailable' }]);
  });

  test('is found in the ledger also where it is more than one look-up', async () => {
    const lodged = await lodge(onTrial(), [many(700), [live(700)]]);
    expect(lodged.told.map(({ decision }) => decision.key)).toEqual(
      Array.from({ length: 701 }, (_, number) => `K${number}`),
    );
    expect(new Set(outcomes(lodged).map((said) => said.split(' ')[1]))).toEqual(new Set(['pending']));
  });
});

describe('what is decided already', () => {
  const aside = (number: number): Decided => setAside([{ file: 'm.csv', line: 1, ordinal: number }], []);

  test('is passed on as it comes, and not sent', async () => {
    const trial = onTrial();
    const lodged = await lodge(trial, [[aside(0), live(1), aside(2)], [aside(3)]]);
    expect(lodged.passed.map(({ rows }) => rows[0].ordinal)).toEqual([0, 2, 3]);
    expect(trial.sent.map(({ keys }) => keys)).toEqual([['K1']]);
    expect(outcomes(lodged)).toEqual(['K1 pending']);
  });

  test('and was pending is waited for until it is decided', async () => {
    const of = declaration(1);
    const pages = [[], [receiptFor(of, 'accepted')], []];
    const events = (next: string) => Promise.resolve({ receipts: pages.shift() ?? [], next: `${next}.` });
    const trial = onTrial({ window: { events } });
    await lodge(trial, [[live(1)]]);
    const rows = [{ file: 'm.csv', line: 1, ordinal: 4 }] as const;
    const decision = {
      rows,
      key: of.key,
      outcome: 'pending',
      receipts: [],
      problems: [],
      filled: [],
    } as const;
    const lodged = await lodge(trial, [[{ kind: 'decided', rows, decision }]], 10_000);
    expect([outcomes(lodged), trial.slept]).toEqual([['K1 accepted'], [200]]);
    expect(lodged.counts.at(-1)).toEqual({ phase: 'waiting', lodged: 0, decided: 1 });
  });

  test('and was pending is waited for, and told as it stands at the end', async () => {
    const of = declaration(1);
    const trial = onTrial({
      events: [receiptFor(of, 'accepted')],
    });
    const { engine } = trial;
    await lodge(trial, [[live(1)]]);
    const rows = [{ file: 'm.csv', line: 1, ordinal: 4 }] as const;
    const base = { rows, outcome: 'pending', receipts: [], problems: [], filled: [] } as const;
    const pending: Decided = { kind: 'decided', rows, decision: { ...base, key: of.key } };
    const stranger = declaration(8).key;
    const lost: Decided = { kind: 'decided', rows, decision: { ...base, key: stranger } };
    const nameless: Decided = { kind: 'decided', rows, decision: base };
    const lodged = await lodge({ ...trial, engine }, [[pending, lost, nameless]], 1_000);
    expect(lodged.passed).toEqual([]);
    expect(lodged.told.map(({ decision }) => [decision.key, decision.outcome, decision.isEarlier])).toEqual([
      ['K1', 'accepted', true],
      ['K8', 'pending', undefined],
      [undefined, 'pending', undefined],
    ]);
  });
});

describe('a batch', () => {
  const sizes = async (trial: Trial, count: number): Promise<readonly number[]> => {
    await lodge(trial, [many(count)]);
    return trial.sent.map(({ keys }) => keys.length);
  };

  test('holds no more declarations than the promises allow', async () => {
    expect(await sizes(onTrial({ promises: { maxDeclarationsPerBatch: 3 } }), 7)).toEqual([3, 3, 1]);
  });

  test('holds no more declarations than the window allows', async () => {
    const limits = () => Promise.resolve({ declarations: 2, bytes: 1 << 20 });
    expect(await sizes(onTrial({ window: { limits } }), 5)).toEqual([2, 2, 1]);
  });

  test('holds no more declarations than the window was seen to take', async () => {
    const trial = onTrial();
    trial.engine.pressure.learnMost(2);
    expect(await sizes(trial, 4)).toEqual([2, 2]);
  });

  /** A declaration's text, its key three times, and 100 bytes. */
  const size = Buffer.byteLength(declaration(0).body) + 6 + 100;

  test.each([
    [2 * size, [2, 1]],
    [2 * size - 1, [1, 1, 1]],
    [1, [1, 1, 1]],
  ])('of declarations that take %i bytes at most', async (maxBytesPerBatch, expected) => {
    expect(await sizes(onTrial({ promises: { maxBytesPerBatch } }), 3)).toEqual(expected);
    const limits = () => Promise.resolve({ declarations: 500, bytes: maxBytesPerBatch });
    expect(await sizes(onTrial({ window: { limits } }), 3)).toEqual(expected);
  });

  test('goes on over the ends of what is read at a time', async () => {
    const trial = onTrial({ promises: { maxDeclarationsPerBatch: 3 } });
    await lodge(trial, [many(2), [], [live(2), live(3)]]);
    expect(trial.sent.map(({ keys }) => keys)).toEqual([['K0', 'K1', 'K2'], ['K3']]);
  });

  test('holds the shipment and the rows of each declaration', async () => {
    const trial = onTrial();
    const one = live(0);
    if (one.kind !== 'live') throw new Error('it is live');
    await lodge(trial, [[{ ...one, value: { ...one.value, shipment: 's' } }, live(1)]]);
    expect([...trial.engine.ledger.ofShipments(['s'])]).toEqual([['s', ['K0']]]);
    const entry = trial.engine.ledger.find([declaration(0).key]).get(declaration(0).key);
    expect(entry?.rows).toEqual([{ file: 'm.csv', line: 2 }]);
  });
});

test('a refused sign-in stops the run, with nothing lost', async () => {
  const refused = new Stop('window/forbidden', exitCode.signIn);
  const trial = onTrial({
    says: [
      () => {
        throw refused;
      },
    ],
  });
  await expect(lodge(trial, [[live(1)]])).rejects.toBe(refused);
  expect([...trial.engine.ledger.counts()]).toEqual([['prepared', 1]]);
});

describe('a failure of the ledger while other batches are under way', () => {
  /** The first batch's answer cannot be written down; the second waits for its answer until it is broken off, or for as long as a window may take. */
  const failing = async (stop: Stop): Promise<readonly [unknown, boolean]> => {
    let isBrokenOff = false;
    const trial = onTrial({
      promises: { maxDeclarationsPerBatch: 1 },
      window: {
        submit: async (batch, signal) => {
          if (batch.lodgements[0].key === declaration(0).key) return taking(batch);
          for (let turns = 0; turns < 50 && !signal.aborted; turns += 1) await Promise.resolve();
          isBrokenOff = signal.aborted;
          return saying('cannot-know', { cause: 'timeout' })(batch);
        },
      },
    });
    const { ledger } = trial.engine;
    const record = (): never => {
      throw stop;
    };
    const engine = { ...trial.engine, ledger: { ...ledger, record } };
    const failure = await lodge({ ...trial, engine }, [many(2)]).catch((error: unknown) => error);
    return [failure, isBrokenOff];
  };

  test('that cannot be written any more breaks them off', async () => {
    const full = new Stop('run/disk-full', exitCode.storage);
    expect(await failing(full)).toEqual([full, true]);
  });

  test('that is none of the disk lets them end', async () => {
    const forbidden = new Stop('window/forbidden', exitCode.signIn);
    expect(await failing(forbidden)).toEqual([forbidden, false]);
  });
});
