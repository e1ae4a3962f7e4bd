/** Damages workbooks and text tables in seeded, repeatable ways. */
import { inflateRawSync } from 'node:zlib';
import { zipOf } from '../fixtures/zip.ts';

export type Random = () => number;

/** Numbers in [0, 1), the same for the same seed. Source: T. Ettinger, mulberry32 (public domain). */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const fragments = [
  '<!-- x -->',
  '<![CDATA[y]]>',
  '<?pi z?>',
  '<!DOCTYPE a>',
  '&lt;',
  '&#0;',
  '&nbsp;',
  ']]>',
  '</row>',
  '<row r="1">',
  '<row>',
  '<c r="A1"/>',
  '<c r="ZZZ9"><v>1</v></c>',
  '</c>',
  '</v>',
  '<v>',
  ' r="2"',
  ' t="s"',
  ' t="inlineStr"',
  ' s="99999"',
  '</sheetData>',
  '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
  'hidden="1"',
  '"',
  "'",
  '<',
  '>',
  '&',
  '\0',
  '\uffff',
  '_xD800_',
  '9'.repeat(40),
  '1E+308',
  '-',
  '\r',
  '<is><t>x</t></is>',
  '<f>[1]A!A1</f>',
  'xmlns=""',
  'xmlns:x="urn:x"',
];

/** A flat file: bits, bytes, cuts, copies. */
export function mutateBytes(bytes: Buffer, next: Random): Buffer {
  let mutated: Buffer = Buffer.from(bytes);
  for (let times = 1 + Math.floor(next() * 4); times > 0; times -= 1) mutated = once(mutated, next);
  return mutated;
}

function once(bytes: Buffer, next: Random): Buffer {
  if (bytes.length === 0) return bytes;
  const at = Math.floor(next() * bytes.length);
  const length = Math.floor(next() ** 3 * Math.min(bytes.length - at, 400));
  switch (Math.floor(next() * 6)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(next() * 8));
      return bytes;
    case 1:
      bytes[at] = Math.floor(next() * 256);
      return bytes;
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 4:
      return next() < 0.2 ? bytes.subarray(0, at) : bytes;
    default:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(fragments[Math.floor(next() * fragments.length)] ?? ''),
        bytes.subarray(at),
      ]);
  }
}

type Part = { readonly name: string; readonly data: Buffer };

/** A workbook: a quarter of the time its archive as a whole, else the inside of its parts, with a sound archive around them. */
export function mutateWorkbook(bytes: Buffer, next: Random): Buffer {
  if (next() < 0.25) return mutateBytes(bytes, next);
  const parts = unpacked(bytes);
  if (parts.length === 0) return mutateBytes(bytes, next);
  const chosen = Math.floor(next() * parts.length);
  const mutated: Part[] = parts.map((part, index) =>
    index === chosen || next() < 0.1 ? { ...part, data: mutateBytes(part.data, next) } : part,
  );
  if (next() < 0.05) mutated.splice(chosen, 1);
  if (next() < 0.05) mutated.push(mutated[0] ?? { name: 'x', data: Buffer.alloc(0) });
  return zipOf(mutated);
}

/** By the local headers; what cannot be unpacked is left out. */
function unpacked(bytes: Buffer): Part[] {
  const parts: Part[] = [];
  for (
    let directory = bytes.indexOf('PK\u0001\u0002', 0, 'latin1');
    directory !== -1;
    directory = bytes.indexOf('PK\u0001\u0002', directory + 4, 'latin1')
  ) {
    if (directory + 46 > bytes.length) break;
    const name = bytes.toString('utf8', directory + 46, directory + 46 + bytes.readUInt16LE(directory + 28));
    const start = bytes.readUInt32LE(directory + 42);
    if (start + 30 > bytes.length) continue;
    const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const packed = bytes.subarray(from, from + bytes.readUInt32LE(directory + 20));
    try {
      parts.push({
        name,
        data:
          bytes.readUInt16LE(directory + 10) === 0
            ? packed
            : inflateRawSync(packed, { maxOutputLength: 20_000_000 }),
      });
    } catch {
      continue;
    }
  }
  return parts;
}
