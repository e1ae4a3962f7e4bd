/** The independent checker: reads input, window log, ledger and results of a campaign, shares no code with the program, and tells every broken invariant. */
/* oxlint-disable unicorn/consistent-function-scoping */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inflateRawSync } from 'node:zlib';

export type Campaign = {
  readonly folder: string;
  readonly kind: string;
  /** References of the input, by the 1-based line of each row; those that our own checks must refuse. */
  readonly rows: readonly { readonly line: number; readonly ref: string; readonly isFlawed: boolean }[];
  /** The folder with the results of the last run, and how it ended. */
  readonly results: string;
  readonly exit: number;
  readonly canary?: string;
};

type Json = Readonly<Record<string, unknown>>;

function linesOf(file: string): readonly Json[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Everything that is wrong, as `I2: …`. None: nothing lost, nothing doubled, nothing unexplained. */
export function check(campaign: Campaign): readonly string[] {
  const wrong: string[] = [];
  const say = (rule: string, what: string): void => void wrong.push(`${rule}: ${what}`);
  const log = linesOf(join(campaign.folder, 'window.jsonl'));
  const ours = log.filter(({ type, foreign }) => type === 'accepted' && foreign !== true);
  const accepted = new Map<string, Json[]>();
  for (const entry of ours)
    accepted.set(String(entry['ref']), [...(accepted.get(String(entry['ref'])) ?? []), entry]);
  checkResults(campaign, accepted, say);
  for (const [ref, times] of accepted)
    if (times.length > 1) say('I2', `${ref} was accepted ${times.length} times`);
  for (const { ref, isFlawed } of campaign.rows)
    if (isFlawed && log.some(({ lines }) => Array.isArray(lines) && lines.some((line) => line.ref === ref)))
      say('I9', `${ref} reached the window`);
  checkLedger(campaign, log, accepted, say);
  checkUploads(log, say);
  checkFiles(campaign, say);
  return wrong;
}

type Say = (rule: string, what: string) => void;

function checkResults(
  { results, rows, exit }: Campaign,
  accepted: ReadonlyMap<string, readonly Json[]>,
  say: Say,
): void {
  const file = join(results, 'results.ndjson');
  if (!existsSync(file)) return say('I1', 'the last run left no results');
  const told = linesOf(file);
  const byLine = new Map<number, Json[]>();
  for (const row of told.filter(({ type }) => type === 'row'))
    byLine.set(Number(row['line']), [...(byLine.get(Number(row['line'])) ?? []), row]);
  if (byLine.size !== rows.length)
    say('I1', `${byLine.size} lines have results, the input has ${rows.length}`);
  const outcomes = new Set<unknown>();
  for (const { line, ref, isFlawed } of rows) {
    const [result, ...others] = byLine.get(line) ?? [];
    if (result === undefined || others.length > 0)
      say('I1', `line ${line} has ${byLine.get(line)?.length ?? 0} results`);
    const outcome = result?.['outcome'];
    outcomes.add(outcome);
    if (isFlawed && outcome !== 'set-aside')
      say('I1', `line ${line} is flawed and was told as ${String(outcome)}`);
    if (!isFlawed && outcome === 'accepted' && !accepted.has(ref))
      say('I3', `${ref} is told as accepted; the window has it not`);
    if (!isFlawed && exit < 2 && outcome !== 'accepted')
      say('I3', `${ref} ended as ${String(outcome)} with exit ${exit}`);
    if (!isFlawed && exit < 2 && !accepted.has(ref)) say('I3', `${ref} was lost`);
  }
  if ((exit === 0 || exit === 1) && outcomes.has('unknown'))
    say('I7', `exit ${exit} with an unknown outcome`);
}

function checkLedger(
  { folder, exit, rows }: Campaign,
  log: readonly Json[],
  accepted: ReadonlyMap<string, readonly Json[]>,
  say: Say,
): void {
  const db = new DatabaseSync(join(folder, 'ledger.db'), { readOnly: true });
  const all = (sql: string): readonly Json[] =>
    db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  const integrity = all('PRAGMA integrity_check');
  if (integrity.length !== 1 || integrity[0]?.['integrity_check'] !== 'ok')
    say('I12', JSON.stringify(integrity));
  const states = new Map(
    all('SELECT key, state FROM declarations').map((row) => [String(row['key']), String(row['state'])]),
  );
  const isTaken = (state: string | undefined): boolean =>
    state !== undefined && ['accepted', 'held', 'released', 'cleared', 'exited'].includes(state);
  for (const [ref] of accepted) {
    if (states.get(ref) === 'rejected')
      say('I4', `${ref} is rejected in the ledger and accepted by the window`);
    if (exit < 2 && !isTaken(states.get(ref)))
      say('I3', `${ref} is ${states.get(ref) ?? 'absent'} in the ledger and accepted by the window`);
    if (states.get(ref) === 'prepared') say('I3', `${ref} is free in the ledger and accepted by the window`);
  }
  for (const [ref, state] of states)
    if (isTaken(state) && !accepted.has(ref)) say('I3', `${ref} is accepted in the ledger only`);
  for (const { ref, isFlawed } of rows) if (isFlawed && states.has(ref)) say('I9', `${ref} is in the ledger`);
  const versions = all(
    'SELECT d.key AS key, lower(hex(v.digest)) AS digest, b.batch AS batch, b.intended_at AS at, v.body AS body FROM versions v JOIN declarations d ON d.id = v.declaration JOIN batches b ON b.id = v.batch',
  );
  const intended = new Map(
    versions.map((row) => [
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
  for (const { id, content } of all('SELECT b.id AS id, b.content AS content FROM bodies b')) {
    const text = content instanceof Uint8Array ? inflateRawSync(content).toString('utf8') : String(content);
    const digest = createHash('sha256')
      .update(text.slice(text.indexOf('\n') + 1))
      .digest('hex');
    if (versions.some((version) => version['body'] === id && version['digest'] !== digest))
      say('I5', `body ${String(id)} is not what its digest says`);
  }
  const attempts = new Map(
    all(
      'SELECT b.batch AS batch, count(*) AS number, min(a.started_at) AS first FROM attempts a JOIN batches b ON b.id = a.batch GROUP BY b.batch',
    ).map((row) => [String(row['batch']), row]),
  );
  const requests = new Map<string, { count: number; first: number }>();
  for (const { type, key, at } of log) {
    if (type !== 'announced') continue;
    const known = requests.get(String(key));
    requests.set(String(key), { count: (known?.count ?? 0) + 1, first: known?.first ?? Number(at) });
  }
  for (const [key, { count, first }] of requests) {
    const own = attempts.get(key);
    if (Number(own?.['number'] ?? 0) < count)
      say('I13', `batch ${key}: ${count} requests, ${Number(own?.['number'] ?? 0)} attempts written down`);
    else if (Date.parse(String(own?.['first'])) > first)
      say('I13', `batch ${key} was sent before its attempt was written down`);
  }
  db.close();
}

function checkUploads(log: readonly Json[], say: Say): void {
  const payloads = new Map<string, unknown>();
  let notBefore = 0;
  for (const { type, key, body, at, ms } of log) {
    if (type === 'retry-after') notBefore = Math.max(notBefore, Number(at) + Number(ms));
    if (type === 'run') notBefore = 0;
    if (type === 'upload') {
      const known = payloads.get(String(key));
      if (known !== undefined && known !== body) say('I6', `key ${String(key)} came with two payloads`);
      payloads.set(String(key), body);
    }
    // Requests that were under way when the window said so may still arrive.
    if (type === 'announced' && Number(at) < notBefore - 20)
      say('I8', `a request came ${notBefore - Number(at)} ms too early`);
  }
}

function checkFiles({ folder, canary }: Campaign, say: Say): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('results-')) continue;
    const place = join(folder, name);
    const file = join(place, 'results.ndjson');
    if (existsSync(file)) {
      const text = readFileSync(file, 'utf8');
      if (text !== '' && !text.endsWith('\n')) say('I10', `${name} is cut off`);
    }
  }
  if (canary === undefined) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (
      entry.isFile() &&
      entry.name !== 'token' &&
      readFileSync(join(entry.parentPath, entry.name)).includes(canary)
    )
      say('I11', `${entry.name} holds the secret`);
  }
}

if (import.meta.main) {
  const found = check(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
  process.stdout.write(`${JSON.stringify(found)}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
