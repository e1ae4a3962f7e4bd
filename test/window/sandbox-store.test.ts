/** The sandbox window's store outlives its process and is shared by several. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exitCode } from '../../src/model/stop.ts';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import { startSandbox } from '../../src/window/sandbox/server.ts';
import { openStore } from '../../src/window/sandbox/store.ts';
import { batchOf, lodgement } from './lodgements.ts';

const never = new AbortController().signal;
const check = () => [];
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'declarant-存储-'));
  file = join(folder, '沙盒.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function startProcess(): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = fork(new URL('sandbox-process.ts', import.meta.url), [file]);
  const [address]: unknown[] = await once(child, 'message');
  return { child, address: String(address) };
}

it('is made once when several processes open it at the same moment, and all of them lodge into it', async () => {
  const processes = await Promise.all(Array.from({ length: 3 }, startProcess));
  const windows = processes.map(({ address }) => openHttpLodgement({ name: address, address }));
  const keys = Array.from({ length: 3 }, (_, index) => lodgement(`K${index}`));
  // Everyone lodges everything: each declaration is taken once in all.
  const answers = await Promise.all(
    windows.flatMap((window) => keys.map((one) => window.submit(batchOf(one), never))),
  );
  const receipts = answers.flat().map((answer) => (answer.kind === 'answered' ? answer.receipt : undefined));
  expect(receipts.filter((receipt) => receipt !== undefined && receipt.isReplay === undefined)).toHaveLength(
    3,
  );
  expect(new Set(receipts.map((receipt) => receipt?.id)).size).toBe(3);
  await Promise.all(windows.map((window) => window.close()));
  for (const { child } of processes) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

it('holds what was answered when its process is killed', async () => {
  const first = await startProcess();
  const window = openHttpLodgement({ name: 'first', address: first.address });
  const [answer] = await window.submit(batchOf(lodgement('A')), never);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  await window.close();
  const sandbox = await startSandbox({ store: file, check });
  const again = openHttpLodgement({ name: 'again', address: sandbox.address });
  const [found] = await again.inquire([lodgement('A').key], never);
  await again.close();
  await sandbox.close();
  expect(found?.kind === 'found' && found.receipts[0]).toEqual(answer?.kind === 'answered' && answer.receipt);
});

it('is written in full before each answer', () => {
  const store = openStore(file);
  expect(store.get('pragma synchronous')).toEqual({ synchronous: 2 });
  expect(store.get('pragma journal_mode')).toEqual({ journal_mode: 'wal' });
  store.close();
});

it('stops with exit 74 where the file is something else, and leaves it as it was', async () => {
  const other = '海关编号,品名\n'.repeat(1000);
  writeFileSync(file, other);
  await expect(startSandbox({ store: file, check })).rejects.toMatchObject({
    code: 'window/sandbox-store-unusable',
    exit: exitCode.storage,
    facts: { file },
  });
  expect(readFileSync(file, 'utf8')).toBe(other);
});

it('stops with exit 2 where the port is taken', async () => {
  const first = await startSandbox({ store: file, check });
  const port = Number(new URL(first.address).port);
  await expect(startSandbox({ store: file, port, check })).rejects.toMatchObject({
    code: 'window/port-unusable',
    exit: exitCode.usage,
  });
  await first.close();
});
