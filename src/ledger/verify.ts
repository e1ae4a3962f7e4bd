/** Proves a whole ledger, row by row, and tells everything that is wrong with it. Changes nothing. */
import { clientSeqNoOf } from '../model/ids.ts';
import { Stop } from '../model/stop.ts';
import { stateAfter, type LodgementState } from '../model/state.ts';
import type { Database } from './database.ts';
import type { DeclarationRow } from './declarations-table.ts';
import { readGuard } from './guard.ts';
import { checkGeneration } from './health.ts';
import { countsFor } from './lodging.ts';
import { openFileForReading } from './open-file.ts';
import { openTables, type Tables } from './tables.ts';

export type LedgerFindings = {
  readonly declarations: number;
  /** Where it is wrong, at most `mostFindings`; none: the ledger is sound. */
  readonly findings: readonly string[];
};

const mostFindings = 100;

/** May run while another process lodges. Throws `Stop` where the file cannot be read as a ledger at all. */
export async function verifyLedger(file: string): Promise<LedgerFindings> {
  const { db, meta, close } = await openFileForReading(file);
  const findings: string[] = [];
  const note = (finding: string): void => {
    if (findings.length < mostFindings) findings.push(finding);
  };
  let declarations = 0;
  try {
    db.exec('BEGIN');
    notingStops(note, () => checkGeneration(db.file, meta, readGuard(db.file)));
    verifyPages(db, note);
    const tables = openTables(db);
    notingStops(note, () => {
      for (const row of tables.declarations.all()) {
        declarations += 1;
        notingStops(note, () => verifyDeclaration(tables, row, note));
      }
    });
    verifyBatches(db, tables, note);
    notingStops(note, () => {
      for (const { run } of tables.runs.newest(-1))
        for (const text of tables.results.ofRun(tables.runs.numberOf(run))) void text;
    });
    notingStops(note, () => tables.receipts.strays(-1));
    return { declarations, findings };
  } finally {
    close();
  }
}

type Note = (finding: string) => void;

function verifyPages(db: Database, note: Note): void {
  notingStops(note, () => {
    for (const row of db.prepare(`PRAGMA integrity_check(${mostFindings})`).each()) {
      for (const said of Object.values(row)) if (said !== 'ok') note(String(said));
    }
    for (const { table, rowid } of db.prepare('PRAGMA foreign_key_check').each())
      note(`${String(table)}${rowid === null ? '' : ` ${String(rowid)}`}: points to nothing`);
  });
}

function verifyDeclaration(tables: Tables, row: DeclarationRow, note: Note): void {
  const versions = tables.versions.ofDeclaration(row.id);
  if (versions.length !== row.version)
    note(`declarations ${row.id}: ${versions.length} of ${row.version} versions`);
  for (const version of versions) {
    tables.versions.content(version);
    tables.batches.get(version.batch);
  }
  tables.runs.idOf(row.run);
  const facts = tables.receipts
    .ofDeclaration(row.id)
    .filter(({ version, state }) => countsFor(row.version, version, state));
  if (row.clientSeqNo !== clientSeqNoOf(row.key))
    note(`declarations ${row.id}: client_seq_no is not that of its key`);
  if (!isStateOf(row.state, facts))
    note(`declarations ${row.id}: state ${row.state} is not what its receipts say`);
}

/** Our own states hold until the window speaks; then its facts alone decide. */
function isStateOf(
  state: LodgementState,
  facts: readonly { readonly state: LodgementState | undefined }[],
): boolean {
  const known = facts.flatMap((fact) => (fact.state === undefined ? [] : [{ state: fact.state }]));
  const isOurs = state === 'prepared' || state === 'sending' || state === 'unknown';
  return stateAfter(isOurs ? [{ state }, ...known] : known) === state;
}

function verifyBatches(db: Database, tables: Tables, note: Note): void {
  notingStops(note, () => {
    for (const { id } of db.prepare('SELECT id FROM batches ORDER BY id').each()) {
      notingStops(note, () => {
        const batch = tables.batches.get(Number(id));
        tables.batches.attempts(batch.id);
        const members = tables.versions.ofBatch(batch.id).length;
        if (members !== batch.members)
          note(`batches ${batch.id}: ${members} of ${batch.members} declarations`);
      });
    }
  });
}

/** A stop here is a finding; anything else is a defect and goes on. */
function notingStops(note: Note, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    note(typeof error.facts['where'] === 'string' ? error.facts['where'] : error.code);
  }
}
