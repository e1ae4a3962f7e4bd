/** The odd text tables under `fixtures/sheets/csv`: each is read, or refused, exactly as its entry says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAll, stopOf } from './reading.ts';

type Expected = {
  readonly oddity: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly rows?: readonly (readonly [number, readonly string[]])[];
  readonly stop?: { readonly code: string; readonly facts?: Readonly<Record<string, unknown>> };
  readonly problems?: readonly string[];
};

const folder = join(import.meta.dirname, '../../../fixtures/sheets/csv');
const sheets = Object.entries(
  JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>,
);

describe('odd text tables', () => {
  const readable = sheets.filter(([, { rows }]) => rows !== undefined);
  const refused = sheets.filter(([, { stop }]) => stop !== undefined);

  it.each(readable)('reads every cell of %s', async (name, expected) => {
    const { rows, book } = await readAll(join(folder, name));
    expect(rows).toEqual(expected.rows);
    const { encoding, delimiter } = book.decisions;
    expect({ encoding, delimiter }).toMatchObject({
      ...(expected.encoding === undefined ? {} : { encoding: expected.encoding }),
      ...(expected.delimiter === undefined ? {} : { delimiter: expected.delimiter }),
    });
    expect(book.problems.map(({ code }) => code)).toEqual(expected.problems ?? []);
  });

  it.each(refused)('refuses %s with the reason', async (name, expected) => {
    const stop = await stopOf(readAll(join(folder, name)));
    expect(stop.code).toBe(expected.stop?.code);
    expect(stop.exit).toBe(3);
    expect(stop.facts).toMatchObject(expected.stop?.facts ?? {});
  });

  it('covers every file of the folder in one way or the other', () => {
    expect(readable.length + refused.length).toBe(sheets.length);
  });
});
