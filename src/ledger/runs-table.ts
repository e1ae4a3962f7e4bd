/** The tables of runs, their files, and the cursors into the windows' events. */
import { parseRunId } from '../model/ids.ts';
import type { RunId } from '../model/ids.ts';
import { RowReader } from './cells.ts';
import { sumOf } from './checksum.ts';
import type { Database, Row, Statement } from './database.ts';
import type { RunEntry } from './ledger.ts';

type RunFile = RunEntry['files'][number];
type NumberedRun = { readonly number: number; readonly entry: RunEntry };

export class RunsTable {
  readonly #file: string;
  readonly #byRun: Statement;
  readonly #byId: Statement;
  readonly #newest: Statement;
  readonly #insert: Statement;
  readonly #end: Statement;
  readonly #files: Statement;
  readonly #insertFile: Statement;
  readonly #stripFile: Statement;
  readonly #cursor: Statement;
  readonly #setCursor: Statement;
  readonly #seen = new Map<number, RunId>();

  constructor(db: Database) {
    this.#file = db.file;
    this.#byRun = db.prepare('SELECT * FROM runs WHERE run = ?');
    this.#byId = db.prepare('SELECT * FROM runs WHERE id = ?');
    this.#newest = db.prepare('SELECT * FROM runs ORDER BY id DESC LIMIT ?');
    this.#insert = db.prepare('INSERT INTO runs VALUES (?, ?, ?, ?, ?, NULL, NULL, NULL, ?)');
    this.#end = db.prepare('UPDATE runs SET ended_at = ?, exit = ?, summary = ?, sum = ? WHERE id = ?');
    this.#files = db.prepare('SELECT * FROM run_files WHERE run = ? ORDER BY position');
    this.#insertFile = db.prepare('INSERT INTO run_files VALUES (?, ?, ?, ?, ?)');
    this.#stripFile = db.prepare("UPDATE run_files SET file = '', sum = ? WHERE run = ? AND position = ?");
    this.#cursor = db.prepare('SELECT * FROM cursors WHERE window = ?');
    this.#setCursor = db.prepare('INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)');
  }

  insert(run: number, entry: RunEntry): void {
    this.#insert.run(run, entry.run, entry.command, entry.pack, entry.startedAt, runSum(entry));
    for (const [position, { file, digest }] of entry.files.entries()) {
      this.#insertFile.run(run, position, file, digest, sumOf([run, position, file, digest]));
    }
  }

  end(
    run: RunId,
    ended: { readonly endedAt: string; readonly exit: number; readonly summary: string },
  ): void {
    const { number, entry } = this.#found(run);
    this.#end.run(ended.endedAt, ended.exit, ended.summary, runSum({ ...entry, ...ended }), number);
  }

  newest(limit: number): readonly RunEntry[] {
    return this.#newest.all(limit).map((row) => this.#read(row).entry);
  }

  /** Deletes the summaries and file names of the runs that ended before; returns their numbers. */
  stripBefore(endedAt: string): readonly number[] {
    const stripped: number[] = [];
    for (const row of this.#newest.all(-1)) {
      const { number, entry } = this.#read(row);
      const { endedAt: ended, exit } = entry;
      if (ended === undefined || exit === undefined || ended >= endedAt) continue;
      const files = entry.files.map(({ digest }) => ({ file: '', digest }));
      for (const [position, { file, digest }] of files.entries()) {
        this.#stripFile.run(sumOf([number, position, file, digest]), number, position);
      }
      this.#end.run(ended, exit, '', runSum({ ...entry, files, summary: '' }), number);
      stripped.push(number);
    }
    return stripped;
  }

  /** A run that was never begun is a defect. */
  numberOf(run: RunId): number {
    return this.#found(run).number;
  }

  find(run: RunId): number | undefined {
    const row = this.#byRun.get(run);
    return row === undefined ? undefined : this.#read(row).number;
  }

  /** Its absence is damage. */
  idOf(number: number): RunId {
    const seen = this.#seen.get(number);
    if (seen !== undefined) return seen;
    const { run } = this.#read(this.#byId.get(number) ?? {}).entry;
    this.#seen.set(number, run);
    return run;
  }

  cursor(window: string): string {
    const row = this.#cursor.get(window);
    if (row === undefined) return '';
    const reader = new RowReader(row, this.#file, 'cursors');
    const cursor = reader.text('cursor');
    reader.checkSum(sumOf([window, cursor]));
    return cursor;
  }

  setCursor(window: string, cursor: string): void {
    this.#setCursor.run(window, cursor, sumOf([window, cursor]));
  }

  #found(run: RunId): NumberedRun {
    const row = this.#byRun.get(run);
    if (row === undefined) throw new Error(`no run ${run} was begun in this ledger`);
    return this.#read(row);
  }

  #read(row: Row): NumberedRun {
    const reader = new RowReader(row, this.#file, 'runs');
    const endedAt = reader.optionalText('ended_at');
    const exit = reader.optionalNumber('exit');
    const summary = reader.optionalText('summary');
    const number = reader.number('id');
    const entry: RunEntry = {
      run: reader.parsed('run', parseRunId(reader.text('run'))),
      command: reader.text('command'),
      pack: reader.text('pack'),
      files: this.#files.all(number).map((file) => this.#readFile(file)),
      startedAt: reader.text('started_at'),
      ...(endedAt === null ? {} : { endedAt }),
      ...(exit === null ? {} : { exit }),
      ...(summary === null ? {} : { summary }),
    };
    reader.checkSum(runSum(entry));
    return { number, entry };
  }

  #readFile(row: Row): RunFile {
    const reader = new RowReader(row, this.#file, 'run_files');
    const found = { file: reader.text('file'), digest: reader.text('digest') };
    reader.checkSum(sumOf([reader.number('run'), reader.number('position'), found.file, found.digest]));
    return found;
  }
}

/** Covers the files too: one that vanished is missed. */
function runSum({ run, command, pack, files, startedAt, endedAt, exit, summary }: RunEntry): number {
  const named = files.flatMap(({ file, digest }) => [file, digest]);
  return sumOf([run, command, pack, startedAt, endedAt ?? null, exit ?? null, summary ?? null, ...named]);
}
