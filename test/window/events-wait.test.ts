/** Those who wait for events get them when they come, and an answer in any case. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import type { SingleWindow } from '../../src/window/single-window.ts';
import { batchOf, lodgement } from './lodgements.ts';
import { get } from './raw-client.ts';
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

/** The server has taken the waiting request in once a later one was answered. */
async function waitingFor(cursor: string, waitMs: number) {
  const waiting = window.events(cursor, waitMs, never);
  await window.limits(never);
  return waiting;
}

it('answers a waiting request when a notice comes due', async () => {
  await window.submit(batchOf(lodgement('A')), never);
  const { next } = await window.events('', 0, never);
  const waiting = waitingFor(next, 30_000);
  const ticking = setInterval(() => trial.advance(100), 5);
  const { receipts } = await waiting;
  clearInterval(ticking);
  expect(receipts.map(({ code }) => code)).toContain('7');
});

it('answers a waiting request without events when its time is over, and the cursor stays', async () => {
  const { next } = await window.events('', 0, never);
  const waiting = waitingFor(next, 20_000);
  const ticking = setInterval(() => trial.advance(1000), 5);
  expect(await waiting).toEqual({ receipts: [], next });
  clearInterval(ticking);
});

it('answers those who wait when it closes', async () => {
  const waiting = get(trial.sandbox.address, '/v1/events?wait=30000');
  for (let asked = 0; asked < 5; asked += 1) await get(trial.sandbox.address, '/v1/limits');
  await trial.restart();
  expect((await waiting).json['events']).toEqual([]);
});

it('begins at the beginning for the cursor of a store that is gone', async () => {
  const other = await sandboxOnTrial();
  const elsewhere = openHttpLodgement({ name: 'other', address: other.sandbox.address });
  await elsewhere.submit(batchOf(lodgement('X'), lodgement('Y')), never);
  const { next } = await elsewhere.events('', 0, never);
  await elsewhere.close();
  await other.close();
  await window.submit(batchOf(lodgement('A')), never);
  const { receipts } = await window.events(next, 0, never);
  expect(receipts.map(({ key }) => key)).toEqual(['A']);
});

it('lives the same life for the same content, with the same numbers', async () => {
  const lodged = batchOf(lodgement('A'), lodgement('B'), lodgement('C'));
  await window.submit(lodged, never);
  trial.advance(60_000);
  const first = await window.inquire(
    lodged.lodgements.map(({ key }) => key),
    never,
  );
  const other = await sandboxOnTrial();
  const elsewhere = openHttpLodgement({ name: 'other', address: other.sandbox.address });
  await elsewhere.submit(batchOf(lodgement('C')), never);
  await elsewhere.submit(batchOf(lodgement('B'), lodgement('A')), never);
  other.advance(60_000);
  const again = await elsewhere.inquire(
    lodged.lodgements.map(({ key }) => key),
    never,
  );
  await elsewhere.close();
  await other.close();
  expect(again).toEqual(first);
});
