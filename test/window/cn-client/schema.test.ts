/** The message against the official schema of 2018, where that and libxml2 are at hand. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clientSeqNoOf, type DeclarationKey, parseDeclarationKey } from '../../../src/model/ids.ts';
import type { MessageSection } from '../../../src/model/message-form.ts';
import { writeDecMessage } from '../../../src/window/cn-client/dec-message.ts';
import { pack } from '../../pipeline/trial-run.ts';
import { form, inFolder, validIn } from './contents.ts';
import { at, fieldOf, foundDifferences, knownDifferences } from './differences.ts';
import { isExcused, unvalidated, validityErrors } from './validity.ts';
import { hasSchema, readSchema, type SchemaElement } from './xsd.ts';

const manifests = join(import.meta.dirname, '../../../fixtures/manifests');

describe.runIf(unvalidated === '')('the official schema of 2018', () => {
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

  test.each([
    'dalian-air-imports.xlsx',
    'dalian-sea-exports.xlsx',
    'qingdao-sea-imports.xlsx',
    'shanghai-air-exports.csv',
    'flawed-air-imports.mended.xlsx',
  ])('passes the messages of %s but for the known differences', async (manifest) => {
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
  });

  test('finds a message whose elements stand in another order', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'wrong.xml');
      writeFileSync(
        file,
        writeDecMessage(
          { DecHead: { IEFlag: 'I', BillNo: 'B' } },
          { form, clientSeqNo: clientSeqNoOf(keyOf('I/B')), operType: 'G' },
        )
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

function keyOf(text: string): DeclarationKey {
  const key = parseDeclarationKey(text);
  if (!key) throw new Error('no key');
  return key;
}
