/** What the lodging stages work with: everything that is not pure comes in here, so that a simulation can replace all of it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger } from '../ledger/ledger.ts';
import { type BatchId, parseBatchId, type RunId } from '../model/ids.ts';
import type { WindowPromises } from '../pack/pack.ts';
import type { SingleWindow } from '../window/single-window.ts';
import { openPressure, type Pressure } from './pressure.ts';

export type Engine = {
  readonly run: RunId;
  readonly pack: string;
  readonly ledger: Ledger;
  readonly window: SingleWindow;
  readonly promises: WindowPromises;
  /** What is written down; may jump. */
  readonly now: () => Date;
  /** Milliseconds that only go forward: what waits are measured by. */
  readonly uptimeMs: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Aborts after so many milliseconds. */
  readonly deadline: (ms: number) => AbortSignal;
  /** One request may take this long in all, from the first byte to the last. */
  readonly requestMs: number;
  readonly newBatchId: () => BatchId;
  readonly pressure: Pressure;
  /** Aborted by the first Ctrl-C: what is under way is finished, nothing new is begun. */
  readonly signal: AbortSignal;
};

const requestDeadlineMs = 60_000;

export type EngineParts = Pick<Engine, 'run' | 'pack' | 'ledger' | 'window' | 'promises' | 'now' | 'signal'>;

/** An engine on this machine's clock and chance. */
export function openEngine(parts: EngineParts): Engine {
  const { signal, promises } = parts;
  return {
    ...parts,
    requestMs: promises.requestMs ?? requestDeadlineMs,
    uptimeMs: () => performance.now(),
    random: Math.random,
    sleep: (ms) => pause(ms, undefined, { signal }).catch(() => undefined),
    deadline: (ms) => AbortSignal.timeout(Math.ceil(ms)),
    newBatchId: () => {
      const id = parseBatchId(randomUUID());
      if (!id) throw new Error('randomUUID made no UUID');
      return id;
    },
    pressure: openPressure(),
  };
}

export function isoNow({ now }: Pick<Engine, 'now'>): string {
  return now().toISOString();
}
