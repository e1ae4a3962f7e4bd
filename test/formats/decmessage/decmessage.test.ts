/** Messages as manifests: what they are recognised by, how they are laid out, and what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { zipOf } from '../../../fixtures/zip.ts';
import { messagesIn } from '../../../src/formats/decmessage/folder.ts';
import { openBook } from '../../../src/formats/index.ts';
import type { SourceRow } from '../../../src/model/row.ts';
import { Stop } from '../../../src/model/stop.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'declarant-decmessage-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const namespace = 'http://www.chinaport.gov.cn/dec';
const message = (inner: string, root = `DecMessage xmlns="${namespace}" Version="3.1"`): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${inner}</${root.split(' ')[0] ?? ''}>`;

async function read(content: string | Buffer, name = 'm.xml'): Promise<readonly SourceRow[]> {
  const file = join(folder, name);
  writeFileSync(file, content);
  const book = await openBook(file);
  try {
    expect(book.format).toBe('decmessage');
    const rows: SourceRow[] = [];
    for (const table of book.tables) for await (const chunk of table.rows()) rows.push(...chunk);
    return rows;
  } finally {
    await book.close();
  }
}

async function refused(content: string | Buffer, name?: string): Promise<string> {
  try {
    await read(content, name);
    return 'read';
  } catch (error) {
    if (error instanceof Stop) return error.code;
    throw error;
  }
}

describe('a message', () => {
  test('that is another one when it is read for good stops the run', async () => {
    const file = join(folder, 'm.xml');
    const of = (bill: string): string => message(`<DecHead><BillNo>${bill}</BillNo></DecHead>`);
    writeFileSync(file, of('B1'));
    const book = await openBook(file);
    writeFileSync(file, of('B2'));
    const rows = book.tables[0]?.rows()[Symbol.asyncIterator]();
    await expect(rows?.next()).rejects.toMatchObject({ code: 'file/changed-while-reading', exit: 3 });
    await book.close();
  });

  test('becomes one row a goods item, with entry n of every other list beside item n', async () => {
    const rows = await read(
      message(
        '<DecHead><IEFlag>I</IEFlag><BillNo>B1</BillNo></DecHead><DecLists><DecList><GNo>1</GNo></DecList><DecList><GNo>2</GNo></DecList></DecLists><DecContainers><Container><ContainerId>C1</ContainerId></Container></DecContainers>',
      ),
    );
    expect(rows).toEqual([
      { line: 1, cells: ['DecHead.IEFlag', 'DecHead.BillNo', 'DecLists.GNo', 'DecContainers.ContainerId'] },
      { line: 2, cells: ['I', 'B1', '1', 'C1'] },
      { line: 3, cells: ['', '', '2', ''] },
    ]);
  });

  test('of an export has origin and destination under their own names', async () => {
    const goods =
      '<DecLists><DecList><OriginCountry>AUS</OriginCountry><DestinationCountry>CHN</DestinationCountry></DecList></DecLists>';
    const [header, row] = await read(message(`<DecHead><IEFlag>E</IEFlag></DecHead>${goods}`));
    expect(header?.cells).toEqual([
      'DecHead.IEFlag',
      'DecLists.DestinationCountry',
      'DecLists.OriginCountry',
    ]);
    expect(row?.cells).toEqual(['E', 'AUS', 'CHN']);
  });

  test('is read by local names, with a prefix or without a namespace', async () => {
    const plain = await read(message('<DecHead><BillNo>B</BillNo></DecHead>', 'DecMessage'));
    const prefixed = await read(
      message('<d:DecHead><d:BillNo>B</d:BillNo></d:DecHead>', `d:DecMessage xmlns:d="${namespace}"`),
    );
    expect(prefixed).toEqual(plain);
  });

  test('keeps character references, CDATA and line breaks of its values', async () => {
    const rows = await read(message('<DecHead><NoteS>a&#13;\n&amp;<![CDATA[<b>]]></NoteS></DecHead>'));
    expect(rows[1]?.cells).toEqual(['a\r\n&<b>']);
  });

  test('shows a tag that the form has not, for the plan to speak of it', async () => {
    const rows = await read(message('<DecHead><BillNo>B</BillNo><NewTag>1</NewTag></DecHead>'));
    expect(rows[0]?.cells).toEqual(['DecHead.BillNo', 'DecHead.NewTag']);
  });

  test('does not take over what the protocol writes', async () => {
    const rows = await read(
      message(
        '<DecHead><BillNo>B</BillNo></DecHead><DecSign><OperType>C</OperType><ClientSeqNo>X</ClientSeqNo></DecSign>',
      ),
    );
    expect(rows[0]?.cells).toEqual(['DecHead.BillNo']);
  });

  test('is found in a zip beside its attachments', async () => {
    const zip = zipOf([
      { name: 'D1.pdf', data: '%PDF-1.4' },
      { name: 'M.XML', data: message('<DecHead><BillNo>B</BillNo></DecHead>') },
    ]);
    expect((await read(zip, 'm.zip'))[1]?.cells).toEqual(['B']);
  });
});

describe('a message is refused', () => {
  test.each([
    [
      'with a DOCTYPE',
      'message/doctype',
      '<?xml version="1.0"?><!DOCTYPE DecMessage [<!ENTITY a "b">]><DecMessage/>',
    ],
    ['cut off', 'message/not-well-formed', message('<DecHead><BillNo>B').slice(0, -14)],
    [
      'with an entity nobody declared',
      'message/not-well-formed',
      message('<DecHead><BillNo>&x;</BillNo></DecHead>'),
    ],
    [
      'in an encoding that it does not keep',
      'message/encoding',
      Buffer.concat([
        Buffer.from('<DecMessage><DecHead><BillNo>'),
        Buffer.from([0xb4, 0xf3]),
        Buffer.from('</BillNo></DecHead></DecMessage>'),
      ]),
    ],
    ['in another encoding', 'message/encoding', '<?xml version="1.0" encoding="GB2312"?><DecMessage/>'],
    [
      'with a section that it cannot have',
      'message/unknown-section',
      message('<Head><BillNo>B</BillNo></Head>'),
    ],
    [
      'with a field twice',
      'message/tag-twice',
      message('<DecHead><BillNo>B</BillNo><BillNo>C</BillNo></DecHead>'),
    ],
    ['with elements in a field', 'message/not-text', message('<DecHead><BillNo><b>B</b></BillNo></DecHead>')],
    ['with text beside fields', 'message/stray-text', message('<DecHead>B</DecHead>')],
    ['inside another document', 'message/other-root', '<Envelope><DecMessage/></Envelope>'],
  ])('%s', async (_, code, content) => {
    expect(await refused(content)).toBe(code);
  });

  test('when its zip holds two', async () => {
    const zip = zipOf([
      { name: 'a.xml', data: message('') },
      { name: 'b.xml', data: message('') },
    ]);
    expect(await refused(zip, 'm.zip')).toBe('message/not-one-in-zip');
  });

  test('when it nests deeper than anything honest does', async () => {
    expect(await refused(message('<DecLists>'.repeat(300)))).toMatch(/^message\//u);
  });
});

test('a folder stands for the messages in it, by name, and for nothing else', async () => {
  for (const name of ['b.xml', 'a.zip', 'note.txt']) writeFileSync(join(folder, name), '');
  expect(await messagesIn(folder)).toEqual([join(folder, 'a.zip'), join(folder, 'b.xml')]);
  expect(await messagesIn(join(folder, 'b.xml'))).toBeUndefined();
});
