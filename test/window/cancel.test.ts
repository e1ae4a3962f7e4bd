/** Cancelling at the window: an outcome of its own, that never turns a declaration into a rejected one. */
import { deepEqual } from 'node:assert/strict';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stateAfter } from '../../src/model/state.ts';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import type { Cancellation, Lodgement, SingleWindow } from '../../src/window/single-window.ts';
import { batchOf, lodgement, marked } from './lodgements.ts';
import { answerFindings, requestFindings } from './openapi.ts';
import { recordBetween, type RecordingProxy } from './recording-proxy.ts';
import { json, serveScript } from './scripted-server.ts';
import { sandboxOnTrial, type SandboxOnTrial } from './trial.ts';

const never = new AbortController().signal;
let trial: SandboxOnTrial;
let proxy: RecordingProxy;
let window: SingleWindow;
beforeEach(async () => {
  trial = await sandboxOnTrial();
  proxy = await recordBetween(trial.sandbox.address);
  window = openHttpLodgement({ name: 'trial', address: proxy.address });
});
afterEach(async () => {
  await window.close();
  await proxy.close();
  await trial.close();
  deepEqual(
    proxy.recorded.flatMap((each) => [...requestFindings(each), ...answerFindings(each)]),
    [],
  );
});

async function cancel(...lodgements: readonly Lodgement[]): Promise<readonly Cancellation[]> {
  return (
    (await window.cancel?.(
      lodgements.map(({ key }) => key),
      never,
    )) ?? []
  );
}

async function stateOf({ key }: Lodgement): Promise<string> {
  const [found] = await window.inquire([key], never);
  return found?.kind === 'found' ? stateAfter(found.receipts) : 'none';
}

it('cancels what was received, and nothing comes after', async () => {
  const one = lodgement('甲 1/A');
  await window.submit(batchOf(one), never);
  expect(await cancel(one)).toMatchObject([
    { kind: 'cancelled', key: one.key, receipt: { state: 'cancelled', digest: one.digest } },
  ]);
  trial.advance(600_000);
  const { receipts } = await window.events('', 0, never);
  expect(receipts.map(({ state }) => state)).toEqual(['received', 'cancelled']);
});

it('gives the same answer when it is asked again, also after a restart', async () => {
  const one = lodgement('A');
  await window.submit(batchOf(one), never);
  const first = await cancel(one);
  await trial.restart();
  await proxy.close();
  proxy = await recordBetween(trial.sandbox.address);
  await window.close();
  window = openHttpLodgement({ name: 'trial', address: proxy.address });
  expect(await cancel(one)).toEqual(first);
});

it.each([
  ['held-payment', 'cancelled', 'cancelled'],
  ['release', 'refused', 'cleared'],
  ['reject', 'refused', 'rejected'],
])('answers for a declaration that went the way of %s: %s', async (word, kind, state) => {
  const one = marked('A', word);
  await window.submit(batchOf(one), never);
  trial.advance(60_000);
  expect(await cancel(one)).toMatchObject([{ kind }]);
  expect(await stateOf(one)).toBe(state);
});

it('answers for each key in its place, also for one that never arrived', async () => {
  const [a, b] = [lodgement('A'), lodgement('B')];
  await window.submit(batchOf(b), never);
  expect((await cancel(a, b)).map(({ kind }) => kind)).toEqual(['refused', 'cancelled']);
});

it.each([
  ['the 404 of a proxy', json(404, { title: 'no such page' })],
  ['an event about another declaration', json(200, { ref: 'B' })],
  ['a failing server', json(502, {})],
])('takes %s for no answer', async (_what, answer) => {
  const server = await serveScript(() => answer);
  const other = openHttpLodgement({ name: 'other', address: server.address });
  const told = await other.cancel?.([lodgement('A').key], never);
  await other.close();
  await server.close();
  expect(told).toMatchObject([{ kind: 'no-answer' }]);
});
