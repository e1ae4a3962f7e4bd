/** A ship and its voyage in one cell, as forwarders write them. */
import { expect, test } from 'vitest';
import type { FieldPath } from '../../src/model/declaration.ts';
import type { FieldPlan } from '../../src/pipeline/plan.ts';
import { splitCell } from '../../src/pipeline/split-cell.ts';
import { pack } from './trial-run.ts';

function plans(...paths: readonly FieldPath[]): readonly FieldPlan[] {
  return paths.map((path) => {
    const field = pack.fields.get(path);
    if (!field) throw new Error(path);
    return { path, field, level: 'head' };
  });
}
const parts = (text: string, ...paths: readonly FieldPath[]): readonly string[] | undefined =>
  splitCell(text, plans(...paths), pack)?.map(([, part]) => part);

test.each([
  ['EASTERN HERON/0231W', 'EASTERN HERON', '0231W'],
  ['HONG LAN 18 / V.2644E', 'HONG LAN 18', '2644E'],
  ['M/V PACIFIC TEAL/118N', 'M/V PACIFIC TEAL', '118N'],
  ['PACIFIC TEAL V.118N', 'PACIFIC TEAL', '118N'],
  ['渤海翠珠\n2648E', '渤海翠珠', '2648E'],
])('%j is a ship and its voyage', (text, ship, voyage) => {
  expect(parts(text, 'DecHead.TrafName', 'DecFreeTxt.VoyNo')).toEqual([ship, voyage]);
});

test.each(['M/V PACIFIC TEAL', 'HONG LAN 18', 'PACIFIC TEAL', 'PACIFIC TEAL/', 'M/18'])(
  '%j is not cut: nothing in it is surely a voyage',
  (text) => {
    expect(parts(text, 'DecHead.TrafName', 'DecFreeTxt.VoyNo')).toBeUndefined();
  },
);

test('a name of goods with a model behind it is not cut at a slash', () => {
  expect(parts('管接头 3/4', 'DecLists.GName', 'DecLists.GModel')).toBeUndefined();
});
