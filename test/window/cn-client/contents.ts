/** Contents of declarations: those of a manifest, those that a message is read back as, and arbitrary ones with every segment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Arbitrary,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
  string,
  stringMatching,
  tuple,
  uniqueArray,
} from 'fast-check';
import { openBook } from '../../../src/formats/index.ts';
import type { Declaration, DeclarationContent, SegmentContent } from '../../../src/model/declaration.ts';
import { loadMessageForm } from '../../../src/pack/message-form.ts';
import type { Field } from '../../../src/pack/pack.ts';
import { build } from '../../../src/pipeline/build.ts';
import { group } from '../../../src/pipeline/group.ts';
import { planBook } from '../../../src/pipeline/plan-book.ts';
import { pack, trial } from '../../pipeline/trial-run.ts';

export const form = loadMessageForm('cn-goods-declaration');

/** Works in a folder of its own, which is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-message-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The declarations of a file that pass every check. */
export async function validIn(file: string): Promise<readonly Declaration[]> {
  const book = await openBook(file);
  try {
    const found: Declaration[] = [];
    await trial([book], {
      take: async (declaration) => {
        found.push(declaration);
        return [];
      },
    });
    return found;
  } finally {
    await book.close();
  }
}

/** What the road makes of a message before it judges it. */
export async function readBack(xml: string): Promise<DeclarationContent> {
  return await inFolder(async (folder) => {
    const file = join(folder, 'message.xml');
    writeFileSync(file, xml);
    const book = await openBook(file);
    try {
      const { tables } = await planBook(book, { pack, mapping: undefined, firstId: 0 });
      const groups = [];
      for await (const chunk of group(tables, {
        pack,
        state: { rows: 0, leftOut: [] },
        known: new Map(),
        found: new Map(),
      }))
        groups.push(...chunk);
      const [only, ...more] = groups;
      if (!only || more.length > 0) throw new Error(`${groups.length} declarations in one message`);
      return build(only, pack, undefined).content;
    } finally {
      await book.close();
    }
  });
}

/** Without what no message carries, and with licences and vehicles in the order of what they belong to. */
export function comparable(content: DeclarationContent): DeclarationContent {
  const rest = Object.entries(content).flatMap(([segment, value]) => {
    if (segment === 'Declarant') return [];
    const entries = (Array.isArray(value) ? value : [value]).map((entry) => withoutWritten(segment, entry));
    return entries.some((entry) => Object.keys(entry).length > 0) ? [[segment, entries] as const] : [];
  });
  const sorted = Object.fromEntries(rest);
  for (const nested of ['DecGoodsLimits', 'DecGoodsLimitVin'])
    sorted[nested]?.sort((a, b) =>
      JSON.stringify(entriesSorted(a)) < JSON.stringify(entriesSorted(b)) ? -1 : 1,
    );
  return sorted;
}

function entriesSorted(entry: SegmentContent): readonly (readonly [string, string])[] {
  return Object.entries(entry).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function withoutWritten(segment: string, entry: SegmentContent): SegmentContent {
  return Object.fromEntries(Object.entries(entry).filter(([tag]) => !form.written.has(`${segment}.${tag}`)));
}

const text = oneof(
  stringMatching(/^[0-9A-Za-z<>&"' \]/.,:;-]{1,20}$/u),
  string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  constantFrom(']]>', '&amp;', '<DecHead>', '大连&上海', 'a"b\'c', '𠮷野家', '&#13;', '1|0|品牌:无'),
);

function valueOf(field: Field): Arbitrary<string> {
  const list = field.codeList === undefined ? undefined : pack.codeLists.get(field.codeList);
  const codes = list ? [...list.search('')].map(({ code }) => code) : [];
  const raw =
    codes.length > 0
      ? constantFrom(...codes.slice(0, 400))
      : field.type === 'decimal' || field.type === 'integer'
        ? integer({ min: 1, max: 99_999 }).map(String)
        : field.type === 'date'
          ? constantFrom('20260101', '20261130')
          : text;
  // As a manifest's cell would have been taken over: what is read again says the same.
  return raw
    .map((value) => pack.parseCell(field.path, value).value)
    .filter((value) => value !== '' && pack.parseCell(field.path, value).value === value);
}

function entryOf(segment: string): Arbitrary<SegmentContent> {
  const fields = [...pack.fields.values()].filter(
    (field) => field.segment === segment && !form.written.has(field.path),
  );
  const shape = Object.fromEntries(fields.map((field) => [field.tag, valueOf(field)]));
  return record(shape, { requiredKeys: [] }).filter(
    (entry) => Object.keys(entry).length > 0,
  ) as Arbitrary<SegmentContent>;
}

/** Import or export, with any of the segments; licences belong to goods items, vehicles to licences. */
export const anyContent: Arbitrary<DeclarationContent> = record(
  Object.fromEntries(
    [...pack.segments.values()]
      .filter(({ name }) => name !== 'Declarant')
      .map(({ name, kind }) => [
        name,
        kind === 'once'
          ? entryOf(name)
          : uniqueArray(entryOf(name), {
              minLength: 1,
              maxLength: 4,
              selector: (entry) => JSON.stringify(entriesSorted(entry)),
            }),
      ]),
  ),
  { requiredKeys: ['DecHead', 'DecLists'] },
)
  .chain((content) => tuple(constant(content as DeclarationContent), constantFrom('I', 'E')))
  .map(([content, direction]) => joined(content, direction));

function joined(content: DeclarationContent, direction: string): DeclarationContent {
  const goods = listed(content['DecLists']).map((entry, index): SegmentContent => ({
    ...entry,
    GNo: String(index + 1),
  }));
  const licences = listed(content['DecGoodsLimits']).map((entry, index): SegmentContent => ({
    ...entry,
    GoodsNo: String((index % goods.length) + 1),
    LicTypeCode: '11',
    LicenceNo: `LIC${index}`,
  }));
  const vehicles =
    licences.length === 0
      ? []
      : listed(content['DecGoodsLimitVin']).map((entry, index): SegmentContent => ({
          ...entry,
          LicTypeCode: '11',
          LicenceNo: `LIC${index % licences.length}`,
          VinNo: `V${index}`,
        }));
  const { DecGoodsLimits: _, DecGoodsLimitVin: __, ...rest } = content;
  return {
    ...rest,
    DecHead: { ...listed(content['DecHead'])[0], IEFlag: direction, BillNo: 'TEST0001' },
    DecLists: goods,
    ...(licences.length === 0 ? {} : { DecGoodsLimits: licences }),
    ...(vehicles.length === 0 ? {} : { DecGoodsLimitVin: vehicles }),
  };
}

function listed(segment: SegmentContent | SegmentContent[] | undefined): SegmentContent[] {
  return segment === undefined ? [] : Array.isArray(segment) ? segment : [segment];
}
