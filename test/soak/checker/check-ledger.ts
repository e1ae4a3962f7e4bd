/** I3, I4, I5, I7, I9, I12 and I13: the ledger, read by SQL, against what the window wrote down. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { type Campaign, groupedBy, type Json, openTables, type Say, type Tables } from './evidence.ts';

export type Accepted = ReadonlyMap<string, readonly Json[]>;
const taken: ReadonlySet<string> = new Set(['accepted', 'held', 'released', 'cleared', 'exited']);
/** These must never have been sent, and so the ledger knows nothing of them. */
const neverSent: ReadonlySet<string> = new Set(['flawed', 'conflict']);

/** At the end of a campaign. */
export function checkLedger({ folder, exit, rows, kind }: Campaign, accepted: Accepted, say: Say): void {
  const tables = openTables(join(folder, 'ledger.db'));
  if (tables === undefined) return say('I12', 'there is no ledger');
  const states = new Map(
    tables
      .all('SELECT key, state FROM declarations')
      .map((row) => [String(row['key']), String(row['state'])]),
  );
  const isDone = exit === 0 || exit === 1;
  for (const ref of accepted.keys()) {
    const state = states.get(ref) ?? 'absent';
    if (state === 'rejected') say('I4', `${ref} is rejected in the ledger and accepted by the window`);
    // A window without memory shows no verdict: received is as far as it comes.
    else if (kind === 'none' ? state === 'absent' || state === 'prepared' : isDone && !taken.has(state))
      say('I3', `${ref} is ${state} in the ledger and accepted by the window`);
  }
  for (const [ref, state] of states) {
    if (taken.has(state) && !accepted.has(ref)) say('I3', `${ref} is accepted in the ledger only`);
    if (isDone && (state === 'sending' || state === 'unknown'))
      say('I7', `exit ${exit}, and the ledger has ${ref} as ${state}`);
  }
  for (const { ref, fate } of rows)
    if (neverSent.has(fate) && states.has(ref)) say('I9', `${ref} is ${fate} and stands in the ledger`);
  if (kind === 'none') checkDoubts(tables, states, say);
  checkBodies(tables, say);
  tables.close();
}

/** An unknown outcome has a reason: an attempt that was begun, and is not known to have been turned away. */
function checkDoubts(tables: Tables, states: ReadonlyMap<string, string>, say: Say): void {
  const doubted = new Set(
    tables
      .all(
        "SELECT d.key AS key FROM declarations d JOIN versions v ON v.declaration = d.id AND v.number = d.version JOIN attempts a ON a.batch = v.batch WHERE a.how IS NOT 'not-sent'",
      )
      .map((row) => String(row['key'])),
  );
  for (const [ref, state] of states)
    if (state === 'unknown' && !doubted.has(ref))
      say('I7', `${ref} is unknown, and no attempt of it is in doubt`);
}

function checkBodies(tables: Tables, say: Say): void {
  const versions = tables.all('SELECT body, lower(hex(digest)) AS digest FROM versions');
  const digests = groupedBy(versions, (version) => String(version['body']));
  for (const { id, content } of tables.all('SELECT id, content FROM bodies')) {
    const text = content instanceof Uint8Array ? inflateRawSync(content).toString('utf8') : String(content);
    const digest = createHash('sha256')
      .update(text.slice(text.indexOf('\n') + 1))
      .digest('hex');
    if (digests.get(String(id))?.some((version) => version['digest'] !== digest))
      say('I5', `body ${String(id)} is not what its digest says`);
  }
}

/** After each kill and at the end: what has arrived was written down before, and the file is whole. `log` is all that the window had written down before the ledger is read. */
export function checkWrittenDown(folder: string, log: readonly Json[], say: Say): void {
  const tables = openTables(join(folder, 'ledger.db'));
  if (tables === undefined) {
    if (log.some(({ type }) => type === 'announced' || type === 'upload'))
      say('I13', 'something arrived, and there is no ledger');
    return;
  }
  try {
    const integrity = tables.all('PRAGMA integrity_check').map((row) => String(row['integrity_check']));
    if (integrity.join(' ') !== 'ok') say('I12', integrity.join('; '));
    if (tables.all('PRAGMA foreign_key_check').length > 0)
      say('I12', 'a row refers to one that is not there');
    if (tables.all("SELECT 1 FROM sqlite_schema WHERE name = 'attempts'").length === 0) return;
    checkIntents(tables, log, say);
    checkAttempts(tables, log, say);
  } catch (error) {
    say('I12', String(error));
  } finally {
    tables.close();
  }
}

function checkIntents(tables: Tables, log: readonly Json[], say: Say): void {
  const intended = new Map(
    tables
      .all(
        'SELECT d.key AS key, lower(hex(v.digest)) AS digest, b.batch AS batch, b.intended_at AS at FROM versions v JOIN declarations d ON d.id = v.declaration JOIN batches b ON b.id = v.batch',
      )
      .map((row) => [
        `${String(row['batch'])} ${String(row['key'])} ${String(row['digest'])}`,
        Date.parse(String(row['at'])),
      ]),
  );
  for (const { key, lines, at } of log.filter(({ type }) => type === 'upload')) {
    for (const { ref, digest } of Array.isArray(lines) ? lines : []) {
      const since = intended.get(`${String(key)} ${ref} ${digest}`);
      if (since === undefined)
        say('I5', `${ref} arrived under ${String(key)}; the ledger never intended that`);
      else if (since > Number(at)) say('I5', `${ref} arrived before it was written down`);
    }
  }
}

/** Every attempt begins with the announcement of its batch. */
function checkAttempts(tables: Tables, log: readonly Json[], say: Say): void {
  const attempts = new Map(
    tables
      .all(
        'SELECT b.batch AS batch, count(*) AS number, min(a.started_at) AS first FROM attempts a JOIN batches b ON b.id = a.batch GROUP BY b.batch',
      )
      .map((row) => [String(row['batch']), row]),
  );
  const requests = groupedBy(
    log.filter(({ type }) => type === 'announced'),
    ({ key }) => String(key),
  );
  for (const [key, some] of requests) {
    const own = attempts.get(key);
    const written = Number(own?.['number'] ?? 0);
    if (written < some.length)
      say('I13', `batch ${key}: ${some.length} requests, ${written} attempts written down`);
    else if (Date.parse(String(own?.['first'])) > Number(some[0]?.['at']))
      say('I13', `batch ${key} was sent before its attempt was written down`);
  }
}
