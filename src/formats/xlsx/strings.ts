/** The shared strings of a workbook: their bytes packed together, made into text when a cell asks. */
import type { ReadLimits } from '../format.ts';
import { refusal } from './refusal.ts';

const segmentBits = 22;
const segmentBytes = 1 << segmentBits;
const blockBits = 12;
const blockSize = 1 << blockBits;

export type SharedStrings = {
  /** Flat text; undefined past the end of the table. A string asked for twice is kept, one asked for once is not. */
  readonly get: (index: number) => string | undefined;
  /** Forgets which strings were asked for, so that a second pass over a sheet does not fill the memory. */
  readonly startPass: () => void;
};

export type StringTable = SharedStrings & {
  readonly add: (text: string) => void;
  /** UTF-8, already checked, without anything to decode. */
  readonly addBytes: (bytes: Buffer, from: number, to: number) => void;
  /** Forgets everything: the strict reader begins again. */
  readonly clear: () => void;
};

export function stringTable(part: string, limits: ReadLimits): StringTable {
  const maxBytes = Math.min(limits.cellCharacters * 3, segmentBytes);
  let segments: Buffer[] = [];
  let ends: number[] = [];
  let starts = new Uint32Array(4_096);
  let count = 0;
  let used = segmentBytes;
  let total = 0;
  let asked = new Uint8Array(0);
  let kept: (string | undefined)[][] = [];

  function room(bytes: number): Buffer {
    if (bytes > maxBytes) throw refusal('workbook/string-too-long', { part, limit: limits.cellCharacters });
    total += bytes + starts.BYTES_PER_ELEMENT;
    if (total > limits.sharedStringBytes)
      throw refusal('workbook/strings-too-large', { part, limit: limits.sharedStringBytes });
    let segment = segments.at(-1);
    if (segment === undefined || used + bytes > segmentBytes) {
      if (segment !== undefined) ends.push(used);
      segment = Buffer.allocUnsafeSlow(segmentBytes);
      segments.push(segment);
      used = 0;
    }
    if (count === starts.length) {
      const longer = new Uint32Array(count * 2);
      longer.set(starts);
      starts = longer;
    }
    starts[count] = (segments.length - 1) * segmentBytes + used;
    count += 1;
    return segment;
  }
  function endOf(index: number, segment: number): number {
    const next = index + 1 < count ? (starts[index + 1] ?? 0) : -1;
    if (next !== -1 && Math.floor(next / segmentBytes) === segment) return next % segmentBytes;
    return segment < ends.length ? (ends[segment] ?? 0) : used;
  }
  function read(index: number): string {
    const start = starts[index] ?? 0;
    const segment = Math.floor(start / segmentBytes);
    const from = start % segmentBytes;
    const to = endOf(index, segment);
    return from === to ? '' : (segments[segment]?.toString('utf8', from, to) ?? '');
  }
  return {
    add(text) {
      const bytes = Buffer.byteLength(text);
      const segment = room(bytes);
      used += segment.write(text, used);
    },
    addBytes(bytes, from, to) {
      const segment = room(to - from);
      if (to - from > 32) used += bytes.copy(segment, used, from, to);
      else for (let at = from; at < to; at += 1) segment[used++] = bytes[at] ?? 0;
    },
    clear() {
      segments = [];
      ends = [];
      count = 0;
      used = segmentBytes;
      total = 0;
    },
    startPass() {
      asked = new Uint8Array(count);
    },
    get(index) {
      if (!(index >= 0 && index < count)) return undefined;
      const block = kept[index >> blockBits];
      const known = block?.[index & (blockSize - 1)];
      if (known !== undefined) return known;
      const text = read(index);
      if (asked[index] === 0) asked[index] = 1;
      else if (block !== undefined) block[index & (blockSize - 1)] = text;
      else {
        const fresh: (string | undefined)[] = Array.from({ length: blockSize });
        fresh[index & (blockSize - 1)] = text;
        kept[index >> blockBits] = fresh;
      }
      return text;
    },
  };
}
