/** An import client window with its simulator and a clock that the test turns. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseMessageForm } from '../../../src/model/message-form.ts';
import { parseReceiptCodes } from '../../../src/model/receipt-codes.ts';
import { type FolderWindowOptions, openFolderWindow } from '../../../src/window/cn-client/folder-window.ts';
import {
  openSimulator,
  type Simulator,
  type SimulatorOptions,
} from '../../../src/window/cn-client/simulator.ts';
import type { SingleWindow } from '../../../src/window/single-window.ts';

const pack = join(import.meta.dirname, '../../../schemas/cn/goods-declaration');
export const form = parseMessageForm(JSON.parse(readFileSync(join(pack, 'message.json'), 'utf8')));
export const codes = parseReceiptCodes(JSON.parse(readFileSync(join(pack, 'receipts.json'), 'utf8')));
export const never = new AbortController().signal;

export type FolderTrial = {
  readonly root: string;
  readonly journal: string;
  readonly simulator: Simulator;
  window: SingleWindow;
  readonly now: () => Date;
  /** Turns the clock second by second, the simulator with it. */
  readonly advance: (ms: number) => void;
  readonly reopen: (more?: Partial<FolderWindowOptions>) => Promise<SingleWindow>;
  readonly close: () => Promise<void>;
};

/** It is 2026-03-02, 09:00 in Beijing. */
export async function folderTrial(
  order: SimulatorOptions['order'] = 'calm',
  seed = 'one',
): Promise<FolderTrial> {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-客户端-'));
  const root = join(folder, 'ImpPath', 'DecCus001');
  const journal = join(folder, 'journal.db');
  let ms = Date.UTC(2026, 2, 2, 1);
  const now = () => new Date(ms);
  const simulator = openSimulator({ root, now, seed, order });
  const open = (more: Partial<FolderWindowOptions> = {}) =>
    openFolderWindow({ name: 'trial', root, journal, form, codes, operType: 'G', now, settleMs: 0, ...more });
  const trial: FolderTrial = {
    root,
    journal,
    simulator,
    window: await open(),
    now,
    advance: (by) => {
      simulator.tick();
      for (let left = by; left > 0; left -= 1_000) {
        ms += Math.min(left, 1_000);
        simulator.tick();
      }
    },
    reopen: async (more) => {
      await trial.window.close();
      trial.window = await open(more);
      return trial.window;
    },
    close: async () => {
      await trial.window.close();
      rmSync(folder, { recursive: true });
    },
  };
  return trial;
}
