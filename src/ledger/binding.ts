/** What a ledger is bound to: one window in one environment, so that test and production never share a memory. */
import { Stop, exitCode } from '../model/stop.ts';
import type { Database } from './database.ts';
import { RowReader } from './cells.ts';
import { sumOf } from './checksum.ts';

/** `address` is the origin; `environment` is `sandbox`, `test` or `production`, or whatever the configuration calls it. */
export type WindowBinding = { readonly name: string; readonly address: string; readonly environment: string };

/** The built-in sandbox window gets another port in each run: it is known by its name alone. */
const sandbox = 'sandbox';

export type Meta = {
  /** Random, made once: tells ledgers apart. */
  readonly ledger: string;
  readonly window: WindowBinding;
  readonly createdAt: string;
  /** Grows by one with each commit. */
  readonly generation: number;
};

export function readMeta(db: Database): Meta {
  const row = db.prepare('SELECT * FROM meta WHERE id = 1').get();
  const reader = new RowReader(row ?? {}, db.file, 'meta');
  const meta: Meta = {
    ledger: reader.text('ledger'),
    window: {
      name: reader.text('window_name'),
      address: reader.text('window_address'),
      environment: reader.text('window_environment'),
    },
    createdAt: reader.text('created_at'),
    generation: reader.number('generation'),
  };
  reader.checkSum(metaSum(meta));
  return meta;
}

/** The generation is left out: each commit adds to it. */
function metaSum({ ledger, window, createdAt }: Meta): number {
  return sumOf([ledger, window.name, window.address, window.environment, createdAt]);
}

export function writeMeta(db: Database, meta: Meta): void {
  const { ledger, window, createdAt, generation } = meta;
  db.prepare('INSERT INTO meta VALUES (1, ?, ?, ?, ?, ?, ?, ?)').run(
    ledger,
    window.name,
    window.address,
    window.environment,
    createdAt,
    generation,
    metaSum(meta),
  );
}

/** Throws `ledger/other-window` (exit 2), naming both. */
export function checkBinding(file: string, bound: WindowBinding, asked: WindowBinding): void {
  if (bound.environment === asked.environment && isSameWindow(bound, asked)) return;
  throw new Stop('ledger/other-window', exitCode.usage, {
    facts: { file, bound: describe(bound), asked: describe(asked) },
  });
}

function isSameWindow(bound: WindowBinding, asked: WindowBinding): boolean {
  if (bound.name === sandbox || asked.name === sandbox) return bound.name === asked.name;
  return bound.address === asked.address;
}

function describe({ name, address, environment }: WindowBinding): string {
  return name === sandbox ? `${name} (${environment})` : `${name} ${address} (${environment})`;
}
