/** Texts are packed where it pays, and come back as they were or not at all. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pack, sumOf, unpack } from '../../src/ledger/checksum.ts';

const dull = (length: number): string => '申'.repeat(length);
/** Signs that hardly repeat, too few for packing to learn them. */
const noise = (length: number): string =>
  Array.from({ length }, (_, at) => String.fromCodePoint(33 + (((at + 1) ** 4 % 100_003) % 94))).join('');

describe('a text in the ledger', () => {
  it.each([
    ['short', dull(255), true],
    ['long and dull', dull(256), false],
    ['long and without any order', noise(300), true],
  ])('that is %s', (_, text, isPlain) => {
    const packed = pack(text);
    expect(typeof packed === 'string').toBe(isPlain);
    expect(packed.length).toBeLessThanOrEqual(Buffer.byteLength(text));
    expect(unpack(typeof packed === 'string' ? packed : Uint8Array.from(packed))).toBe(text);
  });

  it.each([
    ['bytes that were cut', Uint8Array.from(deflateRawSync(dull(999)).subarray(0, 6))],
    ['bytes that are none of ours', Uint8Array.from(Buffer.from('not packed'))],
    ['a number', 7],
    ['nothing', null],
    ['no value', undefined],
  ])('is not made of %s', (_, value) => {
    expect(unpack(value)).toBeUndefined();
  });
});

describe('the sum of a row', () => {
  it('is another for another value, kind of value, or place', () => {
    const rows = [[1, 'a'], ['1', 'a'], ['a', 1], [1, 'b'], [1, null], [1], [1, 'a', null], [1, '']];
    expect(new Set(rows.map(sumOf)).size).toBe(rows.length);
    expect(sumOf([1, 'a'])).toBe(sumOf([1, 'a']));
  });
});
