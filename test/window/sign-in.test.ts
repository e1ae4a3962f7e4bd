/** A token that expires: questions are asked once more with a new one, and whoever is refused meanwhile shares one renewal. */
import { afterEach, expect, it } from 'vitest';
import { exitCode, Stop } from '../../src/model/stop.ts';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import type { Access } from '../../src/window/index.ts';
import { lodgement } from './lodgements.ts';
import { json, problem, serveScript, type Scripted } from './scripted-server.ts';

const never = new AbortController().signal;
const keys = ['A', 'B', 'C', 'D'].map((key) => lodgement(key).key);
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A window that takes one token only, and what it was asked, each with the token that came. */
async function windowThatTakes(valid: string, access: Access, answer: Scripted) {
  const asked: string[] = [];
  const server = await serveScript(({ headers }) => {
    const token = (headers.authorization ?? '').replace('Bearer ', '');
    asked.push(token);
    return token === valid ? answer : { status: 401, body: '' };
  });
  const window = openHttpLodgement({ name: 'w', address: server.address, access });
  closing.push(
    () => window.close(),
    () => server.close(),
  );
  return { window, asked };
}

const limits = json(200, { declarationsPerRequest: 5, bytesPerRequest: 100_000 });

it('a question is asked once more, with the new token', async () => {
  const access = { token: 'old', tokenAgain: () => Promise.resolve('new') };
  const { window, asked } = await windowThatTakes('new', access, limits);
  expect(await window.limits(never)).toMatchObject({ declarations: 5 });
  expect(await window.limits(never)).toMatchObject({ declarations: 5 });
  expect(asked).toEqual(['old', 'new', 'new']);
});

it('and not a third time', async () => {
  const access = { token: 'old', tokenAgain: () => Promise.resolve('dead') };
  const { window, asked } = await windowThatTakes('new', access, limits);
  await expect(window.limits(never)).rejects.toMatchObject({ code: 'window/sign-in-refused' });
  expect(asked).toEqual(['old', 'dead']);
});

it('questions that are refused at the same time share one renewal', async () => {
  let renewals = 0;
  const tokenAgain = async () => {
    renewals += 1;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    return 'new';
  };
  const found = problem('unknown-reference', 404, { ref: 'A' });
  const { window, asked } = await windowThatTakes('new', { token: 'old', tokenAgain }, found);
  const inquiries = await window.inquire(keys, never);
  expect(inquiries.map(({ kind }) => kind)).toContain('not-found');
  expect([renewals, asked.filter((token) => token === 'new').length]).toEqual([1, keys.length]);
});

it('what it cannot ask for again it says, with exit 6', async () => {
  const tokenAgain = () => Promise.reject(new Stop('secret/command-failed', exitCode.usage));
  const { window } = await windowThatTakes('new', { token: 'old', tokenAgain }, limits);
  await expect(window.limits(never)).rejects.toMatchObject({
    code: 'secret/not-renewed',
    exit: 6,
    facts: { reason: 'secret/command-failed' },
  });
});

it('a 403 is no expired token: nothing is asked for again', async () => {
  let renewals = 0;
  const tokenAgain = () => Promise.resolve(`new-${(renewals += 1)}`);
  const { window, asked } = await windowThatTakes(
    'old',
    { token: 'old', tokenAgain },
    { status: 403, body: '' },
  );
  await expect(window.limits(never)).rejects.toMatchObject({ code: 'window/forbidden', exit: 6 });
  expect([renewals, asked]).toEqual([0, ['old']]);
});
