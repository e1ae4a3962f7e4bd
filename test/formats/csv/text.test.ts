/** What a text table's bytes mean: encodings found, named and refused, delimiters, and hostile files of real size. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readContent, rowsOf, stopOf, withFile } from './reading.ts';
import { openBook } from '../../../src/formats/index.ts';
import { Stop } from '../../../src/model/stop.ts';

/** 报关单号,品名 ⏎ in GB18030. */
const gbHeader = Buffer.from('b1a8b9d8b5a5bac52cc6b7c3fb0a', 'hex');

describe('an encoding', () => {
  it('is shown with the first line as proof', async () => {
    const { book } = await readContent(Buffer.concat([gbHeader, Buffer.from('A,B\n')]));
    expect(book.decisions).toMatchObject({
      encoding: 'gb18030',
      encodingBy: 'likely',
      encodingProof: '报关单号,品名',
    });
  });

  it('is decided by the whole file: a mebibyte of ASCII does not make GB18030 bad UTF-8', async () => {
    const content = Buffer.concat([Buffer.from(`${'A'.repeat(99)},1\n`.repeat(11_000)), gbHeader]);
    const { rows, book } = await readContent(content);
    expect(book.decisions['encoding']).toBe('gb18030');
    expect(rows.at(-1)).toEqual([11_001, ['报关单号', '品名']]);
  });

  it('is UTF-8 whatever character lies across the ends of blocks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 8 }), async (shift) => {
        const text = `${'x'.repeat(shift)}${'a𠮷品é\n'.repeat(25_000)}`;
        const { rows, book } = await readContent(text);
        expect(book.decisions['encoding']).toBe('utf-8');
        expect(rows).toHaveLength(25_000);
        expect(rows.every(([, cells]) => cells[0]?.endsWith('a𠮷品é'))).toBe(true);
      }),
      { numRuns: 9 },
    );
  });

  it('named by the user wins over what is likely', async () => {
    const { rows, book } = await readContent(Buffer.from('Caf\xe9,No\xebl\n', 'latin1'), {
      encoding: 'latin1',
    });
    expect(rows).toEqual([[1, ['Café', 'Noël']]]);
    expect(book.decisions).toMatchObject({ encoding: 'windows-1252', encodingBy: 'option' });
  });

  it('that does not exist is a mistake of usage', async () => {
    expect(await stopOf(readContent('a\n', { encoding: 'klingon' }))).toMatchObject({
      code: 'file/unknown-encoding-label',
      exit: 2,
    });
  });

  it('named against the byte order mark is a mistake of usage', async () => {
    expect(await stopOf(readContent('\uFEFFa\n', { encoding: 'gbk' }))).toMatchObject({
      code: 'file/encoding-contradicted',
      exit: 2,
      facts: { encoding: 'gbk', mark: 'utf-8' },
    });
  });

  it('named utf-16 reads both byte orders', async () => {
    const little = Buffer.from('\uFEFF品,1\n', 'utf16le');
    for (const content of [little, Buffer.from(little).swap16()]) {
      expect((await readContent(content, { encoding: 'utf-16' })).rows).toEqual([[1, ['品', '1']]]);
    }
  });

  it('that a byte does not belong to is refused with the byte and the line, however far into the file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40_000 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (before, end) => {
          const row = `ab${end}`;
          const good = `品名${end}${row.repeat(before)}xyz`;
          const content = Buffer.concat([
            Buffer.from(`\uFEFF${good}`),
            Buffer.from([0xff]),
            Buffer.from(row.repeat(9)),
          ]);
          const stop = await stopOf(readContent(content));
          expect(stop).toMatchObject({
            code: 'file/bad-encoding',
            facts: { encoding: 'utf-8', line: before + 2, offset: Buffer.byteLength(good) + 3 },
          });
        },
      ),
      { numRuns: 8 },
    );
  });

  it('never yields a character that stands for a lost one', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        bytes,
        fc.constantFrom('utf-8', 'big5', 'shift_jis', 'euc-kr'),
        async (content, encoding) => {
          fc.pre(!Buffer.from(content).includes('\uFFFD'));
          const { rows } = await readContent(content, { format: 'csv', encoding }).catch(() => ({
            rows: [],
          }));
          expect(JSON.stringify(rows)).not.toContain('\uFFFD');
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a delimiter', () => {
  it('is the one of the most consistent width, not the most frequent', async () => {
    const { book } = await readContent('单号|尺寸\nA|1,2,3,4,5\nB|1,2\nC|9\n');
    expect(book.decisions).toMatchObject({ delimiter: '|', delimiterBy: 'width' });
  });

  it('is found in spite of a title above and notes below', async () => {
    const body = Array.from({ length: 20 }, (_, line) => `A${line}\tx\ty\n`).join('');
    const { book } = await readContent(`进口货物清单,大连\n\n${body}备注：请核对，谢谢\n`);
    expect(book.decisions['delimiter']).toBe('\t');
  });

  it('is the tab in a .tsv of one column', async () => {
    const decisions = await withFile(
      'a\n1\n',
      async (path) => {
        const book = await openBook(path);
        await book.close();
        return book.decisions;
      },
      'x.tsv',
    );
    expect(decisions).toMatchObject({ delimiter: '\t', delimiterBy: 'none' });
  });

  it('named by a sep= line wins over every count', async () => {
    const { rows, book } = await readContent('SEP=|\na,b|c,d\n1,2|3,4\n');
    expect(book.decisions).toMatchObject({
      delimiter: '|',
      delimiterBy: 'sep-line',
      encodingProof: 'a,b|c,d',
    });
    expect(rows[0]).toEqual([2, ['a,b', 'c,d']]);
  });
});

describe('a hostile file', () => {
  it('of eight million commas is refused at the first column too many', async () => {
    const stop = await stopOf(readContent(Buffer.alloc(8_000_000, ',')));
    expect(stop).toMatchObject({ code: 'file/too-many-columns', facts: { line: 1, limit: 2048 } });
  });

  it('of one quote and eight megabytes is refused with the line of the quote', async () => {
    const content = Buffer.concat([Buffer.from('a,b\n1,"'), Buffer.alloc(8_000_000, 'x,\n')]);
    const stop = await stopOf(readContent(content));
    expect(stop).toMatchObject({
      code: 'file/unclosed-quote',
      facts: { line: 2, column: 'B', limit: 1_048_576 },
    });
  });

  it('of one line of eight megabytes is refused at the row limit', async () => {
    const stop = await stopOf(readContent(Buffer.alloc(8_000_000, 'x')));
    expect(stop).toMatchObject({ code: 'file/record-too-long', facts: { line: 1 } });
  });

  it('of eight million empty lines holds nothing and takes no memory for it', async () => {
    await withFile(Buffer.concat([Buffer.from('a\n'), Buffer.alloc(8_000_000, '\n')]), async (path) => {
      const book = await openBook(path);
      expect(await rowsOf(book)).toEqual([[1, ['a']]]);
      await book.close();
    });
  });

  it('of random bytes is read or refused, and never breaks the reader', async () => {
    const text = fc.string({
      unit: fc.constantFrom('"', ',', ';', '\t', '\r', '\n', 's', 'e', 'p', '=', '\0', '品', '\uFEFF'),
      maxLength: 30,
    });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      text.map((made) => Buffer.from(made)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (content, isForced) => {
        const outcome = await readContent(content, isForced ? { format: 'csv' } : {}).then(
          () => 'read',
          (error: unknown) => (error instanceof Stop ? 'refused' : error),
        );
        expect(['read', 'refused']).toContain(outcome);
      }),
      { numRuns: 150 },
    );
  });
});
