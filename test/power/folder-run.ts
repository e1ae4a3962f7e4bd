/** A real import into the import client's folders, recorded call by call. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { manifest } from '../soak/manifest.ts';
import { allLost, Disk } from './disk.ts';
import { root } from './recording.ts';
import { callsIn, underStrace, type Call } from './strace.ts';

export type FolderRun = {
  readonly folder: string;
  readonly calls: readonly Call[];
  /** Places in the list of calls: a message gets the name under which the client takes it. */
  readonly renames: readonly number[];
  readonly code: number | null;
  readonly stderr: string;
};

/** The caller removes the folder. */
export async function recordFolderRun(declarations: number, program?: string): Promise<FolderRun> {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-断电-'));
  for (const name of ['OutBox', 'SentBox', 'InBox', 'FailBox'])
    mkdirSync(join(folder, 'client', name), { recursive: true });
  writeFileSync(join(folder, 'manifest.csv'), manifest(declarations).csv);
  const trace = join(folder, 'trace.txt');
  const launcher = program ?? join(root, 'bin/declarant.js');
  const words = [
    launcher,
    'import',
    'manifest.csv',
    '--yes',
    '--quiet',
    '--wait',
    '0',
    '--ledger',
    'ledger.db',
  ];
  const { code, stderr } = await underStrace({
    folder,
    words: [...words, '--window', 'cn-client', '--root', 'client'],
    trace,
  });
  const calls = callsIn(trace, folder);
  rmSync(trace);
  const renames = calls.flatMap((call, index) =>
    call.call === 'rename' && basename(dirname(call.to)) === 'OutBox' ? [index] : [],
  );
  return { folder, calls, renames, code, stderr };
}

/** What each message was given its name without, if the power had failed just before. */
export function renamedTooEarly({ folder, calls, renames }: FolderRun): readonly string[] {
  const disk = new Disk(folder);
  const early: string[] = [];
  for (const [index, call] of calls.entries()) {
    if (renames.includes(index) && call.call === 'rename') {
      const place = mkdtempSync(join(tmpdir(), 'declarant-left-'));
      disk.after(allLost, place);
      const wrong = whatIsMissing(place, basename(call.to, '.xml'));
      if (wrong !== undefined) early.push(`${basename(call.to)}: ${wrong}`);
      rmSync(place, { recursive: true });
    }
    disk.apply(call);
  }
  return early;
}

function whatIsMissing(place: string, stem: string): string | undefined {
  const journal = readdirSync(place).find((name) => /^cn-client-.*\.db$/u.test(name));
  if (journal === undefined) return 'no journal';
  const sent = ask(join(place, journal), 'SELECT * FROM sent WHERE stem = ?', stem);
  const message = sent?.['message'];
  if (sent?.['phase'] !== 'placing' || !(message instanceof Uint8Array)) return 'not in the journal';
  const intent = ask(
    join(place, 'ledger.db'),
    `SELECT a.number AS attempt FROM versions v JOIN batches b ON b.id = v.batch JOIN attempts a ON a.batch = b.id
     WHERE lower(hex(v.digest)) = ?`,
    String(sent['digest']),
  );
  if (intent === undefined) return 'not in the ledger';
  const file = readdirSync(join(place, 'client', 'OutBox')).find((name) => name.startsWith(`${stem}.xml.`));
  const bytes = file === undefined ? undefined : readFileSync(join(place, 'client', 'OutBox', file));
  return bytes?.equals(message) === true ? undefined : 'not whole on the disk';
}

function ask(file: string, sql: string, value: string): Record<string, unknown> | undefined {
  const db = new DatabaseSync(file);
  try {
    return db.prepare(sql).get(value);
  } catch {
    return undefined;
  } finally {
    db.close();
  }
}
