/** What is written down of the words of a window, and what stays open. */
import { describe, expect, test } from 'vitest';
import type { Intent } from '../../src/ledger/ledger.ts';
import { askAbout, takeAnswers, type Attempt } from '../../src/pipeline/answers.ts';
import type { Answer, Batch, Inquiry } from '../../src/window/single-window.ts';
import {
  duplicate,
  each,
  intent,
  onTrial,
  receiptFor,
  saying,
  secondsIn,
  silent,
  states,
  taking,
  type Saying,
  type Trial,
  type TrialOptions,
} from './engine-on-trial.ts';

const [a, b] = [intent(0), intent(1)];
const busy = saying('not-sent', { cause: 'unavailable', status: 503 });
const found = (of: Intent, more: Partial<Extract<Inquiry, { kind: 'found' }>> = {}): Inquiry => ({
  kind: 'found',
  key: of.key,
  digest: of.digest,
  receipts: [receiptFor(of, 'received')],
  ...more,
});

type Begun = { readonly trial: Trial; readonly attempt: Attempt };

/** A batch whose first attempt is under way. */
function begun(intents: readonly [Intent, ...Intent[]], options: TrialOptions = {}): Begun {
  const trial = onTrial(options);
  const { engine } = trial;
  const id = engine.newBatchId();
  engine.ledger.intend(engine.run, { id, pack: 'p', intents }, secondsIn(0));
  const number = engine.ledger.beginAttempt(id, secondsIn(0));
  const [first, ...rest] = intents;
  const batch: Batch = { id, pack: 'p', lodgements: [first, ...rest] };
  return { trial, attempt: { batch, number, intendedAt: secondsIn(0), doubted: new Set() } };
}

async function take({ trial, attempt }: Begun, says: Saying): Promise<readonly Answer[]> {
  const left = await takeAnswers(says(attempt.batch), attempt, trial.engine);
  expect([...left.keys()]).toEqual([...left.values()].map(({ key }) => key));
  return [...left.values()];
}

const attempts = ({ trial }: Begun) => [...trial.store.batches.values()].flatMap((batch) => batch.attempts);

describe('after an attempt', () => {
  test.each([
    ['answered', each(taking, taking), {}],
    ['not-sent', each(taking, busy), { detail: 'unavailable' }],
    ['cannot-know', each(silent, busy), { detail: 'timeout' }],
    ['cannot-know', each(busy, silent), { detail: 'unavailable' }],
  ] as const)('the ledger holds that it was %s', async (how, says, detail) => {
    const one = begun([a, b]);
    await one.trial.engine.sleep(3_000);
    await take(one, says);
    expect(attempts(one)).toEqual([
      { at: secondsIn(0), serverAt: undefined, end: { at: secondsIn(3), how, ...detail } },
    ]);
  });

  test('what is in doubt and what was put off is left, and only the former is doubted', async () => {
    const one = begun([a, b, intent(2)]);
    expect(await take(one, each(busy, silent, taking))).toEqual([
      { kind: 'not-sent', key: 'K0', reason: { cause: 'unavailable', status: 503 } },
      { kind: 'cannot-know', key: 'K1', reason: { cause: 'timeout' } },
    ]);
    expect([...one.attempt.doubted]).toEqual(['K1']);
    expect(states(one.trial)).toEqual({ sending: 1, unknown: 1, received: 1 });
  });
});

describe('"duplicate"', () => {
  test('about what was never in doubt is a rejection, and nobody is asked', async () => {
    const one = begun([a]);
    expect(await take(one, duplicate)).toEqual([]);
    expect([one.trial.asked, states(one.trial)]).toEqual([[], { rejected: 1 }]);
  });

  test('about what is settled changes nothing', async () => {
    const one = begun([a]);
    one.trial.engine.ledger.record([receiptFor(a, 'received')], secondsIn(1));
    one.attempt.doubted.add(a.key);
    expect(await take(one, duplicate)).toEqual([]);
    expect([one.trial.asked, states(one.trial)]).toEqual([[], { received: 1 }]);
  });

  test('about what an earlier attempt left in doubt is our own where the window holds our content', async () => {
    const one = begun([a, b], { inquire: () => [found(a)] });
    one.attempt.doubted.add(a.key);
    expect(await take(one, duplicate)).toEqual([]);
    // The second was never in doubt: it is not asked about.
    expect([one.trial.asked, states(one.trial)]).toEqual([[['K0']], { received: 1, rejected: 1 }]);
  });

  test('about what the ledger holds as unknown is asked about', async () => {
    const one = begun([a], { inquire: () => [found(a)] });
    one.trial.engine.ledger.markUnknown([a.key], secondsIn(1));
    await take(one, duplicate);
    expect([one.trial.asked, states(one.trial)]).toEqual([[['K0']], { received: 1 }]);
  });

  test('about what went out in an earlier batch is asked about', async () => {
    const one = begun([a], { inquire: () => [found(a)] });
    const later: Begun = { ...one, attempt: { ...one.attempt, intendedAt: secondsIn(1) } };
    await take(later, duplicate);
    expect([one.trial.asked, states(one.trial)]).toEqual([[['K0']], { received: 1 }]);
  });

  test('where the window holds another content is a rejection', async () => {
    const one = begun([a], {
      inquire: () => [found(a, { digest: b.digest, receipts: [receiptFor(b, 'received')] })],
    });
    one.attempt.doubted.add(a.key);
    expect(await take(one, duplicate)).toEqual([]);
    expect(states(one.trial)).toEqual({ rejected: 1 });
  });

  test.each([
    ['not found', [{ kind: 'not-found', key: a.key }]],
    ['not told', [{ kind: 'no-answer', key: a.key, reason: { cause: 'timeout' } }]],
    ['passed over', []],
  ] as const)('where it is then %s leaves it in doubt', async (_, inquiries) => {
    const one = begun([a], { inquire: () => inquiries });
    one.attempt.doubted.add(a.key);
    expect(await take(one, duplicate)).toEqual([
      { kind: 'cannot-know', key: 'K0', reason: { cause: 'broken-answer' } },
    ]);
    expect(states(one.trial)).toEqual({ unknown: 1 });
    expect(attempts(one)).toMatchObject([{ end: { how: 'cannot-know', detail: 'broken-answer' } }]);
  });
});

describe('what is asked about', () => {
  const digests = new Map([a, b].map(({ key, digest }) => [key, digest]));

  test('is nothing where nothing is open', async () => {
    const { trial } = begun([a]);
    const asked = await askAbout([], digests, trial.engine);
    expect([asked, trial.asked]).toEqual([{ ours: new Set(), words: new Map() }, []]);
  });

  test('is asked fifty at a time', async () => {
    const { trial } = begun([a]);
    const keys = Array.from({ length: 120 }, (_, at) => intent(at).key);
    const { ours, words } = await askAbout(keys, digests, trial.engine);
    expect(trial.asked.map((some) => some.length)).toEqual([50, 50, 20]);
    expect([[...words.keys()], ours]).toEqual([keys, new Set()]);
    await askAbout(keys.slice(0, 100), digests, trial.engine);
    expect(trial.asked.map((some) => some.length)).toEqual([50, 50, 20, 50, 50]);
  });

  test.each([
    ['with our content', found(a), true, { received: 1 }],
    [
      'with a content that it does not name',
      { kind: 'found', key: a.key, receipts: [receiptFor(a, 'accepted')] },
      true,
      { accepted: 1 },
    ],
    ['with another content', found(a, { digest: b.digest, receipts: [] }), false, { sending: 1 }],
    ['without a receipt', found(a, { receipts: [] }), false, { sending: 1 }],
  ] as const)('and found %s', async (_, inquiry, isOurs, stands) => {
    const { trial } = begun([a], { inquire: () => [inquiry] });
    const { ours, words } = await askAbout([a.key], digests, trial.engine);
    expect([ours.has(a.key), words.get(a.key), states(trial)]).toEqual([isOurs, inquiry, stands]);
  });
});
