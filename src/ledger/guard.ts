/** The small file beside the ledger that tells how far it had come, and who works with it: a ledger that lost its last commits is recognised by it. */
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { Stop } from '../model/stop.ts';
import { asStop } from './storage-failures.ts';

export type Holder = {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly command: string;
  readonly run: string;
};

export type GuardMark = { readonly ledger: string; readonly generation: number; readonly holder?: Holder };

/** One sector: written in one piece, also by disks that fail in the middle. */
const bytes = 512;

export function guardFileOf(ledger: string): string {
  return `${ledger}.guard`;
}

/** Nothing where there is no guard file, or none that can be understood: then it guards nothing. */
export function readGuard(ledger: string): GuardMark | undefined {
  try {
    return markOf(JSON.parse(readFileSync(guardFileOf(ledger), 'utf8').slice(0, bytes)));
  } catch {
    return undefined;
  }
}

export class Guard {
  readonly #ledger: string;
  readonly #fd: number;

  /** Makes the file (0600) where there is none; refuses a link in its place. */
  constructor(ledger: string) {
    this.#ledger = ledger;
    try {
      this.#fd = openSync(
        guardFileOf(ledger),
        constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0),
        0o600,
      );
    } catch (error) {
      throw asStop(error, guardFileOf(ledger));
    }
  }

  /** Written after the ledger's commit and not synced: after a power cut it may be behind, which is harmless, never ahead. */
  write(mark: GuardMark): void {
    const text = Buffer.from(JSON.stringify(mark), 'utf8');
    const sector = Buffer.alloc(bytes, 0x20);
    sector[bytes - 1] = 0x0a;
    if (text.length >= bytes) return this.write(withoutHolder(mark));
    text.copy(sector);
    try {
      writeSync(this.#fd, sector, 0, bytes, 0);
      ftruncateSync(this.#fd, bytes);
    } catch (error) {
      throw asStop(error, guardFileOf(this.#ledger));
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/**
 * Tells who holds the ledger from the first moment on: until it is proved, which may take seconds, the file named a run that was
 * killed before, perhaps on another machine. Returns what takes that back where the ledger is not opened after all.
 */
export function announceHolder(ledger: string, holder: Holder): () => void {
  const before = readGuard(ledger);
  if (before === undefined) return () => undefined;
  const write = (mark: GuardMark): void => {
    const guard = new Guard(ledger);
    try {
      guard.write(mark);
    } finally {
      guard.close();
    }
  };
  write({ ...before, holder });
  return () => {
    try {
      write(withoutHolder(before));
    } catch (error) {
      // Who held it matters no more; why it was not opened is told.
      if (!(error instanceof Stop)) throw error;
    }
  };
}

function withoutHolder({ ledger, generation }: GuardMark): GuardMark {
  return { ledger, generation };
}

function markOf(value: unknown): GuardMark | undefined {
  if (!isObject(value)) return undefined;
  const { ledger, generation } = value;
  if (typeof ledger !== 'string' || typeof generation !== 'number') return undefined;
  const holder = holderOf(value['holder']);
  return holder === undefined ? { ledger, generation } : { ledger, generation, holder };
}

function holderOf(value: unknown): Holder | undefined {
  if (!isObject(value)) return undefined;
  const { pid, host, since, command, run } = value;
  if (typeof pid !== 'number' || typeof host !== 'string' || typeof since !== 'string') return undefined;
  return {
    pid,
    host,
    since,
    command: typeof command === 'string' ? command : '',
    run: typeof run === 'string' ? run : '',
  };
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
