/** Forgets what declarations said, once they are decided and old; never that they were lodged. */
import type { DeclarationKey } from '../model/ids.ts';
import { isDecided } from '../model/state.ts';
import type { WindowBinding } from './binding.ts';
import type { DeclarationRow } from './declarations-table.ts';
import { openFileForWriting } from './open-file.ts';
import { openTables, type Tables } from './tables.ts';

export type PurgeOptions = {
  readonly file: string;
  /** Declarations whose state last changed before this moment. */
  readonly olderThan: Date;
  readonly now: () => Date;
  /** Called last, while nobody else can send: for what else remembers declarations of this window. */
  readonly alongside?: (purging: Purging) => void;
};

export type Purging = {
  readonly window: WindowBinding;
  readonly file: string;
  /** Whether it is decided, and was so before the moment. */
  readonly isGone: (key: DeclarationKey) => boolean;
  /** Up to where the window's events are in the ledger. */
  readonly cursor: string;
};

export type Purged = { readonly declarations: number; readonly receipts: number; readonly strays: number };

/** Declarations of one transaction. */
const chunk = 500;

/**
 * Removes bodies, filled values, file names and the window's words of decided declarations; key, digest, state, customs
 * number and line numbers stay, so that nothing is ever lodged twice. Nothing of what was removed stays in the file. A batch
 * with one open declaration is kept whole, for it may have to be sent again byte by byte. Takes the ledger's lock; a ledger
 * that was moved away is purged too.
 */
export async function purgeLedger({ file, olderThan, now, alongside }: PurgeOptions): Promise<Purged> {
  const { db, meta, close } = await openFileForWriting({
    file,
    now,
    command: 'ledger purge',
    evenSealed: true,
  });
  try {
    const before = olderThan.toISOString();
    const tables = openTables(db);
    const open = new Set(tables.batches.open().map(({ id }) => id));
    const isOld = ({ state, changedAt }: DeclarationRow): boolean => isDecided(state) && changedAt < before;
    let declarations = 0;
    let receipts = 0;
    for (const rows of chunksOf(tables)) {
      db.transaction(() => {
        for (const row of rows) {
          if (!isOld(row)) continue;
          const stripped = strip(tables, row, open);
          if (stripped === undefined) continue;
          declarations += 1;
          receipts += stripped;
        }
      });
    }
    const strays = db.transaction(() => {
      for (const run of tables.runs.stripBefore(before)) tables.results.delete(run);
      return tables.receipts.deleteStraysBefore(before);
    });
    // Pages keep remains of rows that became shorter, also with secure_delete: all are written anew, and the log goes.
    db.exec('VACUUM');
    db.foldLog();
    alongside?.({
      window: meta.window,
      file: db.file,
      isGone(key) {
        const row = tables.declarations.find(key);
        return row !== undefined && isOld(row);
      },
      cursor: tables.runs.cursor(meta.window.name),
    });
    return { declarations, receipts, strays };
  } finally {
    close();
  }
}

function* chunksOf(tables: Tables): Generator<readonly DeclarationRow[]> {
  let rows: DeclarationRow[] = [];
  for (const row of tables.declarations.all()) {
    rows.push(row);
    if (rows.length < chunk) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** How many receipts were stripped; nothing where the declaration had been purged before, or must be kept. */
function strip(tables: Tables, row: DeclarationRow, open: ReadonlySet<number>): number | undefined {
  const versions = tables.versions.ofDeclaration(row.id);
  if (versions.some(({ batch }) => open.has(batch))) return undefined;
  const whole = versions.filter(({ body }) => body !== undefined);
  const receipts = tables.receipts.ofDeclaration(row.id).filter(({ raw }) => raw !== undefined);
  if (whole.length === 0 && receipts.length === 0) return undefined;
  for (const version of whole) tables.versions.strip(version);
  for (const receipt of receipts) tables.receipts.strip(receipt);
  return receipts.length;
}
