/** A sandbox window with a clock that the test turns, and a client to it. */
import { deepEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check } from '../../src/window/sandbox/context.ts';
import { startSandbox, type RunningSandbox, type SandboxOptions } from '../../src/window/sandbox/server.ts';

export type SandboxOnTrial = {
  readonly file: string;
  sandbox: RunningSandbox;
  readonly now: () => Date;
  readonly advance: (ms: number) => void;
  readonly restart: () => Promise<void>;
  /** Throws where the sandbox did something wrong meanwhile. */
  readonly close: () => Promise<void>;
};

/** It is 2026-03-02, 09:00 in Beijing. Verdicts fall about 500 ms after receipt. */
export async function sandboxOnTrial(
  check: Check = () => [],
  more: Pick<SandboxOptions, 'webhook'> = {},
): Promise<SandboxOnTrial> {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-窗口-'));
  const file = join(folder, 'sandbox.db');
  let ms = Date.UTC(2026, 2, 2, 1);
  const now = () => new Date(ms);
  const defects: unknown[] = [];
  const start = () =>
    startSandbox({ store: file, check, now, tickMs: 0, onDefect: (error) => defects.push(error), ...more });
  const trial: SandboxOnTrial = {
    file,
    sandbox: await start(),
    now,
    advance: (by) => {
      ms += by;
      trial.sandbox.tick();
    },
    restart: async () => {
      await trial.sandbox.close();
      trial.sandbox = await start();
    },
    close: async () => {
      await trial.sandbox.close();
      rmSync(folder, { recursive: true });
      deepEqual(defects, []);
    },
  };
  return trial;
}
