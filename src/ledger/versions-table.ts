/** The tables of versions and bodies: what was to be sent under a key, each time it was intended, kept for good. */
import type { Filled } from '../model/declaration.ts';
import { digestOf, parseDigest } from '../model/ids.ts';
import type { Digest } from '../model/ids.ts';
import type { Rows } from '../model/row.ts';
import { RowReader } from './cells.ts';
import { pack, sumOf, unpack } from './checksum.ts';
import type { Database, Row, Statement } from './database.ts';
import { rowsFromJson, rowsToJson } from './rows.ts';

export type VersionRow = {
  /** The declaration's number. */
  readonly declaration: number;
  /** From 1, one more for each time it was intended. */
  readonly number: number;
  readonly batch: number;
  /** Its place in the batch, from 0. */
  readonly position: number;
  readonly digest: Digest;
  readonly rows: Rows;
  /** Absent once purged. */
  readonly body: number | undefined;
  readonly intendedAt: string;
};

export type Content = { readonly body: string; readonly filled: readonly Filled[] };

export class VersionsTable {
  readonly #file: string;
  readonly #get: Statement;
  readonly #ofDigest: Statement;
  readonly #ofBatch: Statement;
  readonly #ofDeclaration: Statement;
  readonly #strip: Statement;
  readonly #deleteBody: Statement;
  readonly #insert: Statement;
  readonly #body: Statement;
  readonly #insertBody: Statement;

  constructor(db: Database) {
    this.#file = db.file;
    this.#get = db.prepare('SELECT * FROM versions WHERE declaration = ? AND number = ?');
    this.#ofDigest = db.prepare(
      'SELECT * FROM versions WHERE declaration = ? AND digest = ? ORDER BY number DESC LIMIT 1',
    );
    this.#ofBatch = db.prepare('SELECT * FROM versions WHERE batch = ? ORDER BY position');
    this.#ofDeclaration = db.prepare('SELECT * FROM versions WHERE declaration = ? ORDER BY number');
    this.#strip = db.prepare(
      'UPDATE versions SET rows = ?, body = NULL, sum = ? WHERE declaration = ? AND number = ?',
    );
    this.#deleteBody = db.prepare('DELETE FROM bodies WHERE id = ?');
    this.#insert = db.prepare('INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#body = db.prepare('SELECT * FROM bodies WHERE id = ?');
    this.#insertBody = db.prepare('INSERT INTO bodies VALUES (?, ?, ?)');
  }

  /** Its absence is damage. */
  get(declaration: number, number: number): VersionRow {
    return this.#read(this.#get.get(declaration, number) ?? {});
  }

  /** The newest version with that content. */
  ofDigest(declaration: number, digest: Digest): VersionRow | undefined {
    const row = this.#ofDigest.get(declaration, Buffer.from(digest, 'hex'));
    return row === undefined ? undefined : this.#read(row);
  }

  /** In the batch's order. */
  ofBatch(batch: number): readonly VersionRow[] {
    return this.#ofBatch.all(batch).map((row) => this.#read(row));
  }

  /** Oldest first. */
  ofDeclaration(declaration: number): readonly VersionRow[] {
    return this.#ofDeclaration.all(declaration).map((row) => this.#read(row));
  }

  /** Deletes its body and the name of its file; digest and line numbers stay. */
  strip(row: VersionRow): void {
    const [first, ...others] = row.rows.map(({ line }) => ({ file: '', line }));
    if (first === undefined) return;
    const stripped: VersionRow = { ...row, rows: [first, ...others], body: undefined };
    this.#strip.run(rowsToJson(stripped.rows), versionSum(stripped), row.declaration, row.number);
    if (row.body !== undefined) this.#deleteBody.run(row.body);
  }

  insert(row: VersionRow): void {
    this.#insert.run(
      row.declaration,
      row.number,
      row.batch,
      row.position,
      Buffer.from(row.digest, 'hex'),
      rowsToJson(row.rows),
      row.body ?? null,
      row.intendedAt,
      versionSum(row),
    );
  }

  insertContent(id: number, { body, filled }: Content): void {
    const json = JSON.stringify(filled);
    this.#insertBody.run(id, pack(`${json}\n${body}`), sumOf([id, json]));
  }

  /** The very text that was digested, proved by its digest; nothing once it is purged. */
  content(version: VersionRow): Content | undefined {
    if (version.body === undefined) return undefined;
    const reader = new RowReader(this.#body.get(version.body) ?? {}, this.#file, 'bodies');
    const content = reader.parsed('content', unpack(reader.cell('content')));
    // JSON holds no line feed of its own, so the first one divides.
    const end = content.indexOf('\n');
    const body = content.slice(end + 1);
    if (digestOf(body) !== version.digest) reader.fail('content');
    const filled = content.slice(0, end);
    reader.checkSum(sumOf([version.body, filled]));
    return { body, filled: parseFilled(filled) };
  }

  #read(row: Row): VersionRow {
    const reader = new RowReader(row, this.#file, 'versions');
    const found: VersionRow = {
      declaration: reader.number('declaration'),
      number: reader.number('number'),
      batch: reader.number('batch'),
      position: reader.number('position'),
      digest: reader.parsed('digest', parseDigest(reader.hex('digest'))),
      rows: reader.parsed('rows', rowsFromJson(reader.text('rows'))),
      body: reader.optionalNumber('body') ?? undefined,
      intendedAt: reader.text('intended_at'),
    };
    reader.checkSum(versionSum(found));
    return found;
  }
}

function versionSum(row: VersionRow): number {
  const { declaration, number, batch, position, digest, rows, body, intendedAt } = row;
  return sumOf([declaration, number, batch, position, digest, rowsToJson(rows), body ?? null, intendedAt]);
}

/** A text that `insertContent` wrote, its sum proved. */
function parseFilled(json: string): readonly Filled[] {
  const filled: readonly Filled[] = JSON.parse(json);
  return filled;
}
