/** The words in a declaration's remarks choose what the sandbox window does with it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateAfter } from '../../src/model/state.ts';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import { faultWords, lifeWords, triggersOf } from '../../src/window/sandbox/triggers.ts';
import type { SingleWindow } from '../../src/window/single-window.ts';
import { readFileSync } from 'node:fs';
import { batchOf, lodgement, marked } from './lodgements.ts';
import { sandboxOnTrial, type SandboxOnTrial } from './trial.ts';

const never = new AbortController().signal;
let trial: SandboxOnTrial;
let window: SingleWindow;
beforeEach(async () => {
  trial = await sandboxOnTrial();
  window = openHttpLodgement({ name: 'trial', address: trial.sandbox.address });
});
afterEach(async () => {
  await window.close();
  await trial.close();
});

async function lifeOf(word: string) {
  const one = marked('A', word);
  await window.submit(batchOf(one), never);
  trial.advance(60_000);
  const [found] = await window.inquire([one.key], never);
  return found?.kind === 'found' ? found.receipts : [];
}

describe('a word for a life', () => {
  it.each([
    ['release', '37LJPR', 'cleared'],
    ['inspect', '37LJCPR', 'cleared'],
    ['held-payment', '37LJT', 'held'],
    ['manual', '37LJH', 'held'],
    ['reject', '37E', 'rejected'],
    ['return', '37Z', 'rejected'],
    ['delete', '37LJD', 'cancelled'],
    ['slow', '37', 'registered'],
  ])('%s brings the notices %s and ends %s', async (word, codes, state) => {
    const receipts = await lifeOf(word);
    expect(receipts.map(({ code }) => code).join('')).toBe(codes);
    expect(stateAfter(receipts)).toBe(state);
  });

  it('unknown-code brings a code that means no state, and the life goes on', async () => {
    const receipts = await lifeOf('unknown-code');
    const unknown = receipts.find(({ state }) => state === undefined);
    expect(unknown?.code).toBe('sandbox-1');
    expect(stateAfter(receipts)).toBe('cleared');
  });

  it('slow brings the verdict after a day', async () => {
    await lifeOf('slow');
    trial.advance(86_400_000);
    const [found] = await window.inquire([lodgement('A').key], never);
    expect(found?.kind === 'found' && stateAfter(found.receipts)).toBe('accepted');
  });

  it('gives a customs number from the moment the notice L comes, and none to the rejected', async () => {
    const numbered = (await lifeOf('release')).filter(({ entryId }) => entryId !== undefined);
    expect(numbered.map(({ code }) => code).join('')).toBe('LJPR');
    await window.submit(batchOf(marked('B', 'reject')), never);
    trial.advance(60_000);
    const [found] = await window.inquire([lodgement('B').key], never);
    expect(found?.kind === 'found' && found.receipts.every(({ entryId }) => entryId === undefined)).toBe(
      true,
    );
  });
});

describe('a word for a fault', () => {
  it('lost-answer lodges the declaration and breaks the connection: unknown, then found', async () => {
    const [answer] = await window.submit(batchOf(marked('A', 'lost-answer')), never);
    expect(answer?.kind).toBe('cannot-know');
    const [inquiry] = await window.inquire([lodgement('A').key], never);
    expect(inquiry).toMatchObject({ kind: 'found', digest: marked('A', 'lost-answer').digest });
  });

  it('lost-request breaks the connection without lodging: unknown, then not found, then taken', async () => {
    const batch = batchOf(marked('A', 'lost-request'));
    const [answer] = await window.submit(batch, never);
    expect(answer?.kind).toBe('cannot-know');
    const [inquiry] = await window.inquire([lodgement('A').key], never);
    expect(inquiry?.kind).toBe('not-found');
    expect((await window.submit(batch, never))[0]?.kind).toBe('answered');
  });

  it.each([
    ['unavailable', { cause: 'unavailable', status: 503, retryAfterMs: 1000 }],
    ['throttle', { cause: 'throttled', status: 429, retryAfterMs: 1000 }],
  ])('%s refuses the whole request once', async (word, reason) => {
    const batch = batchOf(marked('A', word), lodgement('B'));
    const answers = await window.submit(batch, never);
    expect(answers).toEqual(batch.lodgements.map(({ key }) => ({ kind: 'not-sent', key, reason })));
    // This client now waits as it was told; one that was not told finds the window taking declarations again.
    await using other = new AsyncDisposableStack();
    const late = openHttpLodgement({ name: 'trial', address: trial.sandbox.address });
    other.defer(() => late.close());
    expect((await late.submit(batch, never)).map(({ kind }) => kind)).toEqual(['answered', 'answered']);
  });

  it('happens once for a reference, also after a restart', async () => {
    const batch = batchOf(marked('A', 'throttle'));
    await window.submit(batch, never);
    await window.close();
    await trial.restart();
    window = openHttpLodgement({ name: 'trial', address: trial.sandbox.address });
    expect((await window.submit(batch, never))[0]?.kind).toBe('answered');
  });
});

it('invalid refuses the declaration at once', async () => {
  const [answer] = await window.submit(batchOf(marked('A', 'invalid')), never);
  expect(answer).toMatchObject({
    kind: 'answered',
    receipt: { state: 'rejected', code: 'validation', problems: [{ code: 'sandbox-invalid' }] },
  });
});

it('a word that means nothing is answered with a warning that lists those that do', async () => {
  const [answer] = await window.submit(batchOf(marked('A', 'rejct')), never);
  const problems = answer?.kind === 'answered' ? answer.receipt.problems : [];
  expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
    ['sandbox-unknown-word', 'warning'],
  ]);
  expect(problems[0]?.message).toContain('reject');
});

it('words are read in any case, beside other remarks, and several at once', () => {
  const head = { NoteS: '货物易碎；#sandbox:REJECT #SANDBOX:throttle' };
  expect(triggersOf({ DecHead: head })).toEqual({
    life: 'reject',
    faults: ['throttle'],
    isInvalid: false,
    unknown: [],
  });
});

it('every word is documented', () => {
  const page = readFileSync(new URL('../../docs/sandbox-window.md', import.meta.url), 'utf8');
  for (const word of [...lifeWords, ...faultWords, 'invalid']) expect(page).toContain(`\`#SANDBOX:${word}\``);
});
