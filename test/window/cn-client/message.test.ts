/** The message: what it says, that it is read back without loss, and that it follows the official schema. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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
import { anyContent, comparable, form, inFolder, readBack, validIn } from './contents.ts';
import { at, fieldOf, foundDifferences, knownDifferences } from './differences.ts';
import { hasSchema, readSchema, schemaFile, type SchemaElement } from './xsd.ts';

const manifests = join(import.meta.dirname, '../../../fixtures/manifests');
const hasXmllint = spawnSync('xmllint', ['--version']).error === undefined;
const why = !hasSchema
  ? 'the official schema is not at hand: set DECLARANT_OFFICIAL_SCHEMA'
  : !hasXmllint
    ? 'xmllint is not installed'
    : '';
if (why !== '') process.stderr.write(`not validated against the official schema: ${why}\n`);

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

describe.runIf(why === '')('the official schema of 2018', () => {
  const schema = hasSchema ? readSchema() : undefined;
  const known = knownDifferences();
  const excused = new Set(known.flatMap(({ where }) => where));

  test('has the sections and tags of message.json, in its order', () => {
    const compare = (section: MessageSection, above: SchemaElement | undefined): void => {
      const element = at(above, section.element);
      if (section.tags.length === 0) return;
      const names = element?.children.map(({ name }) => name) ?? [];
      const inner = new Set(section.nested.map((nested) => nested.element[0]));
      expect(section.tags).toEqual(names.filter((name) => !inner.has(name)));
      for (const nested of section.nested)
        expect(names[names.indexOf(nested.element[0]) - 1]).toBe(nested.after);
      const mandatory = element?.children
        .filter(({ isMandatory, name }) => isMandatory && !inner.has(name))
        .map(({ name }) => name);
      expect([...section.always]).toEqual(mandatory);
      for (const nested of section.nested) compare(nested, element);
    };
    for (const section of form.sections) compare(section, schema);
    const tops = [
      ...new Set(form.sections.filter(({ tags }) => tags.length > 0).map(({ element }) => element[0])),
    ];
    expect(tops).toEqual(schema?.children.map(({ name }) => name));
    const required = form.sections.filter(({ isRequired }) => isRequired).map(({ element }) => element[0]);
    expect(required.concat('EdocRealation')).toEqual(
      schema?.children.filter(({ isMandatory }) => isMandatory).map(({ name }) => name),
    );
  });

  test('differs from what a check lets pass in the known differences, and in nothing else', () => {
    if (!schema) throw new Error('no schema');
    const listed = known
      .flatMap(({ kind, where }) => (kind === 'signed-by-client' ? [] : where))
      .filter((where) => where.includes(' '));
    const found = foundDifferences(form, pack, schema);
    expect([...found].filter((each) => !excused.has(each))).toEqual([]);
    expect(listed.filter((each) => !found.has(each) && each !== 'DecSign.SignDate pattern')).toEqual([]);
  });

  test('knows no element that is called later, and has each that is called abandoned', () => {
    const pathsOf = (section: MessageSection, above: SchemaElement | undefined): string[] => {
      const element = at(above, section.element);
      return [
        ...(element?.children ?? []).map(({ name }) => `${section.segment}.${name}`),
        ...section.nested.flatMap((inner) => pathsOf(inner, element)),
      ];
    };
    const paths = new Set(form.sections.flatMap((section) => pathsOf(section, schema)));
    expect(ofKind('later').filter((path) => paths.has(path) || !fieldOf(pack, path))).toEqual([]);
    expect(ofKind('abandoned').filter((path) => !paths.has(path) || fieldOf(pack, path))).toEqual([]);
  });

  test.each(['dalian-air-imports.xlsx', 'dalian-sea-exports.xlsx', 'flawed-air-imports.mended.xlsx'])(
    'passes the messages of %s but for the known differences',
    async (manifest) => {
      await inFolder(async (folder) => {
        const declarations = await validIn(join(manifests, manifest));
        expect(declarations.length).toBeGreaterThan(5);
        const files = declarations.map(({ content, key }) => {
          const file = join(folder, `${clientSeqNoOf(key)}.xml`);
          writeFileSync(
            file,
            writeDecMessage(content, { form, clientSeqNo: clientSeqNoOf(key), operType: 'G' }),
          );
          return file;
        });
        expect(validityErrors(files).filter((error) => !isExcused(error, excused))).toEqual([]);
      });
    },
  );

  test('finds a message whose elements stand in another order', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'wrong.xml');
      writeFileSync(
        file,
        write({ DecHead: { IEFlag: 'I', BillNo: 'B' } })
          .replace('<IEFlag>I</IEFlag>\n', '')
          .replace('<BillNo>', '<IEFlag>I</IEFlag>\n<BillNo>'),
      );
      expect(validityErrors([file]).filter((error) => !isExcused(error, excused))).not.toEqual([]);
      return Promise.resolve();
    });
  });
});

test('the known differences are all in docs/message.md', () => {
  const file = join(import.meta.dirname, '../../../docs/message.md');
  expect(existsSync(file)).toBe(true);
  const page = readFileSync(file, 'utf8');
  const missing = knownDifferences().flatMap(({ where, why: { zh, en } }) =>
    [zh, en, ...where].filter((said) => !page.includes(said)),
  );
  expect(missing).toEqual([]);
});

function ofKind(kind: string): readonly string[] {
  return knownDifferences().find((each) => each.kind === kind)?.where ?? [];
}

function validityErrors(files: readonly string[]): readonly string[] {
  try {
    execFileSync('xmllint', ['--noout', '--schema', schemaFile, ...files], {
      stdio: 'pipe',
      maxBuffer: 1 << 26,
    });
    return [];
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    return said.split('\n').filter((line) => line.includes('validity error'));
  }
}

/** An error names an element without its parent: the difference must be known for a field with that tag. */
function isExcused(error: string, excused: ReadonlySet<string>): boolean {
  if (/Element '[^']*DecMessage': Missing child element\(s\)/u.test(error))
    return excused.has('EdocRealation');
  const [, tag, facet] = /Element '(?:\{[^}]*\})?([^']+)': \[facet '(\w+)'\]/u.exec(error) ?? [];
  return [...excused].some((where) => where.endsWith(`.${tag ?? ''} ${facet ?? ''}`));
}
