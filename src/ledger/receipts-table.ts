/** The tables of receipts: every word of the window, kept whole and once, also those about declarations that we never lodged. */
import type { DeclarationKey } from '../model/ids.ts';
import type { Receipt } from '../model/receipt.ts';
import { isLodgementState, type LodgementState } from '../model/state.ts';
import { RowReader } from './cells.ts';
import { sumOf } from './checksum.ts';
import type { Database, Row, Statement } from './database.ts';

export type ReceiptRow = {
  readonly id: number;
  readonly declaration: number;
  /** The version of the declaration that it speaks of. */
  readonly version: number;
  readonly receipt: string;
  readonly state: LodgementState | undefined;
  readonly recordedAt: string;
  /** The receipt as JSON; absent once purged. */
  readonly raw: string | undefined;
};

export class ReceiptsTable {
  readonly #file: string;
  readonly #ofDeclaration: Statement;
  readonly #known: Statement;
  readonly #insert: Statement;
  readonly #insertStray: Statement;
  readonly #strays: Statement;
  readonly #countStrays: Statement;
  readonly #strip: Statement;
  readonly #deleteStrays: Statement;

  constructor(db: Database) {
    this.#file = db.file;
    this.#ofDeclaration = db.prepare('SELECT * FROM receipts WHERE declaration = ? ORDER BY id');
    this.#known = db.prepare('SELECT id FROM receipts WHERE declaration = ? AND receipt = ?');
    this.#insert = db.prepare(
      'INSERT INTO receipts (declaration, version, receipt, state, recorded_at, raw, sum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#insertStray = db.prepare('INSERT OR IGNORE INTO stray_receipts VALUES (?, ?, ?, ?, ?)');
    this.#strip = db.prepare('UPDATE receipts SET raw = NULL, sum = ? WHERE id = ?');
    this.#deleteStrays = db.prepare('DELETE FROM stray_receipts WHERE recorded_at < ?');
    this.#countStrays = db.prepare('SELECT count(*) AS number FROM stray_receipts');
    this.#strays = db.prepare('SELECT * FROM stray_receipts ORDER BY key, receipt LIMIT ?');
  }

  /** In the order in which they were stored. */
  ofDeclaration(declaration: number): readonly ReceiptRow[] {
    return this.#ofDeclaration.all(declaration).map((row) => this.#read(row));
  }

  /** False where this receipt was stored before. */
  insert(row: Omit<ReceiptRow, 'id'>): boolean {
    const { declaration, version, receipt, state, recordedAt, raw } = row;
    if (this.#known.get(declaration, receipt) !== undefined) return false;
    this.#insert.run(declaration, version, receipt, state ?? null, recordedAt, raw ?? null, receiptSum(row));
    return true;
  }

  /** Leaves id and state: the same receipt is still known when it comes again. */
  strip(row: ReceiptRow): void {
    this.#strip.run(receiptSum({ ...row, raw: undefined }), row.id);
  }

  /** Returns how many there were. */
  deleteStraysBefore(recordedAt: string): number {
    return this.#deleteStrays.run(recordedAt);
  }

  /** A receipt for a key that this ledger has never held: kept and shown, never acted upon. */
  insertStray(receipt: Receipt, recordedAt: string): void {
    const raw = JSON.stringify(receipt);
    this.#insertStray.run(
      receipt.key,
      receipt.id,
      recordedAt,
      raw,
      sumOf([receipt.key, receipt.id, recordedAt, raw]),
    );
  }

  countStrays(): number {
    return new RowReader(this.#countStrays.get() ?? {}, this.#file, 'stray_receipts').number('number');
  }

  strays(limit: number): readonly Receipt[] {
    return this.#strays.all(limit).map((row) => {
      const reader = new RowReader(row, this.#file, 'stray_receipts');
      const raw = reader.text('raw');
      reader.checkSum(sumOf([reader.text('key'), reader.text('receipt'), reader.text('recorded_at'), raw]));
      return parseReceipt(raw);
    });
  }

  #read(row: Row): ReceiptRow {
    const reader = new RowReader(row, this.#file, 'receipts');
    const state = reader.optionalText('state');
    const found: ReceiptRow = {
      id: reader.number('id'),
      declaration: reader.number('declaration'),
      version: reader.number('version'),
      receipt: reader.text('receipt'),
      state: state !== null && isLodgementState(state) ? state : undefined,
      recordedAt: reader.text('recorded_at'),
      raw: reader.optionalText('raw') ?? undefined,
    };
    reader.checkSum(receiptSum(found));
    return found;
  }
}

/** What is left of a purged receipt is its id and its state. */
export function receiptOf(row: ReceiptRow, key: DeclarationKey): Receipt {
  if (row.raw !== undefined) return parseReceipt(row.raw);
  const bare = { key, id: row.receipt, at: row.recordedAt, problems: [] };
  return row.state === undefined ? bare : { ...bare, state: row.state };
}

function receiptSum({
  declaration,
  version,
  receipt,
  state,
  recordedAt,
  raw,
}: Omit<ReceiptRow, 'id'>): number {
  return sumOf([declaration, version, receipt, state ?? null, recordedAt, raw ?? null]);
}

/** A text that the ledger wrote from a `Receipt`, its sum proved. */
function parseReceipt(json: string): Receipt {
  const receipt: Receipt = JSON.parse(json);
  return receipt;
}
