/** Takes the files out of a small zip, all at once: a message with its attachments. */
import { crc32, inflateRawSync } from 'node:zlib';
import type { ZipFile } from './zip.ts';

const mostBytes = 64 * 1024 * 1024;
const mostFiles = 64;
/** The end record and the longest comment behind it. */
const endWindow = 22 + 65_535;

/** In the order of the directory. Nothing where it is no archive, a file of it is damaged or encrypted, or it is larger than a message can be. */
export function filesInZip(zip: Buffer): readonly ZipFile[] | undefined {
  const end = zip.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  if (end < Math.max(0, zip.length - endWindow) || zip.length < end + 22) return undefined;
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  let left = mostBytes;
  if (count > mostFiles) return undefined;
  const files: ZipFile[] = [];
  for (let index = 0; index < count; index += 1) {
    if (zip.length < at + 46 || zip.toString('latin1', at, at + 4) !== 'PK\u0001\u0002') return undefined;
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, nameEnd);
    const bytes = contentAt(zip, at, left);
    if (bytes === undefined || crc32(bytes) !== zip.readUInt32LE(at + 16)) return undefined;
    left -= bytes.length;
    if (!name.endsWith('/')) files.push({ name, bytes });
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

/** `entry` is where the directory speaks of it. */
function contentAt(zip: Buffer, entry: number, mostLength: number): Buffer | undefined {
  const isEncrypted = (zip.readUInt16LE(entry + 8) & 1) !== 0;
  const method = zip.readUInt16LE(entry + 10);
  const header = zip.readUInt32LE(entry + 42);
  if (isEncrypted || zip.length < header + 30) return undefined;
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(start, start + zip.readUInt32LE(entry + 20));
  if (method === 0) return packed.length <= mostLength ? packed : undefined;
  if (method !== 8 || mostLength <= 0) return undefined;
  try {
    return inflateRawSync(packed, { maxOutputLength: mostLength });
  } catch {
    return undefined;
  }
}
