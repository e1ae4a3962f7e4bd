/** The nouns: identifiers, canonical JSON, cell names, and the state that facts give. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../src/model/canonical-json.ts';
import { digestOf, parseDeclarationKey, parseEntryId } from '../src/model/ids.ts';
import { cellName } from '../src/model/row.ts';
import { isAccepted, type LodgementState, road, stateAfter } from '../src/model/state.ts';

const states: readonly LodgementState[] = [...road, 'unknown', 'rejected', 'cancelled'];

describe('stateAfter', () => {
  test('does not depend on the order of the facts, nor on how often each is told', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...states)), fc.array(fc.nat()), (told, shuffle) => {
        const facts = told.map((state) => ({ state }));
        const shuffled = facts
          .map((fact, index) => ({ fact, by: shuffle[index] ?? index }))
          .toSorted((a, b) => a.by - b.by);
        expect(stateAfter([...shuffled.map(({ fact }) => fact), ...facts])).toBe(stateAfter(facts));
      }),
    );
  });

  test('never falls back from accepted to rejected, unknown or an earlier state', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...states.filter((state) => state !== 'cancelled'))), (told) => {
        expect(isAccepted(stateAfter([{ state: 'accepted' }, ...told.map((state) => ({ state }))]))).toBe(
          true,
        );
      }),
    );
  });

  test('a word of the window ends not knowing', () => {
    expect(stateAfter([{ state: 'sending' }, { state: 'unknown' }])).toBe('unknown');
    expect(stateAfter([{ state: 'sending' }, { state: 'unknown' }, { state: 'received' }])).toBe('received');
  });

  test('a code that we do not know changes nothing', () => {
    expect(stateAfter([{ state: 'received' }, {}])).toBe('received');
  });
});

describe('canonicalJson', () => {
  test('gives the same bytes whatever order the members were added in', () => {
    expect(canonicalJson({ b: '2', a: ['x', { d: '4', c: '3' }] })).toBe(
      '{"a":["x",{"c":"3","d":"4"}],"b":"2"}',
    );
    expect(digestOf(canonicalJson({ b: '2', a: '1' }))).toBe(digestOf(canonicalJson({ a: '1', b: '2' })));
  });

  test('says what JSON.parse reads back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('identifiers', () => {
  test('a declaration key holds no control character and no direction mark', () => {
    expect(parseDeclarationKey('DL-2026-0001')).toBe('DL-2026-0001');
    for (const bad of ['', 'a\nb', 'a\u202eb', 'a\ud800', 'x'.repeat(201)])
      expect(parseDeclarationKey(bad)).toBeUndefined();
  });

  test('a customs number has office, year, direction and serial', () => {
    expect(parseEntryId('090820261000000001')).toBe('090820261000000001');
    for (const bad of ['09082026', '090820262000000001', '0908202610000000012'])
      expect(parseEntryId(bad)).toBeUndefined();
  });
});

test('cells are named as the spreadsheet names them', () => {
  expect([cellName(0, 1), cellName(25, 2), cellName(26, 3), cellName(701, 4), cellName(702, 5)]).toEqual([
    'A1',
    'Z2',
    'AA3',
    'ZZ4',
    'AAA5',
  ]);
});
