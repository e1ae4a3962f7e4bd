/** The message: what it says, and that it is read back without loss. */
import { join } from 'node:path';
import { assert, asyncProperty, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeclarationContent } from '../../../src/model/declaration.ts';
import {
  clientSeqNoOf,
  type DeclarationKey,
  parseClientSeqNo,
  parseDeclarationKey,
} from '../../../src/model/ids.ts';
import type { MessageSection } from '../../../src/model/message-form.ts';
import { orphansIn, writeDecMessage } from '../../../src/window/cn-client/dec-message.ts';
import { isXmlText } from '../../../src/window/cn-client/escape.ts';
import { pack } from '../../pipeline/trial-run.ts';
import { anyContent, comparable, form, readBack, validIn } from './contents.ts';

const manifests = join(import.meta.dirname, '../../../fixtures/manifests');
function keyOf(text: string): DeclarationKey {
  const key = parseDeclarationKey(text);
  if (!key) throw new Error('no key');
  return key;
}
const clientSeqNo = clientSeqNoOf(keyOf('I/TEST0001'));
const write = (content: DeclarationContent, more: { version?: string; namespace?: string } = {}): string =>
  writeDecMessage(content, { form, clientSeqNo, operType: 'G', ...more });

describe('ClientSeqNo', () => {
  test('has 18 characters and is the same for the same key', () => {
    assert(
      property(string({ minLength: 1, maxLength: 200 }), (text) => {
        const key = parseDeclarationKey(text);
        if (!key) return;
        const number = clientSeqNoOf(key);
        expect(number).toMatch(/^D[0-9A-Z]{17}$/u);
        expect(clientSeqNoOf(key)).toBe(number);
        expect(parseClientSeqNo(number)).toBe(number);
      }),
    );
  });

  test('differs for 20,000 keys that differ in a digit', () => {
    const numbers = new Set(
      Array.from({ length: 20_000 }, (_, index) => clientSeqNoOf(keyOf(`I/MAWB${index}`))),
    );
    expect(numbers.size).toBe(20_000);
  });

  test('never changes from one version of the program to the next', () => {
    expect(clientSeqNo).toBe('DHNAOG4596YXFY118I');
  });
});

describe('a message', () => {
  test('has the sections that the schema asks for, and no others without content', () => {
    expect(write({ DecHead: { IEFlag: 'I' }, DecLists: [] })).toMatch(
      /<\/DecHead>\n<DecLists>\n<\/DecLists>\n<DecContainers>\n<\/DecContainers>\n<DecLicenseDocus>\n<\/DecLicenseDocus>\n<DecFreeTxt>\n<\/DecFreeTxt>\n<DecSign>\n<OperType>G<\/OperType>\n<ClientSeqNo>[^]*<\/DecSign>\n<\/DecMessage>\n$/u,
    );
  });

  test('exchanges origin and destination for an export, and only there', () => {
    const goods = [{ OriginCountry: 'CHN', DestinationCountry: 'AUS' }];
    expect(write({ DecHead: { IEFlag: 'E' }, DecLists: goods })).toContain(
      '<OriginCountry>AUS</OriginCountry>',
    );
    expect(write({ DecHead: { IEFlag: 'E' }, DecLists: goods })).toContain(
      '<DestinationCountry>CHN</DestinationCountry>',
    );
    expect(write({ DecHead: { IEFlag: 'I' }, DecLists: goods })).toContain(
      '<OriginCountry>CHN</OriginCountry>',
    );
  });

  test('escapes what XML would misread, and keeps every line break', () => {
    expect(write({ DecHead: { NoteS: 'a<b>&"]]>\r\n' } })).toContain(
      '<NoteS>a&lt;b&gt;&amp;&quot;]]&gt;&#13;\n</NoteS>',
    );
  });

  test('bears the version and the namespace that the office chose', () => {
    expect(write({}, { version: '4.8', namespace: 'urn:x&y' })).toContain(
      '<DecMessage xmlns="urn:x&amp;y" Version="4.8">',
    );
  });

  test('nests licences in their goods item and vehicles in their licence', () => {
    const xml = write({
      DecLists: [{ GNo: '1' }, { GNo: '2' }],
      DecGoodsLimits: [{ GoodsNo: '2', LicTypeCode: '11', LicenceNo: 'L' }],
      DecGoodsLimitVin: [{ LicTypeCode: '11', LicenceNo: 'L', VinNo: '7' }],
    });
    expect(xml).toMatch(
      /<GNo>2<\/GNo>[^]*<DecGoodsLimits>\n<DecGoodsLimit>\n<GoodsNo>2<\/GoodsNo>[^]*<DecGoodsLimitVin>[^]*<VinNo>7<\/VinNo>[^]*<\/DecGoodsLimit>\n<\/DecGoodsLimits>\n<\/DecList>/u,
    );
    expect(xml.match(/<DecGoodsLimit>/gu)).toHaveLength(1);
  });

  test('names licences and vehicles that belong to nothing', () => {
    const lost = orphansIn(
      {
        DecLists: [{ GNo: '1' }],
        DecGoodsLimits: [{ GoodsNo: '3' }],
        DecGoodsLimitVin: [{ LicTypeCode: '1', LicenceNo: 'x' }],
      },
      form,
    );
    expect(lost).toEqual([
      { segment: 'DecGoodsLimits', index: 0, tag: 'GoodsNo' },
      { segment: 'DecGoodsLimitVin', index: 0, tag: 'LicTypeCode' },
    ]);
  });

  test('has a place for every field of the pack', () => {
    const places = new Set(
      form.sections.flatMap(function tags(section: MessageSection): string[] {
        return [...section.tags, ...section.later]
          .map((tag) => `${section.segment}.${tag}`)
          .concat(section.nested.flatMap(tags));
      }),
    );
    expect([...pack.fields.keys()].filter((path) => !places.has(path))).toEqual(['Declarant.Reference']);
  });

  test('tells characters that XML cannot hold from those that it can', () => {
    expect(['\u0000', '\u001f', '\ud800', '\ufffe', '\uffff'].map(isXmlText)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(isXmlText('\t\n\r 大𠮷\u0085')).toBe(true);
  });
});

describe('a message read back', () => {
  test('says what was written, whatever segments and characters it holds', async () => {
    await assert(
      asyncProperty(anyContent, async (content) => {
        expect(comparable(await readBack(write(content)))).toEqual(comparable(content));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test.each(['dalian-air-imports.xlsx', 'dalian-sea-exports.xlsx'])('says what %s says', async (manifest) => {
    for (const { content } of (await validIn(join(manifests, manifest))).slice(0, 10)) {
      expect(comparable(await readBack(write(content)))).toEqual(comparable(content));
    }
  });
});
