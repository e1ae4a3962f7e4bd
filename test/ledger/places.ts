/** Fresh folders with ledgers in them, for the tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WindowBinding } from '../../src/ledger/binding.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { Stop } from '../../src/model/stop.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';

export const sandbox: WindowBinding = {
  name: 'sandbox',
  address: 'http://127.0.0.1:4010',
  environment: 'sandbox',
};

export const now = (): Date => new Date(Date.UTC(2026, 0, 5, 8));

export type Place = {
  readonly folder: string;
  readonly file: string;
  readonly open: () => Promise<SqliteLedger>;
  readonly remove: () => Promise<void>;
};

/** The ledger's path has a space and Chinese characters in it; nothing is there yet. */
export async function freshPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), '台 账-'));
  const file = join(folder, '申报 台账.sqlite');
  return {
    folder,
    file,
    open: () => openLedger({ mode: 'write', file, window: sandbox, now }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Runs `work` in a fresh place and leaves nothing behind. */
export async function inPlace<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const place = await freshPlace();
  try {
    return await work(place);
  } finally {
    await place.remove();
  }
}

/** The stop that `work` ends with, or nothing. */
export async function stopOf(work: () => unknown): Promise<Stop | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return error;
    throw error;
  }
}
