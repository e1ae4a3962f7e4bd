/** Reading and matching the other file of a document: no row is lost, sums are exact, masters and houses find each other. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentSpec } from '../../src/model/document.ts';
import { loadDocuments } from '../../src/pack/documents/load.ts';
import { isBill } from '../../src/pipeline/bill.ts';
import { matchShipments } from '../../src/pipeline/documents/compare.ts';
import type { Declared } from '../../src/pipeline/documents/declared.ts';
import { type OtherFiles, readOtherFiles } from '../../src/pipeline/documents/listed.ts';
import { textOf } from '../../src/pipeline/documents/totals.ts';
import { book, pack } from './trial-run.ts';

function cargoManifest(): DocumentSpec {
  const found = loadDocuments('cn-goods-declaration', pack).find(({ name }) => name === 'cargo-manifest');
  if (!found) throw new Error('no cargo manifest');
  return found;
}
const spec = cargoManifest();
const header = ['提运单号', '件数', '毛重（千克）'];

function read(...rows: readonly (readonly string[])[]): Promise<OtherFiles> {
  return readOtherFiles([book('舱单.csv', [{ rows: [header, ...rows] }])], spec, pack);
}

/** Bill → packages and gross weight. */
function sumsOf({ shipments }: OtherFiles): Readonly<Record<string, readonly string[]>> {
  const text = (units: bigint | undefined): string => (units === undefined ? '?' : textOf(units));
  return Object.fromEntries(
    [...shipments].map(([bill, { totals }]) => [bill, totals.map(({ units }) => text(units))]),
  );
}

function declared(...bills: readonly string[]): ReadonlyMap<string, Declared> {
  return new Map(bills.map((plain) => [plain, { plain, totals: [], firsts: [] }]));
}

async function matched(listed: readonly string[], ...bills: readonly string[]) {
  const { shipments } = await read(...listed.map((bill) => [bill, '1', '1']));
  const { of, unclaimed } = matchShipments(declared(...bills), shipments);
  const match = of.get(bills[0] ?? '');
  return {
    listed: match?.listed.map(({ plain }) => plain),
    isPart: match?.isPart,
    unclaimed: unclaimed.map(({ plain }) => plain),
  };
}

describe('the other file', () => {
  it('adds the rows of a bill up exactly, with their units', async () => {
    const file = await read(
      ['784-1234 5675/KOR1', '12 件', '0.1'],
      ['78412345675_kor1', '3PKGS', '0.2'],
      ['78412345675*KOR1', '1', '0.001 吨'],
    );
    expect(sumsOf(file)).toEqual({ '78412345675_KOR1': ['16', '1.3'] });
  });

  it.each(['', '-1', '1,5', '12 stone', '1O', '1/2', '3e2'])(
    'never guesses what “%s” packages are',
    async (packages) => {
      expect(sumsOf(await read(['B1', packages, '1']))).toEqual({ B1: ['?', '1'] });
    },
  );

  it('loses no row, whatever stands in it and in whatever order', async () => {
    const bill = fc.constantFrom('B1', 'b 1', 'M1*H1', '合计', '', '提运单号');
    const cell = fc.oneof(fc.constantFrom('1', '2.5', '3 件', 'x', ''), fc.string({ maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(bill, cell, cell), { minLength: 1, maxLength: 20 }),
        async (rows) => {
          const file = await read(...rows);
          const listed = [...file.shipments.values()].reduce((sum, each) => sum + each.rows, 0);
          const told = file.problems.filter(({ code }) => code === 'document/row-without-bill').length;
          const blank = rows.filter((row) => row.every((text) => text.trim() === '')).length;
          expect(listed + told + blank).toBe(rows.length);
          expect(sumsOf(await read(...rows.toReversed()))).toEqual(sumsOf(file));
        },
      ),
    );
  });
});

describe('bills', () => {
  it('match by the very number before anything else', async () => {
    expect(await matched(['M1_H1', 'M1', 'H1'], 'M1_H1')).toEqual({
      listed: ['M1_H1'],
      isPart: false,
      unclaimed: ['M1', 'H1'],
    });
  });

  it('match a house bill that is listed by its own number', async () => {
    expect(await matched(['H1', 'M1'], 'M1_H1')).toMatchObject({ listed: ['H1'], isPart: false });
  });

  it('match all house bills of a master that is declared as a whole', async () => {
    expect(await matched(['M1_H1', 'M1_H2', 'M2_H1'], 'M1')).toEqual({
      listed: ['M1_H1', 'M1_H2'],
      isPart: false,
      unclaimed: ['M2_H1'],
    });
  });

  it('are a part where only their master is listed, and belong together', async () => {
    expect(await matched(['M1'], 'M1_H1', 'M1_H2')).toEqual({ listed: ['M1'], isPart: true, unclaimed: [] });
  });

  it('are not there where neither the number nor a part of it is listed', async () => {
    expect(await matched(['M10_H1'], 'M1_H10')).toEqual({
      listed: undefined,
      isPart: undefined,
      unclaimed: ['M10_H1'],
    });
  });

  it('are found by the warehouse however they are written', () => {
    expect(isBill('７８４－１２３４ ５６７５', '78412345675_kor1')).toBe(true);
    expect(isBill('M1/H1', 'm1*h1')).toBe(true);
    expect(isBill('M1', 'M10')).toBe(false);
  });
});
