/** A real import against a window in another process, recorded call by call, and what of it the power cut leaves. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FaultOptions } from '../soak/fault-window.ts';
import { manifest, type Manifest } from '../soak/manifest.ts';
import { type Promises, setUp, startFaultWindow } from '../soak/place.ts';
import { allLost, Disk } from './disk.ts';
import { requestsIn, type Sent } from './requests.ts';
import { callsIn, underStrace, type Call } from './strace.ts';

export const root = join(import.meta.dirname, '../..');

export type Recording = {
  /** Where the run worked; its paths are in the calls. */
  readonly folder: string;
  readonly port: number;
  readonly kind: FaultOptions['kind'];
  readonly input: Manifest;
  readonly calls: readonly Call[];
  readonly posts: readonly Sent[];
  /** Of them, those of which the window said that it took nothing. */
  readonly refused: ReadonlySet<Sent>;
  readonly code: number | null;
  readonly stderr: string;
};

export type RecordOptions = {
  readonly kind: FaultOptions['kind'];
  readonly declarations: number;
  readonly program?: string;
  readonly script?: readonly string[];
  /** Which calls fail, as strace is told it. */
  readonly inject?: string;
};

/** Patient, for a busy machine; where the settle time is waited out, as short as the rules allow. */
function promisesOf(kind: FaultOptions['kind']): Promises {
  return kind === 'lookup'
    ? { settle: 3, timeout: 1.5, perSecond: 0 }
    : { settle: 30, timeout: 15, perSecond: 0 };
}

export const perRequest = 3;

/** The caller removes the folder. */
export async function record({
  kind,
  declarations,
  program,
  script,
  inject,
}: RecordOptions): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-断电-'));
  const input = manifest(declarations);
  const log = join(folder, 'window.jsonl');
  const window = await startFaultWindow({
    kind,
    log,
    seed: 1,
    faults: 0,
    lateMs: 100,
    perRequest,
    ...(script === undefined ? {} : { script }),
  });
  setUp({ folder, address: window.address, kind, promises: promisesOf(kind) }, input);
  const trace = join(folder, 'trace.txt');
  const launcher = program ?? join(root, 'bin/declarant.js');
  const words = [
    launcher,
    'import',
    'manifest.csv',
    '--yes',
    '--quiet',
    '--wait',
    '20',
    '--out',
    'results-0',
  ];
  const { code, stderr } = await underStrace({
    folder,
    words,
    trace,
    ...(inject === undefined ? {} : { inject }),
  });
  await window.close();
  const calls = callsIn(trace, folder);
  rmSync(trace);
  const posts = requestsIn(calls).filter(({ method }) => method === 'POST');
  const refused = refusedIn(log, posts);
  const port = Number(new URL(window.address).port);
  return { folder, port, kind, input, calls, posts, refused, code, stderr };
}

/** By the window's own log: the n-th upload under a key there is the n-th POST with it here. */
function refusedIn(log: string, posts: readonly Sent[]): ReadonlySet<Sent> {
  const lines: readonly Readonly<Record<string, unknown>>[] = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const refused = new Set<Sent>();
  const seen = new Map<string, number>();
  for (const [index, { type, key }] of lines.entries()) {
    if (type !== 'upload') continue;
    const before = seen.get(String(key)) ?? 0;
    seen.set(String(key), before + 1);
    const ofKey = posts.filter(
      ({ target, headers }) => target.endsWith('/declarations') && headers.get('idempotency-key') === key,
    );
    const post = ofKey[before];
    if (lines[index + 1]?.['fault'] === '503' && post !== undefined) refused.add(post);
  }
  return refused;
}

/** What each POST of a batch went out without: its intent or its attempt, if the power had failed before its first byte. */
export function sentTooEarly({ folder, calls, posts }: Recording): readonly string[] {
  const disk = new Disk(folder);
  const early: string[] = [];
  for (const [index, call] of calls.entries()) {
    for (const post of posts.filter(({ first }) => first === index)) {
      const place = mkdtempSync(join(tmpdir(), 'declarant-left-'));
      disk.after(allLost, place);
      const key = post.headers.get('idempotency-key') ?? '';
      const announced = posts.filter(
        ({ target, headers, first }) =>
          target === '/v1/batches' && headers.get('idempotency-key') === key && first <= index,
      ).length;
      const wrong = whatIsMissing(join(place, 'ledger.db'), key, { post, announced });
      if (wrong !== undefined) early.push(`${post.target}: ${wrong}`);
      rmSync(place, { recursive: true });
    }
    disk.apply(call);
  }
  return early;
}

/** By SQL, as the checker of the soak reads it: no code of the program. */
function whatIsMissing(
  file: string,
  key: string,
  { post: { target, body }, announced }: { readonly post: Sent; readonly announced: number },
): string | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    const count = (sql: string): number => Number(db?.prepare(sql).get(key)?.['n']);
    if (count('SELECT count(*) AS n FROM batches WHERE batch = ?') !== 1) return 'no intent';
    const ofBatch = 'JOIN batches b ON b.id = x.batch WHERE b.batch = ?';
    if (count(`SELECT count(*) AS n FROM attempts x ${ofBatch}`) < announced) return 'no attempt';
    const written = count(`SELECT count(*) AS n FROM versions x ${ofBatch}`);
    const lines = body.toString('utf8').trimEnd().split('\n').length;
    return target.endsWith('/declarations') && written !== lines
      ? `${written} of ${lines} declarations`
      : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'no ledger';
  } finally {
    db?.close();
  }
}
