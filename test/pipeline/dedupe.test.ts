/** What the ledger says of a declaration, and what follows: the table of `docs/architecture.md`, line by line. */
import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../src/ledger/ledger.ts';
import type { Declaration } from '../../src/model/declaration.ts';
import { clientSeqNoOf, parseDeclarationKey, parseEntryId, parseRunId } from '../../src/model/ids.ts';
import type { LodgementState } from '../../src/model/state.ts';
import { dedupe, outcomeOf } from '../../src/pipeline/dedupe.ts';
import { setAside, type Live, type Tracked } from '../../src/pipeline/tracked.ts';
import { declarationOf } from '../simulation/world.ts';
import { known, receiptFor } from './engine-on-trial.ts';

const key = known(parseDeclarationKey('K1'));
const run = known(parseRunId('20260105-080000-aaaa'));
const value = declarationOf(key, 1);
const row = { file: 'm.csv', line: 3 };
const live: Live<Declaration> = {
  kind: 'live',
  rows: [{ ...row, ordinal: 1 }],
  value,
  problems: [{ code: 'lodge/unknown', severity: 'warning', row, facts: {} }],
};

function entry(state: LodgementState, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    key,
    clientSeqNo: clientSeqNoOf(key),
    digest: value.digest,
    state,
    run,
    rows: value.rows,
    receipts: [],
    intendedAt: '2026-01-05T08:00:00.000Z',
    changedAt: '2026-01-05T08:01:00.000Z',
    ...more,
  };
}

async function judged(
  chunk: readonly Tracked<Declaration>[],
  entries: readonly LedgerEntry[],
  shipments: ReadonlyMap<string, readonly LedgerEntry['key'][]> = new Map(),
  holder?: LedgerEntry['key'],
): Promise<readonly Tracked<Declaration>[]> {
  const flow = (async function* () {
    yield chunk;
  })();
  const ledger = {
    find: (keys: readonly string[]) =>
      new Map(entries.filter((each) => keys.includes(each.key)).map((each) => [each.key, each])),
    ofShipments: (asked: readonly string[]) =>
      new Map([...shipments].filter(([shipment]) => asked.includes(shipment))),
    holdersOf: (numbers: readonly string[]) =>
      new Map(
        holder !== undefined && numbers.includes(clientSeqNoOf(key)) ? [[clientSeqNoOf(key), holder]] : [],
      ),
  };
  const found: Tracked<Declaration>[] = [];
  for await (const some of dedupe(flow, ledger)) found.push(...some);
  return found;
}

const facts = (state: LodgementState, entryId = '') => ({
  key: 'K1',
  state,
  run,
  entryId,
  since: '2026-01-05T08:00:00.000Z',
});

describe('a declaration', () => {
  test.each([[[]], [[entry('prepared')]], [[entry('rejected', { digest: declarationOf(key, 2).digest })]]])(
    'that is not there, free, or a correction goes on',
    async (entries) => {
      expect(await judged([live], entries)).toEqual([live]);
    },
  );

  test.each([
    ['accepted', 'accepted', undefined],
    ['released', 'accepted', undefined],
    ['received', 'pending', undefined],
    ['registered', 'pending', undefined],
    ['rejected', 'rejected', 'duplicate/already-rejected'],
    ['cancelled', 'duplicate', 'duplicate/cancelled'],
    ['sending', 'unknown', 'lodge/unknown'],
    ['unknown', 'unknown', 'lodge/unknown'],
  ] as const)('of the same content that is %s is %s', async (state, outcome, code) => {
    const said = code === undefined ? [] : [{ code, severity: 'error', row, facts: facts(state) }];
    expect(await judged([live], [entry(state)])).toStrictEqual([
      {
        kind: 'decided',
        rows: live.rows,
        decision: {
          rows: live.rows,
          filled: [],
          key,
          outcome,
          state,
          receipts: [],
          isEarlier: true,
          problems: [...live.problems, ...said],
        },
      },
    ]);
  });

  test.each(['received', 'accepted', 'sending', 'unknown'] as const)(
    'of other content beside one that is %s is set aside',
    async (state) => {
      const entryId = known(parseEntryId('090020261000000007'));
      const other = entry(state, { digest: declarationOf(key, 2).digest, entryId });
      const [decided] = await judged([live], [other]);
      expect(decided?.kind === 'decided' && decided.decision).toMatchObject({
        outcome: 'duplicate',
        entryId,
        problems: [
          ...live.problems,
          { code: 'duplicate/content-changed', severity: 'error', row, facts: facts(state, entryId) },
        ],
      });
    },
  );

  test('of other content beside a cancelled one says that it was cancelled', async () => {
    const [decided] = await judged([live], [entry('cancelled', { digest: declarationOf(key, 2).digest })]);
    expect(decided?.kind === 'decided' && decided.decision.problems.at(-1)?.code).toBe('duplicate/cancelled');
  });

  test('that was rejected shows the complaints again, before the word that it was', async () => {
    const receipts = [receiptFor(value, 'rejected', { code: 'Z', text: 't' })];
    const [decided] = await judged([live], [entry('rejected', { receipts })]);
    const problems = decided?.kind === 'decided' ? decided.decision.problems : [];
    expect(problems.map(({ code }) => code)).toEqual([
      'lodge/unknown',
      'lodge/rejected',
      'duplicate/already-rejected',
    ]);
  });

  test('that a further document holds back is set aside under its key, with what was said', async () => {
    const problems = [{ code: 'lodge/unknown', severity: 'error', row, facts: {} }] as const;
    const [decided] = await judged([{ ...live, problems }], []);
    expect(decided?.kind === 'decided' && decided.decision).toMatchObject({
      key,
      filled: value.filled,
      outcome: 'set-aside',
      problems,
    });
  });

  test('that is decided already is left alone', async () => {
    const aside = setAside(live.rows, []);
    expect(await judged([aside], [entry('accepted')])).toEqual([aside]);
  });
});

describe('a shipment', () => {
  const others = Array.from({ length: 7 }, (_, at) => known(parseDeclarationKey(`O${at}`)));
  const shipped: Live<Declaration> = { ...live, value: { ...value, shipment: 's' } };

  test('of which others were lodged is lodged with a word that names five', async () => {
    const [judgedOne] = await judged([shipped], [], new Map([['s', [key, ...others]]]));
    expect(judgedOne).toEqual({
      ...shipped,
      problems: [
        ...live.problems,
        {
          code: 'duplicate/same-shipment',
          severity: 'warning',
          row,
          facts: { key, others: others.slice(0, 5) },
        },
      ],
    });
  });

  test('of which only this was lodged goes on without a word', async () => {
    expect(await judged([shipped], [], new Map([['s', [key]]]))).toEqual([shipped]);
    expect(await judged([live], [], new Map([['s', others]]))).toEqual([live]);
  });
});

test('without a ledger everything goes on', async () => {
  const flow = (async function* () {
    yield [live];
  })();
  for await (const some of dedupe(flow, undefined)) expect(some).toEqual([live]);
});

test('each state has its outcome', () => {
  const of = (state: LodgementState) => outcomeOf(state);
  expect([of('prepared'), of('sending'), of('unknown'), of('cancelled'), of('rejected'), of('held')]).toEqual(
    ['not-sent', 'unknown', 'unknown', 'rejected', 'rejected', 'accepted'],
  );
});

test('a number that is another declaration’s already is set aside, and names the holder', async () => {
  const holder = known(parseDeclarationKey('K7'));
  const [decided] = await judged([live], [], new Map(), holder);
  expect(decided?.kind === 'decided' && decided.decision).toMatchObject({
    key,
    outcome: 'set-aside',
    problems: [
      ...live.problems,
      {
        code: 'duplicate/number-taken',
        severity: 'error',
        row,
        facts: { key, number: clientSeqNoOf(key), holder },
      },
    ],
  });
});
