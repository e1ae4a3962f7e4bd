/** Opening files: what is recognised by its bytes, what is refused and how, standard input, digests, changes under way. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBook, openStdin } from '../../../src/formats/index.ts';
import { spool } from '../../../src/formats/stdin.ts';
import { readAll, readContent, rowsOf, stopOf, withFile } from './reading.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The beginning of a zip, with the names that its directory would hold. */
const zip = (...names: string[]): Buffer =>
  latin1(`PK\x03\x04${'\0'.repeat(26)}${names.join('\0')}PK\x05\x06`);

/** The header of a compound file, and a directory with these stream names. */
function compound(...names: string[]): Buffer {
  const header = Buffer.alloc(512);
  header.write('d0cf11e0a1b11ae1', 'hex');
  header.writeUInt16LE(9, 30);
  const directory = names.map((name) => {
    const entry = Buffer.alloc(128);
    entry.write(name, 'utf16le');
    return entry;
  });
  return Buffer.concat([header, ...directory]);
}

describe('what a file is', () => {
  const foreign: readonly (readonly [string, string, Buffer])[] = [
    ['an old .xls', 'file/legacy-xls', compound('Root Entry', 'Workbook')],
    ['an Excel 4 sheet', 'file/legacy-xls', latin1('\x09\x04\x06\x00\x00\x00')],
    [
      'a workbook with a password',
      'file/encrypted',
      compound('Root Entry', 'EncryptionInfo', 'EncryptedPackage'),
    ],
    ['an old Word document', 'file/other-document', compound('Root Entry', 'WordDocument')],
    ['an .xlsb', 'file/xlsb', zip('[Content_Types].xml', 'xl/workbook.bin')],
    [
      'an .ods',
      'file/ods',
      latin1(`PK\x03\x04${'\0'.repeat(26)}mimetypeapplication/vnd.oasis.opendocument.spreadsheet`),
    ],
    ['a Word document', 'file/other-document', zip('[Content_Types].xml', 'word/document.xml')],
    ['a zip of other things', 'file/archive', zip('a.csv', 'b.csv')],
    ['a gzip', 'file/archive', latin1('\x1f\x8b\x08\0\0\0\0\0')],
    ['a PDF', 'file/pdf', latin1('%PDF-1.7\n')],
    ['a PNG', 'file/image', latin1('\x89PNG\r\n\x1a\n\0\0')],
    ['a web page named .xls', 'file/html-table', Buffer.from('\uFEFF \n<HTML xmlns:x="urn:x"><table>')],
    ['a JSON file', 'file/other-document', Buffer.from('{\n "rows": []\n}\n')],
    ['an XML spreadsheet', 'file/xml', Buffer.from('<?xml version="1.0"?><Workbook/>')],
    ['nothing but NULs', 'file/binary', Buffer.alloc(100_000)],
    ['big-endian UTF-32', 'file/utf-32', Buffer.from('0000feff00000061', 'hex')],
  ];

  it.each(foreign)('is recognised by its bytes: %s', async (_what, code, content) => {
    const stop = await stopOf(readContent(content));
    expect(stop).toMatchObject({ code, exit: 3 });
  });

  it('is what --input-format says, where it says so', async () => {
    const html = await stopOf(readContent('<html>,b\n1,2\n'));
    expect(html.code).toBe('file/html-table');
    const { rows } = await readContent('<html>,b\n1,2\n', { format: 'CSV' });
    expect(rows).toEqual([
      [1, ['<html>', 'b']],
      [2, ['1', '2']],
    ]);
  });

  it('is never a format that does not exist', async () => {
    const stop = await stopOf(readContent('a,b\n', { format: 'dbf' }));
    expect(stop).toMatchObject({
      code: 'file/unknown-format',
      exit: 2,
      facts: { format: 'dbf', known: expect.arrayContaining(['csv', 'xlsx']) as string[] },
    });
  });
});

describe('a path', () => {
  it('that leads nowhere is refused', async () => {
    expect(await stopOf(openBook(join(tmpdir(), 'no', 'such', '清单.csv')))).toMatchObject({
      code: 'file/not-found',
      exit: 3,
    });
  });

  it('with a NUL in it is refused like one that leads nowhere', async () => {
    expect((await stopOf(openBook('a\0.csv'))).code).toBe('file/not-found');
  });

  it('to a folder is refused', async () => {
    expect((await stopOf(openBook(tmpdir()))).code).toBe('file/not-a-file');
  });

  it.skipIf(process.platform === 'win32')(
    'to a named pipe or a device is refused without waiting',
    async () => {
      await withFile('', async (path) => {
        const pipe = `${path}.pipe`;
        execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
        expect((await stopOf(openBook(pipe))).code).toBe('file/not-a-file');
      });
      expect((await stopOf(openBook('/dev/zero'))).code).toBe('file/not-a-file');
    },
  );

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'without permission is refused',
    async () => {
      await withFile('a,b\n', async (path) => {
        execFileSync('chmod', ['000', path]);
        expect(await stopOf(openBook(path))).toMatchObject({
          code: 'file/not-readable',
          facts: { reason: 'EACCES' },
        });
      });
    },
  );

  it.each([
    ['~$清单.xlsx', '清单.xlsx'],
    ['.~lock.清单.csv#', '清单.csv'],
  ])('to the lock file %s is refused, naming the file itself', async (name, original) => {
    const stop = await withFile('x', (path) => stopOf(openBook(path)), name);
    expect(stop).toMatchObject({ code: 'file/lock-file', facts: { original } });
  });

  it('in Chinese, with spaces, is read', async () => {
    const { rows } = await withFile('a,b\n', (path) => readAll(path), '大连 进口（一）.csv');
    expect(rows).toHaveLength(1);
  });
});

describe('a book', () => {
  it('has the SHA-256 of the bytes, asked for before or after the reading', async () => {
    const content = Buffer.from('a,b\r\n1,"x\ny"\r\n');
    const expected = createHash('sha256').update(content).digest('hex');
    await withFile(content, async (path) => {
      const book = await openBook(path);
      expect(await book.digest()).toBe(expected);
      await rowsOf(book);
      expect(await book.digest()).toBe(expected);
      await book.close();
      const other = await openBook(path);
      await rowsOf(other);
      expect(await other.digest()).toBe(expected);
      await other.close();
    });
  });

  it('can be read twice, and given up half-way', async () => {
    await withFile('a,b\n'.repeat(2000), async (path) => {
      const book = await openBook(path);
      for await (const chunk of book.tables[0]?.rows() ?? []) {
        expect(chunk.length).toBeLessThan(2000);
        break;
      }
      expect(await rowsOf(book)).toHaveLength(2000);
      await book.close();
    });
  });

  it('gives at most 500 rows at a time', async () => {
    await withFile('a,b\n'.repeat(1700), async (path) => {
      const book = await openBook(path);
      const sizes: number[] = [];
      for await (const chunk of book.tables[0]?.rows() ?? []) sizes.push(chunk.length);
      await book.close();
      expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
      expect(sizes.length).toBeGreaterThan(3);
    });
  });

  it('whose file grows while it is read is refused', async () => {
    await withFile('a,b\n'.repeat(2000), async (path) => {
      const book = await openBook(path);
      appendFileSync(path, 'c,d\n');
      expect((await stopOf(rowsOf(book))).code).toBe('file/changed-while-reading');
      await book.close();
    });
  });

  it('whose file is rewritten in place with as many bytes is refused', async () => {
    await withFile('a,b\n', async (path) => {
      const book = await openBook(path);
      const { mtimeNs } = statSync(path, { bigint: true });
      do writeFileSync(path, 'c,d\n');
      while (statSync(path, { bigint: true }).mtimeNs === mtimeNs);
      expect((await stopOf(rowsOf(book))).code).toBe('file/changed-while-reading');
      await book.close();
    });
  });

  it.skipIf(process.platform === 'win32')('whose file is replaced while it is read is refused', async () => {
    await withFile('a,b\n', async (path) => {
      const book = await openBook(path);
      writeFileSync(`${path}.new`, 'a,b\n');
      renameSync(`${path}.new`, path);
      expect((await stopOf(rowsOf(book))).code).toBe('file/changed-while-reading');
      await book.close();
    });
  });
});

async function* stream(...parts: readonly string[]): AsyncGenerator<Buffer, void, undefined> {
  for (const part of parts) yield Buffer.from(part);
}

const temporaryFolders = (): string[] => readdirSync(tmpdir());

describe('standard input', () => {
  const { env } = process;
  const kept = { TMPDIR: env['TMPDIR'], TEMP: env['TEMP'], TMP: env['TMP'] };
  let own = '';
  beforeEach(() => {
    own = mkdtempSync(join(tmpdir(), 'declarant-test-'));
    Object.assign(env, { TMPDIR: own, TEMP: own, TMP: own });
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(kept)) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
    rmSync(own, { recursive: true });
  });

  it('is read under the name "-", and its temporary file is removed', async () => {
    const book = await openStdin(stream('品名,数', '量\n阀门,1\n'), { format: 'csv' });
    expect(book.file).toBe('-');
    expect(await rowsOf(book)).toEqual([
      [1, ['品名', '数量']],
      [2, ['阀门', '1']],
    ]);
    expect(temporaryFolders()).toHaveLength(1);
    await book.close();
    expect(temporaryFolders()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('is kept where nobody else can read it', async () => {
    const spooled = await spool(stream('a,b\n'));
    const modes = [spooled.path, dirname(spooled.path)].map((path) => statSync(path).mode & 0o777);
    await spooled.remove();
    expect(modes).toEqual([0o600, 0o700]);
  });

  it('is named "-" in a refusal too, and leaves nothing behind', async () => {
    const early = await stopOf(openStdin(stream('%PDF-1.4')));
    expect(early).toMatchObject({ code: 'file/pdf', facts: { file: '-' } });
    const book = await openStdin(stream('a,b\n"1"x\n'));
    const late = await stopOf(rowsOf(book));
    await book.close();
    expect(late).toMatchObject({ code: 'file/text-after-quote', facts: { file: '-' } });
    expect(temporaryFolders()).toEqual([]);
  });

  it('without end is refused at its limit', async () => {
    expect(await stopOf(spool(stream('12345', '67890'), 9))).toMatchObject({
      code: 'file/too-large',
      facts: { limit: 9 },
    });
  });
});

describe('the catalogue', () => {
  it('has texts for every code that the readers of files emit', () => {
    const root = join(import.meta.dirname, '../../..');
    const source = readdirSync(join(root, 'src/formats'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(root, 'src/formats', name), 'utf8'))
      .join('\n');
    const emitted = new Set([...source.matchAll(/'(file\/[a-z0-9-]+)'/gu)].map(([, code]) => code));
    const catalogue: unknown = JSON.parse(
      readFileSync(join(root, 'schemas/declarant/problems/file.json'), 'utf8'),
    );
    expect(Object.keys(Object(catalogue))).toEqual(expect.arrayContaining([...emitted]));
    expect(emitted.size).toBeGreaterThan(30);
  });
});
