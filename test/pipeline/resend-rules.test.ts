/** The rules for sending a second time, one by one and as properties. */
/* oxlint-disable vitest/no-conditional-expect, vitest/expect-expect */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WindowPromises } from '../../src/pack/pack.ts';
import {
  afterDuplicate,
  ageOf,
  type Doubt,
  nextStep,
  protectedMs,
  restedOf,
  settleMsOf,
} from '../../src/pipeline/resend-rules.ts';

const day = 86_400_000;
const promises = (kind: WindowPromises['kind']): WindowPromises => ({
  kind,
  maxDeclarationsPerBatch: 500,
  maxBytesPerBatch: 1 << 22,
  keyLifeMs: 10 * day,
  duplicateWindowMs: 2 * day,
  settleMs: 60_000,
});
const kinds = ['key', 'lookup', 'duplicate-refusing', 'none'] as const;
const settle = 120_000;
const doubt = (more: Partial<Doubt>): Doubt => ({
  ageMs: 1_000,
  restedMs: 1_000,
  word: 'not-found',
  notFound: 0,
  ...more,
});

describe('a declaration that may have arrived', () => {
  test.each([
    ['key', doubt({}), { step: 'resend' }],
    ['key', doubt({ word: 'no-answer' }), { step: 'resend' }],
    ['key', doubt({ ageMs: 8 * day - 1 }), { step: 'resend' }],
    ['key', doubt({ ageMs: 8 * day }), { step: 'person' }],
    ['duplicate-refusing', doubt({}), { step: 'resend' }],
    ['duplicate-refusing', doubt({ ageMs: 1.6 * day }), { step: 'person' }],
    ['lookup', doubt({ restedMs: 20_000, ageMs: 20_000 }), { step: 'ask-again', afterMs: 100_000 }],
    [
      'lookup',
      doubt({ restedMs: settle, ageMs: settle, notFound: 1 }),
      { step: 'ask-again', afterMs: 1_000 },
    ],
    ['lookup', doubt({ restedMs: settle, ageMs: settle, notFound: 2 }), { step: 'free' }],
    ['lookup', doubt({ restedMs: settle, ageMs: settle, notFound: 2, word: 'no-answer' }), { step: 'leave' }],
    ['lookup', doubt({ restedMs: settle, ageMs: 1.6 * day, notFound: 2 }), { step: 'person' }],
    ['none', doubt({}), { step: 'person' }],
    ['none', doubt({ ageMs: -1 }), { step: 'person' }],
  ] as const)('at a window of the kind %s: %o', (kind, of, step) => {
    expect(nextStep(promises(kind), settle, of)).toEqual(step);
  });

  test('is asked about more often where the settle time is short', () => {
    const of = doubt({ restedMs: 2_000, notFound: 1 });
    expect(nextStep(promises('lookup'), 2_000, of)).toEqual({ step: 'ask-again', afterMs: 500 });
  });

  test('is never sent by itself past the time for which the window protects it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.record({
          ageMs: fc.oneof(
            fc.double({ min: 0, max: 20 * day, noNaN: true }),
            fc.constant(Number.POSITIVE_INFINITY),
            fc.constant(Number.NaN),
          ),
          restedMs: fc.nat(20 * day),
          word: fc.constantFrom('not-found' as const, 'no-answer' as const),
          notFound: fc.nat(5),
        }),
        (kind, of) => {
          const { step } = nextStep(promises(kind), settle, of);
          if (!(of.ageMs < protectedMs(promises(kind)))) expect(step).toBe('person');
          if (kind === 'none') expect(step).toBe('person');
          if (step === 'free') expect(of).toMatchObject({ word: 'not-found' });
          if (step === 'free') expect(of.notFound >= 2 && of.restedMs >= settle).toBe(true);
        },
      ),
    );
  });

  test('has a protection as long as its window says, less a fifth', () => {
    expect(kinds.map((kind) => protectedMs(promises(kind)))).toEqual([8 * day, 1.6 * day, 1.6 * day, 0]);
  });

  test('may be on its way for at least two whole requests', () => {
    expect([settleMsOf(promises('lookup'), 60_000), settleMsOf(promises('lookup'), 1_000)]).toEqual([
      120_000, 60_000,
    ]);
  });
});

describe('the age of a declaration', () => {
  test.each([
    ['by the machine', { firstSentMs: 0, nowMs: 5_000, latestMs: 0 }, 5_000],
    [
      'by the window, where that is more',
      { firstSentMs: 0, nowMs: 5_000, latestMs: 0, serverSentMs: 0, serverNowMs: 9_000 },
      9_000,
    ],
    [
      "by the difference of the window's moments",
      { firstSentMs: 0, nowMs: 1_000, latestMs: 0, serverSentMs: 4_000, serverNowMs: 9_000 },
      5_000,
    ],
    [
      'by the machine, where the window tells only one moment',
      { firstSentMs: 0, nowMs: 5_000, latestMs: 0, serverNowMs: 9_000 },
      5_000,
    ],
    [
      'by the machine, where the window told only the first moment',
      { firstSentMs: 0, nowMs: 5_000, latestMs: 0, serverSentMs: 1 },
      5_000,
    ],
    [
      'that the window cannot tell either with one moment',
      { firstSentMs: 10 * day, nowMs: 0, latestMs: 10 * day, serverNowMs: 7_000 },
      Number.POSITIVE_INFINITY,
    ],
    ['of a clock that is off by a minute', { firstSentMs: day, nowMs: day - 60_000, latestMs: day }, 0],
    [
      'of a clock that is off by more',
      { firstSentMs: day, nowMs: day - 60_001, latestMs: day },
      Number.POSITIVE_INFINITY,
    ],
    [
      'by the latest moment that was written down',
      { firstSentMs: 0, nowMs: 5_000, latestMs: 70_000 },
      70_000,
    ],
    [
      'that no clock can tell',
      { firstSentMs: 10 * day, nowMs: 0, latestMs: 10 * day },
      Number.POSITIVE_INFINITY,
    ],
    [
      'by the window alone after the clock was set back',
      { firstSentMs: 10 * day, nowMs: 0, latestMs: 10 * day, serverSentMs: 0, serverNowMs: 7_000 },
      7_000,
    ],
  ])('%s', (_, clocks, age) => {
    expect(ageOf(clocks)).toBe(age);
  });

  test('never falls when the clock is set back', () => {
    const ms = fc.nat(20 * day);
    fc.assert(
      fc.property(ms, ms, ms, (sent, ahead, back) => {
        const before = ageOf({ firstSentMs: sent, nowMs: sent + ahead, latestMs: sent });
        const after = ageOf({ firstSentMs: sent, nowMs: sent + ahead - back, latestMs: sent + ahead });
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  test('counts as rest only as far as both clocks say', () => {
    const both = { lastSentMs: 1_000, serverLastMs: 5_000, askingForMs: 0 };
    expect(restedOf({ ...both, nowMs: day, serverNowMs: 8_000 })).toBe(3_000);
    expect(restedOf({ ...both, nowMs: 3_000, serverNowMs: day })).toBe(2_000);
    expect(restedOf({ lastSentMs: day, nowMs: 0, askingForMs: day })).toBe(0);
  });

  test.each([{}, { serverLastMs: 0 }, { serverNowMs: day }])(
    'counts as rest no more than this run has asked, where the window tells no time: %o',
    (told) => {
      expect(restedOf({ lastSentMs: 0, nowMs: day, askingForMs: 4_000, ...told })).toBe(4_000);
      expect(restedOf({ lastSentMs: 0, nowMs: 1_000, askingForMs: 4_000, ...told })).toBe(1_000);
    },
  );
});

test.each([
  [true, 'ours', 'settled'],
  [true, 'another', 'refused'],
  [true, 'not-found', 'unknown'],
  [true, 'no-answer', 'unknown'],
  [false, 'ours', 'refused'],
  [false, 'another', 'refused'],
  [false, 'not-found', 'refused'],
  [false, 'no-answer', 'refused'],
] as const)(
  '"duplicate" with an attempt in doubt %s, and the window holding %s, means %s',
  (isDoubted, held, means) => {
    expect(afterDuplicate({ isDoubted, held })).toBe(means);
  },
);
