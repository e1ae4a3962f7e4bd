/** The scanner against csv-parse, against itself in other pieces, and at its limits. */
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScanner } from '../../../src/formats/csv/scan.ts';
import type { ReadLimits } from '../../../src/formats/format.ts';
import { readLimits } from '../../../src/formats/limits.ts';
import { Stop } from '../../../src/model/stop.ts';
import type { ReadRow } from './reading.ts';

function scan(pieces: readonly string[], delimiter = ',', limits: Partial<ReadLimits> = {}): ReadRow[] {
  const scanner = createScanner({ file: 'x.csv', delimiter, line: 1, limits: readLimits(limits) });
  const rows = pieces.flatMap((piece) => scanner.add(piece));
  rows.push(...scanner.finish());
  return rows.map(({ line, cells }) => [line, cells]);
}

/** What came of it, a refusal being one of the outcomes. */
function outcome(pieces: readonly string[], delimiter?: string, limits?: Partial<ReadLimits>): unknown {
  try {
    return scan(pieces, delimiter, limits);
  } catch (error) {
    if (error instanceof Stop) return { code: error.code, facts: error.facts };
    throw error;
  }
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const delimiter = fc.constantFrom(',', ';', '\t', '|');
const cell = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({
      unit: fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', ' ', 'a', '7', '品', '𠮷', ''),
      maxLength: 8,
    }),
    fc.constantFrom('', '0012', '310120260000000001', 'ABC TRADING CO., LTD'),
  )
  .map((text) => text.replaceAll('\0', '0'));

function printed(text: string, separator: string, isQuoted: boolean): string {
  const mustQuote = isQuoted || /["\r\n]/u.test(text) || text.includes(separator);
  return mustQuote ? `"${text.replaceAll('"', '""')}"` : text;
}

const table = fc
  .tuple(
    delimiter,
    fc.array(fc.tuple(fc.array(fc.tuple(cell, fc.boolean()), { minLength: 1, maxLength: 6 }), lineEnd), {
      maxLength: 8,
    }),
    fc.boolean(),
  )
  .map(([separator, rows, endsOpen]) => {
    const text = rows
      .map(
        ([cells, end]) =>
          cells.map(([value, isQuoted]) => printed(value, separator, isQuoted)).join(separator) + end,
      )
      .join('');
    return { separator, text: endsOpen ? text.replace(/(?:\r\n|\r|\n)$/u, '') : text, rows };
  });

function pieces(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

describe('scanner', () => {
  it('reads back every table that was printed', () => {
    fc.assert(
      fc.property(table, ({ separator, text, rows }) => {
        const values = rows.map(([cells]) => cells.map(([value]) => value));
        expect(scan([text], separator).map(([, cells]) => cells)).toEqual(
          values.filter((cells) => cells.some((value) => value !== '')),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('reads the cells that csv-parse reads', () => {
    fc.assert(
      fc.property(table, ({ separator, text }) => {
        const reference: string[][] = parse(text, {
          delimiter: separator,
          relax_column_count: true,
          record_delimiter: ['\r\n', '\n', '\r'],
          skip_empty_lines: true,
        });
        expect(scan([text], separator).map(([, cells]) => cells)).toEqual(
          reference.filter((cells) => cells.some((value) => value !== '')),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('refuses what csv-parse refuses, but for the bare quote inside a cell', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', '品'), maxLength: 14 });
    fc.assert(
      fc.property(text, (content) => {
        let reference: string[][] | undefined;
        try {
          reference = parse(content, {
            relax_column_count: true,
            record_delimiter: ['\r\n', '\n', '\r'],
            skip_empty_lines: true,
          });
        } catch {
          reference = undefined;
        }
        const ours = outcome([content]);
        // A quote inside an unquoted cell is the only thing that csv-parse refuses and we read.
        const isExplained =
          reference === undefined ? !Array.isArray(ours) || /[^",\r\n]"/u.test(content) : Array.isArray(ours);
        expect(isExplained).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives the same rows, lines and refusals whatever pieces the text comes in', () => {
    const wild = fc.string({
      unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' ', '\0', '𠮷'),
      maxLength: 40,
    });
    const text = fc.oneof(
      table.map((made) => made.text),
      wild,
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (content, size) => {
        expect(outcome(pieces(content, size))).toEqual(outcome([content]));
      }),
      { numRuns: 1500 },
    );
  });

  it('counts every physical line, inside quotes too', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(lineEnd, lineEnd), { minLength: 1, maxLength: 8 }), (ends) => {
        const text = ends.map(([inner, end]) => `"a${inner}b",c${end}`).join('');
        expect(scan([text]).map(([line]) => line)).toEqual(ends.map((_, index) => index * 2 + 1));
      }),
    );
  });

  it('stops at the first column over the limit, not at the end of the row', () => {
    const scanner = createScanner({
      file: 'x.csv',
      delimiter: ',',
      line: 1,
      limits: readLimits({ columns: 10 }),
    });
    expect(() => scanner.add(','.repeat(11))).toThrow('file/too-many-columns');
  });

  it('lets a row of exactly the most columns pass', () => {
    expect(scan([`${'x,'.repeat(9)}x`], ',', { columns: 10 })).toHaveLength(1);
  });

  it('refuses a cell over the limit, quoted or not, and names it', () => {
    const facts = { line: 2, column: 'B', characters: 6, limit: 5 };
    for (const text of ['a,b\n1,xxxxxx\n', 'a,b\n1,"xxxxxx"\n']) {
      expect(outcome([text], ',', { cellCharacters: 5 })).toMatchObject({
        code: 'file/cell-too-long',
        facts,
      });
    }
  });

  it('refuses a row over the limit in bytes', () => {
    expect(outcome(['a\n', '品品,品品\n'], ',', { recordBytes: 12 })).toMatchObject({
      code: 'file/record-too-long',
      facts: { line: 2, limit: 12 },
    });
  });

  it('keeps a row of exactly the most bytes', () => {
    expect(scan(['品品,品品\n'], ',', { recordBytes: 13 })).toHaveLength(1);
  });

  it('gives up on an unclosed quote at the row limit and names the line where it opened', () => {
    const scanner = createScanner({
      file: 'x.csv',
      delimiter: ',',
      line: 1,
      limits: readLimits({ recordBytes: 1000 }),
    });
    let added = 0;
    const feed = (): void => {
      for (scanner.add('a,b\n1,"open\n'); added < 100_000; added += 12) scanner.add('more, lines\n');
    };
    expect(feed).toThrow(
      expect.objectContaining({
        code: 'file/unclosed-quote',
        facts: { file: 'x.csv', line: 2, column: 'B', limit: 1000 },
      }),
    );
    expect(added).toBeLessThan(1100);
  });

  it('refuses more rows than the limit', () => {
    expect(outcome(['a\nb\nc\n'], ',', { rows: 2 })).toMatchObject({
      code: 'file/too-many-rows',
      facts: { line: 3 },
    });
  });
});
