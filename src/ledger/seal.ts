/** The seal of a ledger that was moved: written into the file itself, so that every copy of it refuses to send, wherever it lies. */
import { Stop, exitCode } from '../model/stop.ts';
import { RowReader } from './cells.ts';
import { sumOf } from './checksum.ts';
import type { Database } from './database.ts';
import { applicationId } from './migrations.ts';

/** `decs` in ASCII: programs that know nothing of seals do not take a sealed file for a ledger. */
const sealedId = 0x64656373;

export type Seal = {
  /** `moving`: to `place`, and it has not quite arrived; the copy there says the same. `moved`: in use there. */
  readonly phase: 'moving' | 'moved';
  readonly place: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Random, the same in both files of one move. */
  readonly token: string;
};

export const sealSchema = `
CREATE TABLE seal (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  phase TEXT NOT NULL,
  place TEXT NOT NULL,
  at TEXT NOT NULL,
  token TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
`;

export function isSealedId(id: unknown): boolean {
  return id === sealedId;
}

/** Instead of the one that is there. Belongs inside a transaction. */
export function putSeal(db: Database, { phase, place, at, token }: Seal): void {
  db.exec(`DROP TABLE IF EXISTS seal; ${sealSchema}`);
  const values = [phase, place, at, token];
  db.prepare('INSERT INTO seal VALUES (1, ?, ?, ?, ?, ?)').run(...values, sumOf(values));
  db.exec(`PRAGMA application_id=${sealedId}`);
}

/** Belongs inside a transaction. */
export function liftSeal(db: Database): void {
  db.exec(`DROP TABLE seal; PRAGMA application_id=${applicationId}`);
}

/** Nothing where it is not sealed. */
export function readSeal(db: Database): Seal | undefined {
  if (!isSealedId(db.pragma('application_id'))) return undefined;
  const reader = new RowReader(db.prepare('SELECT * FROM seal WHERE id = 1').get() ?? {}, db.file, 'seal');
  const phase = reader.text('phase');
  const seal = { place: reader.text('place'), at: reader.text('at'), token: reader.text('token') };
  reader.checkSum(sumOf([phase, seal.place, seal.at, seal.token]));
  return { phase: reader.parsed('phase', phaseOf(phase)), ...seal };
}

function phaseOf(text: string): Seal['phase'] | undefined {
  return text === 'moving' || text === 'moved' ? text : undefined;
}

/** Why nothing may be sent from a sealed ledger, and where it went. */
export function sealed(file: string, { phase, place, at }: Seal): Stop {
  const code = phase === 'moved' ? 'ledger/moved' : 'ledger/moving';
  return new Stop(code, exitCode.usage, { facts: { file, place, at } });
}
