/** Attachments: found beside the manifest and nowhere else, checked by their bytes, named as the interface wants. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/model/canonical-json.ts';
import type { Declaration, DeclarationContent } from '../../../src/model/declaration.ts';
import { clientSeqNoOf, digestOf, parseDeclarationKey } from '../../../src/model/ids.ts';
import { openBook } from '../../../src/formats/index.ts';
import type { SourceRow } from '../../../src/model/row.ts';
import { completeDocuments } from '../../../src/window/cn-client/documents.ts';
import { pdfFacts } from '../../../src/window/cn-client/pdf.ts';
import { type Prepared, prepareMessage } from '../../../src/window/cn-client/prepare.ts';
import { form } from './contents.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'declarant-attachments-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pdf = (pages = 1, filler = 0): Buffer =>
  Buffer.from(
    `%PDF-1.4\n${'1 0 obj << /Type /Page /Parent 2 0 R >> endobj\n'.repeat(pages)}<< /Type /Pages >>\n${'x'.repeat(filler)}`,
    'latin1',
  );

function declared(attachments: readonly Record<string, string>[]): Declaration {
  const content: DeclarationContent = {
    DecHead: { IEFlag: 'I', BillNo: 'B', CustomMaster: '0908' },
    DecLists: [{ GNo: '1' }],
    EdocRealation: attachments.map((entry) => ({ EdocCode: '00000001', EdocFomatType: 'US', ...entry })),
  };
  const key = parseDeclarationKey('I/B');
  if (!key) throw new Error('no key');
  const row = { file: join(folder, 'm.csv'), line: 7 };
  const body = canonicalJson(content);
  return {
    key,
    digest: digestOf(body),
    direction: 'import',
    content,
    body,
    filled: [],
    rows: [row],
    originOf: () => ({ row, column: 3, header: '随附单据编号' }),
  };
}

/** As a run does: looked at first, then written. */
async function prepare(
  attachments: readonly Record<string, string>[],
  meanwhile: () => void = () => undefined,
): Promise<Prepared> {
  const declaration = declared(attachments);
  const { content, documents, problems } = await completeDocuments(declaration);
  meanwhile();
  const isRefused = problems.some(({ severity }) => severity === 'error');
  if (isRefused) return { clientSeqNo: clientSeqNoOf(declaration.key), problems };
  const prepared = await prepareMessage({ ...declaration, content, documents }, { form, operType: 'G' });
  return { ...prepared, problems: [...problems, ...prepared.problems] };
}
const codesOf = async (name: string): Promise<readonly string[]> =>
  (await prepare([{ EdocID: name }])).problems.map(({ code }) => code);

describe('a document that the manifest names', () => {
  test('goes into a flat zip with the message, named by office, kind and serial', async () => {
    writeFileSync(join(folder, '发票.pdf'), pdf());
    const { file, clientSeqNo } = await prepare([{ EdocID: '发票.pdf' }]);
    expect(file?.name).toBe(`${clientSeqNo}.zip`);
    const path = join(folder, 'out.zip');
    writeFileSync(path, file?.bytes ?? '');
    const book = await openBook(path);
    const rows: SourceRow[] = [];
    for (const table of book.tables) for await (const chunk of table.rows()) rows.push(...chunk);
    const entry = Object.fromEntries(
      (rows[0]?.cells ?? []).map((header, at) => [header, rows[1]?.cells[at]]),
    );
    expect(entry).toMatchObject({
      'EdocRealation.EdocCopId': '发票.pdf',
      'EdocRealation.EdocSize': String(pdf().length),
    });
    expect(entry['EdocRealation.EdocID']).toMatch(/^090800000001SW\d{18}\.pdf$/u);
    const names = file?.bytes.toString('latin1').match(/(?:D[0-9A-Z]{17}\.xml|\d{12}SW\d{18}\.pdf)/gu);
    expect(new Set(names)).toEqual(new Set([`${clientSeqNo}.xml`, entry['EdocRealation.EdocID']]));
    expect(names).toHaveLength(4);
  });

  test('has another name where its bytes are other bytes', async () => {
    const name = async (filler: number): Promise<string> => {
      writeFileSync(join(folder, 'a.pdf'), pdf(1, filler));
      const { documents } = await completeDocuments(declared([{ EdocID: 'a.pdf' }]));
      return documents[0]?.id ?? '';
    };
    const first = await name(1);
    expect(await name(2)).not.toBe(first);
    expect(await name(1)).toBe(first);
  });

  test('is not written where it changed after it was looked at', async () => {
    writeFileSync(join(folder, 'a.pdf'), pdf());
    const { problems, file } = await prepare([{ EdocID: 'a.pdf' }], () =>
      writeFileSync(join(folder, 'a.pdf'), pdf(2)),
    );
    expect(problems).toMatchObject([{ code: 'attachment/changed', row: { line: 7 } }]);
    expect(file).toBeUndefined();
  });

  test('is found in the zip again that it was written into', async () => {
    writeFileSync(join(folder, '发票.pdf'), pdf());
    const first = await prepare([{ EdocID: '发票.pdf' }]);
    const zip = join(folder, 'message.zip');
    writeFileSync(zip, first.file?.bytes ?? '');
    rmSync(join(folder, '发票.pdf'));
    const declaration = declared([]);
    const [id = ''] = first.file?.bytes.toString('latin1').match(/\d{12}SW\d{18}\.pdf/u) ?? [];
    const content = {
      ...declaration.content,
      EdocRealation: [{ EdocID: id, EdocCopId: '发票.pdf', EdocCode: '00000001', EdocFomatType: 'US' }],
    };
    const row = { file: zip, line: 2 };
    const found = await completeDocuments({
      ...declaration,
      content,
      rows: [row],
      originOf: () => ({ row }),
    });
    expect(found.problems).toEqual([]);
    expect(found.documents).toMatchObject([{ id, path: zip, inside: id }]);
    expect(found.content['EdocRealation']).toMatchObject([{ EdocCopId: '发票.pdf' }]);
    const prepared = await prepareMessage(
      { ...declaration, content: found.content, documents: found.documents },
      { form, operType: 'G' },
    );
    expect(prepared.file?.bytes.equals(first.file?.bytes ?? Buffer.alloc(0))).toBe(true);
  });

  test('gives the same bytes each time', async () => {
    writeFileSync(join(folder, 'a.pdf'), pdf());
    const [one, other] = [await prepare([{ EdocID: 'a.pdf' }]), await prepare([{ EdocID: 'a.pdf' }])];
    expect(one.file?.bytes.equals(other.file?.bytes ?? Buffer.alloc(0))).toBe(true);
  });

  test('may lie in a folder below, and be written with full-width brackets', async () => {
    mkdirSync(join(folder, 'docs'));
    writeFileSync(join(folder, 'docs', '合同（一）.pdf'), pdf());
    expect(await codesOf('docs/合同(一).pdf')).toEqual([]);
  });

  test('is missed at the cell that names it', async () => {
    const { problems, file } = await prepare([{ EdocID: 'gone.pdf' }]);
    expect(file).toBeUndefined();
    expect(problems).toMatchObject([
      { code: 'attachment/not-found', severity: 'error', column: 3, value: 'gone.pdf', row: { line: 7 } },
    ]);
  });

  test.each([
    '../secret.pdf',
    '/etc/passwd',
    'a/../../secret.pdf',
    'C:\\secret.pdf',
    '..\\secret.pdf',
    'x\u0000.pdf',
  ])('is not looked for outside the folder: %s', async (name) => {
    writeFileSync(join(tmpdir(), `${folder.slice(-6)}.pdf`), '');
    rmSync(join(tmpdir(), `${folder.slice(-6)}.pdf`));
    expect(await codesOf(name)).toEqual(['attachment/outside-folder']);
  });

  test.skipIf(process.platform === 'win32')('is not followed through a link that leads outside', async () => {
    symlinkSync('/etc/hostname', join(folder, 'link.pdf'));
    expect(await codesOf('link.pdf')).toEqual(['attachment/outside-folder']);
  });

  test('is refused where it is no PDF, an old one, a folder, or over 4 MB', async () => {
    writeFileSync(join(folder, 'text.pdf'), 'hello');
    writeFileSync(join(folder, 'old.pdf'), '%PDF-1.3\n');
    mkdirSync(join(folder, 'folder.pdf'));
    writeFileSync(join(folder, 'large.pdf'), pdf(20, 4_194_304));
    expect(await codesOf('text.pdf')).toEqual(['attachment/not-pdf']);
    expect(await codesOf('old.pdf')).toEqual(['attachment/old-pdf']);
    expect(await codesOf('folder.pdf')).toEqual(['attachment/not-readable']);
    expect(await codesOf('large.pdf')).toEqual(['attachment/too-large']);
  });

  test('is warned of where its pages are over 400 KB', async () => {
    writeFileSync(join(folder, 'scan.pdf'), pdf(2, 1_000_000));
    const { problems, file } = await prepare([{ EdocID: 'scan.pdf' }]);
    expect(problems).toMatchObject([
      { code: 'attachment/large-pages', severity: 'warning', facts: { pages: 2 } },
    ]);
    expect(file).toBeDefined();
  });

  test('has no file where it is structured', async () => {
    const { file, clientSeqNo } = await prepare([
      { EdocID: '000000000001234567', EdocCode: '10000001', EdocFomatType: 'S' },
    ]);
    expect(file?.name).toBe(`${clientSeqNo}.xml`);
    expect(file?.bytes.toString('utf8')).toContain('<EdocID>000000000001234567</EdocID>');
  });
});

describe('a PDF', () => {
  test('has its pages counted, and no page tree among them', () => {
    expect(pdfFacts(pdf(3))).toEqual({ version: '1.4', pages: 3 });
  });

  test('has pages counted that stand packed in an object stream', () => {
    const packed = deflateSync('<< /Type /Page >> << /Type/Page >>');
    const bytes = Buffer.concat([
      Buffer.from('%PDF-1.7\n1 0 obj << /Type /ObjStm /Filter /FlateDecode >>\nstream\n'),
      packed,
      Buffer.from('\nendstream'),
    ]);
    expect(pdfFacts(bytes)).toEqual({ version: '1.7', pages: 2 });
  });

  test('that is none is told', () => {
    expect(pdfFacts(Buffer.from('PK\u0003\u0004'))).toBeUndefined();
  });
});
