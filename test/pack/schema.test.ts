/** The schema says all that fields.csv says, and is made from it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packFolder, schemaText } from '../../src/pack/build/make-schema.ts';
import { validatorText } from '../../src/pack/build/make-validator.ts';
import { csvRecords } from '../../src/pack/csv-rows.ts';
import { loadPack } from '../../src/pack/load.ts';
import type { Field } from '../../src/pack/pack.ts';

const pack = await loadPack('cn-goods-declaration');
const fields = [...pack.fields.values()];
const rows = csvRecords(readFileSync(join(packFolder, 'fields.csv'), 'utf8'));
const read = (file: string): string => readFileSync(join(packFolder, file), 'utf8');

const isNumber = ({ type }: Field): boolean => type === 'decimal' || type === 'integer';

describe('the schema of the goods declaration', () => {
  it('is what its script makes of fields.csv and segments.json', () => {
    expect(read('declaration.schema.json')).toBe(schemaText(packFolder));
  });

  it('has a validator that is what its script makes of the schema', async () => {
    expect(read('validator.generated.js') === (await validatorText(packFolder))).toBe(true);
  });

  it('has every field of fields.csv once, and no other', () => {
    expect([...pack.fields.keys()]).toEqual(rows.map((row) => `${row['segment']}.${row['tag']}`));
  });

  it('has the segments of the message with their limits', () => {
    const limits = Object.fromEntries(
      [...pack.segments.values()].map(({ name, kind, max }) => [name, kind === 'once' ? 1 : max]),
    );
    expect(limits).toMatchObject({
      DecHead: 1,
      DecLists: 50,
      DecContainers: 500,
      DecLicenseDocus: 7,
      DecFreeTxt: 1,
      DecSign: 1,
      TrnContainers: 500,
      DecSupplementLists: 60,
      EdocRealation: 10,
      EcoRelation: 20,
      SddTaxLists: 50,
      SddTaxDetails: 500,
    });
  });

  it('gives every field a title in both languages and a known need', () => {
    const needs = new Set(['save', 'declare', 'conditional', 'optional', 'never', 'receipt']);
    const lacking = fields.filter(
      ({ title, need }) =>
        title.zh === '' || title.en === '' || !needs.has(need.import) || !needs.has(need.export),
    );
    expect(lacking).toEqual([]);
  });

  it('gives every number its digits and every other field a length or a code list', () => {
    expect(fields.filter((field) => isNumber(field) && !(Number(field.integerDigits) > 0))).toEqual([]);
    expect(
      fields.filter(
        (field) => !isNumber(field) && field.maxLength === undefined && field.codeList === undefined,
      ),
    ).toEqual([]);
  });

  it('names only code lists that exist', () => {
    const unknown = fields.filter(({ codeList }) => codeList !== undefined && !pack.codeLists.has(codeList));
    expect(unknown).toEqual([]);
  });

  it('leaves out the fields that are obsolete', () => {
    const listed = JSON.parse(read('obsolete.json')) as { path: `${string}.${string}` }[];
    expect(listed.map(({ path }) => path)).toContain('DecHead.InspOrgCode');
    expect(listed.filter(({ path }) => pack.fields.has(path))).toEqual([]);
  });

  it.each([
    'DecHead.GrossWet',
    'DecHead.EntyPortCode',
    'DecHead.PromiseItmes',
    'EcoRelation.ExtendFiled',
    'DecRoyaltyFee.Statment',
  ] as const)('keeps the misspelt tag %s of the message', (path) => {
    expect(pack.fields.has(path)).toBe(true);
  });

  it('gives examples that its own parser leaves as they are', () => {
    const examples = fields.flatMap(({ path, example }) =>
      example === undefined ? [] : [{ path, example }],
    );
    expect(examples.length).toBeGreaterThan(30);
    expect(examples.map(({ path, example }) => pack.parseCell(path, example))).toEqual(
      examples.map(({ example }) => ({ value: example })),
    );
  });
});
