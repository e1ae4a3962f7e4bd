/** A ledger that goes on on another machine: another home, another folder, another host name where that can be, the same window. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { linesOf } from '../soak/checker/evidence.ts';
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

/** By hand, as people copy: the file, and everything that a killed run left beside it. */
export function copyLedger({ first, second }: Machines): void {
  for (const name of ['ledger.db', 'ledger.db-wal', 'ledger.db.guard', 'ledger.db.lock'])
    if (existsSync(join(first, name))) copyFileSync(join(first, name), join(second, name));
}

export type Ended = {
  readonly code: number | null;
  readonly stderr: string;
  /** How many rows of the input were told, by outcome. */
  readonly told: ReadonlyMap<string, number>;
};

export async function importOn(folder: string, host?: string): Promise<Ended> {
  const results = join(folder, 'results-0');
  const { code, stderr } = await startImport(folder, { results, wait: 900, host }).ended;
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

/** The batches that were answered, by the ledger's own word. */
export function answeredBatches(folder: string): ReadonlySet<string> {
  const db = new DatabaseSync(join(folder, 'ledger.db'), { readOnly: true });
  const sql =
    "SELECT b.batch AS batch FROM batches b JOIN attempts a ON a.batch = b.id WHERE a.how = 'answered'";
  const batches = new Set(
    db
      .prepare(sql)
      .all()
      .map(({ batch }) => String(batch)),
  );
  db.close();
  return batches;
}

/** Under which keys something was lodged, request by request. */
export function keysLodged({ first }: Machines): readonly string[] {
  return linesOf(join(first, 'window.jsonl')).flatMap(({ type, key }) =>
    type === 'upload' ? [String(key)] : [],
  );
}
