/** The odd workbooks under `fixtures/sheets/xlsx`: each is read, or refused, exactly as its entry says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Expected } from '../../../fixtures/making/xlsx-expected.ts';
import { readFile, stopOf } from './reading.ts';

const folder = join(import.meta.dirname, '../../../fixtures/sheets/xlsx');
const books = Object.entries(
  JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>,
);

describe('odd workbooks', () => {
  const readable = books.filter(([, { tables }]) => tables !== undefined);
  const refused = books.filter(([, { stop }]) => stop !== undefined);

  it.each(readable)('reads every cell of %s', async (name, expected) => {
    const { tables, problems } = await readFile(join(folder, name));
    expect(tables).toEqual(expected.tables);
    expect(problems).toEqual(expected.problems ?? []);
  });

  it.each(refused)('refuses %s with the reason', async (name, expected) => {
    const stop = await stopOf(readFile(join(folder, name)));
    expect(stop.code).toBe(expected.stop?.code);
    expect(stop.exit).toBe(3);
    expect(stop.facts).toMatchObject({ ...expected.stop?.facts, file: join(folder, name) });
  });

  it('covers every file of the folder in one way or the other', () => {
    const files = readdirSync(folder).filter((name) => name !== 'expected.json');
    expect(files.toSorted()).toEqual(books.map(([name]) => name).toSorted());
    expect(readable.length + refused.length).toBe(books.length);
  });
});
