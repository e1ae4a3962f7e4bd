/** Reads the ledger's columns back into typed values; what cannot have been written by us is damage. */
import type { Cell, Row } from './database.ts';
import { damaged } from './storage-failures.ts';

/** One row being read: knows its table and its file for the message of a stop. */
export class RowReader {
  readonly #row: Row;
  readonly #file: string;
  readonly #table: string;

  constructor(row: Row, file: string, table: string) {
    this.#row = row;
    this.#file = file;
    this.#table = table;
  }

  text(column: string): string {
    const value = this.#row[column];
    return typeof value === 'string' ? value : this.fail(column);
  }

  optionalText(column: string): string | null {
    return this.#row[column] === null ? null : this.text(column);
  }

  number(column: string): number {
    const value = this.#row[column];
    return typeof value === 'number' ? value : this.fail(column);
  }

  optionalNumber(column: string): number | null {
    return this.#row[column] === null ? null : this.number(column);
  }

  /** Lower-case hexadecimal digits. */
  hex(column: string): string {
    const value = this.#row[column];
    return value instanceof Uint8Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
      : this.fail(column);
  }

  cell(column: string): Cell | undefined {
    return this.#row[column];
  }

  /** The value that a parser made of a column, or a stop where it made none. */
  parsed<T>(column: string, value: T | undefined): T {
    return value === undefined ? this.fail(column) : value;
  }

  /** Throws where the sum of what was read is not the sum that was stored. */
  checkSum(sum: number): void {
    if (this.#row['sum'] !== sum) this.fail('sum');
  }

  fail(column: string): never {
    throw damaged(this.#file, `${this.#table}.${column}`);
  }
}
