/** A ledger that goes on on another machine: another home, another folder, the same window. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifest, type Manifest } from '../soak/manifest.ts';
import { type FaultWindow, setUp, startFaultWindow, startImport } from '../soak/place.ts';

export type Machines = {
  readonly first: string;
  readonly second: string;
  readonly window: FaultWindow;
  readonly input: Manifest;
  /** Requests to lodge that reached the window so far. */
  readonly requests: () => number;
  readonly close: () => Promise<void>;
};

const kind = 'key';

/** Two folders with the same manifest and configuration, and a window that writes down what reaches it. */
export async function twoMachines(declarations: number, perRequest: number): Promise<Machines> {
  const first = mkdtempSync(join(tmpdir(), 'declarant-one-'));
  const second = mkdtempSync(join(tmpdir(), 'declarant-另一台-'));
  const input = manifest(declarations);
  const log = join(first, 'window.jsonl');
  const window = await startFaultWindow({ kind, log, seed: 1, faults: 0, lateMs: 0, perRequest });
  const promises = { settle: 60, timeout: 30, perSecond: 0 };
  for (const folder of [first, second]) setUp({ folder, address: window.address, kind, promises }, input);
  return {
    first,
    second,
    window,
    input,
    requests: () => readFileSync(log, 'utf8').split(/"type":"(?:announced|upload)"/u).length - 1,
    close: async () => {
      await window.close();
      for (const folder of [first, second]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** By hand, as people copy: the file, and what a killed run left beside it. */
export function copyLedger({ first, second }: Machines): void {
  for (const name of ['ledger.db', 'ledger.db-wal'])
    if (existsSync(join(first, name))) copyFileSync(join(first, name), join(second, name));
}

export type Ended = {
  readonly code: number | null;
  readonly stderr: string;
  /** How many rows of the input were told, by outcome. */
  readonly told: ReadonlyMap<string, number>;
};

export async function importOn(folder: string): Promise<Ended> {
  const results = join(folder, 'results-0');
  const { code, stderr } = await startImport(folder, { results, wait: 900 }).ended;
  const told = new Map<string, number>();
  const file = join(results, 'results.ndjson');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  for (const line of lines) {
    if (!line.includes('"type":"row"')) continue;
    const { outcome }: { readonly outcome: string } = JSON.parse(line);
    told.set(outcome, (told.get(outcome) ?? 0) + 1);
  }
  return { code, stderr, told };
}
