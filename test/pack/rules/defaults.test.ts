/** Every default fills what is empty, names itself, and never touches what a clerk wrote. */
import { describe, expect, it } from 'vitest';
import type { Filled } from '../../../src/model/declaration.ts';
import { readDefaults } from '../../../src/pack/rules/index.ts';
import { complete, declaration, readJson, today, type DefaultSample } from './samples.ts';

const samples = readJson('rule-samples/defaults.json') as DefaultSample[];

function named({ place, value }: Filled): readonly [string, string] {
  const index = place.index === undefined ? '' : `.${place.index}`;
  return [`${place.segment}${index}.${place.tag ?? ''}`, value];
}

describe.each(samples)('$code', ({ code, base, empty, fills, keeps }) => {
  it('fills what is empty, and says so', () => {
    const content = declaration(base, empty);
    const filled = complete(content, { today });
    expect(filled.map(({ rule }) => rule)).toEqual(filled.map(() => code));
    expect(Object.fromEntries(filled.map(named))).toEqual(fills);
    expect(content).toEqual(declaration(base, empty, fills));
  });
  it('leaves what a clerk wrote', () => {
    const content = declaration(base, empty, keeps);
    complete(content, { today });
    expect(content).toEqual(declaration(base, empty, keeps));
  });
});

describe('the defaults as a whole', () => {
  it('have one sample each', () => {
    const codes = readDefaults(readJson('defaults.json')).map(({ code }) => code);
    expect(samples.map(({ code }) => code)).toEqual(codes);
  });
  it('fill nothing in declarations that are complete', () => {
    expect(complete(declaration('import-air'), { today })).toEqual([]);
    expect(complete(declaration('export-sea'), { today })).toEqual([]);
  });
  it('see what an earlier default filled', () => {
    const content = declaration('import-air', { 'DecHead.CutMode': null, 'DecLists.0.DutyMode': null });
    expect(complete(content, { today }).map(({ rule }) => rule)).toEqual([
      'default/levy-nature',
      'default/duty-mode',
    ]);
  });
  it('fill nothing a second time', () => {
    const content = declaration('export-sea', { 'DecHead.MarkNo': null, 'DecLists.0.GNo': null });
    complete(content, { today });
    expect(complete(content, { today })).toEqual([]);
  });
  it('leave a unit price empty that does not come out even', () => {
    const content = declaration('import-air', {
      'DecLists.0.DeclPrice': null,
      'DecLists.0.GQty': '3',
      'DecLists.0.DeclTotal': '100',
    });
    expect(complete(content, { today })).toEqual([]);
  });
  it('leave the lodging office empty where the office of entry is a whole district', () => {
    const content = declaration('import-air', { 'DecHead.CustomMaster': null, 'DecHead.IEPort': '0900' });
    expect(complete(content, { today })).toEqual([]);
  });
  it('leave the price declarations of general trade imports to the clerk', () => {
    expect(complete(declaration('import-air', { 'DecHead.PromiseItmes': null }), { today })).toEqual([]);
  });
});
