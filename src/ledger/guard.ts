/** The small file beside the ledger that tells how far it had come, and who works with it: a ledger that lost its last commits is recognised by it. */
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
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
