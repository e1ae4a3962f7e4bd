/** The table of declaration keys. */
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { KeyTable, ownerOf } from '../../src/pipeline/key-table.ts';

describe('KeyTable', () => {
  test('remembers every key with its first place, whatever the order and number of keys', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 6 }), { maxLength: 3000 }), (keys) => {
        const table = new KeyTable();
        const first = new Map<string, number>();
        for (const [line, key] of keys.entries()) {
          const known = table.add(key, { table: 3, line });
          expect(known?.line).toBe(first.get(key));
          if (!first.has(key)) first.set(key, line);
        }
        expect(table.size).toBe(first.size);
        for (const [key, line] of first) expect(table.get(key)).toMatchObject({ table: 3, line });
      }),
      { numRuns: 50 },
    );
  });

  test('tells 20,000 keys apart, those it holds and those it does not, each with its own place and owner', () => {
    const table = new KeyTable();
    const keys = Array.from({ length: 20_000 }, (_, at) => `D2026${at}`);
    for (const [line, key] of keys.entries())
      expect(table.add(key, { table: line % 3, line, rows: 2, owner: key })).toBeUndefined();
    expect(table.size).toBe(keys.length);
    for (const [line, key] of keys.entries())
      expect(table.get(key)).toEqual({ table: line % 3, line, rows: 2, owner: ownerOf(key) });
    for (const key of keys) expect(table.get(`${key}X`)).toBeUndefined();
  });

  test('counts the rows of a key over several groups', () => {
    const table = new KeyTable();
    table.add('A', { table: 0, line: 2, rows: 2 });
    table.add('A', { table: 0, line: 9, rows: 3 });
    expect(table.get('A')?.rows).toBe(5);
  });

  test('tells who had a number first', () => {
    const table = new KeyTable();
    table.add('D0', { table: 0, line: 2, owner: 'I/A' });
    expect(table.add('D0', { table: 0, line: 9, owner: 'I/B' })?.owner).toBe(ownerOf('I/A'));
    expect(ownerOf('I/A')).not.toBe(ownerOf('I/B'));
  });

  test('does not know a key that was never added', () => {
    expect(new KeyTable().get('A')).toBeUndefined();
  });
});
