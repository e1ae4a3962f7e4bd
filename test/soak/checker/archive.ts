/** Reads an archive as the import client must be able to: flat, every size before its bytes, nothing before, between or after. */
import { crc32, inflateRawSync } from 'node:zlib';

export type Packed = { readonly name: string; readonly bytes: Buffer };

const local = 0x04034b50;
const central = 0x02014b50;
const endMark = 0x06054b50;
const endBytes = 22;
/** Encrypted, or with its sizes behind the bytes. */
const badFlags = 0x1 | 0x8;

/** Its files in their order, or what is wrong with it. */
export function filesOf(archive: Buffer): readonly Packed[] | string {
  try {
    return read(archive);
  } catch (error) {
    return error instanceof Error ? error.message : 'not readable';
  }
}

function read(archive: Buffer): readonly Packed[] {
  const files: Packed[] = [];
  const starts: number[] = [];
  let at = 0;
  while (archive.readUInt32LE(at) === local) {
    starts.push(at);
    const packed = archive.readUInt32LE(at + 18);
    const nameEnd = at + 30 + archive.readUInt16LE(at + 26);
    const start = nameEnd + archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 30, nameEnd);
    const bytes = unpacked(archive.subarray(start, start + packed), archive.readUInt16LE(at + 8));
    demand((archive.readUInt16LE(at + 6) & badFlags) === 0, `${name} has its sizes behind it`);
    demand(!/[/\\]/u.test(name), `${name} lies in a folder`);
    demand(bytes.length === archive.readUInt32LE(at + 22), `${name} has another size`);
    demand(crc32(bytes) === archive.readUInt32LE(at + 14), `${name} has another checksum`);
    files.push({ name, bytes });
    at = start + packed;
  }
  const directory = at;
  for (const [index, { name }] of files.entries()) {
    demand(archive.readUInt32LE(at) === central, 'a file is missing in the directory');
    const nameEnd = at + 46 + archive.readUInt16LE(at + 28);
    demand(archive.toString('utf8', at + 46, nameEnd) === name, `${name} has another name in the directory`);
    demand(archive.readUInt32LE(at + 42) === starts[index], `${name} is elsewhere in the directory`);
    at = nameEnd + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  demand(archive.readUInt32LE(at) === endMark && at + endBytes === archive.length, 'it has no end');
  demand(archive.readUInt16LE(at + 10) === files.length, 'its count is not that of its files');
  demand(archive.readUInt32LE(at + 16) === directory, 'its directory is elsewhere');
  return files;
}

function unpacked(bytes: Buffer, method: number): Buffer {
  demand(method === 0 || method === 8, 'packed in an unknown way');
  return method === 0 ? bytes : inflateRawSync(bytes);
}

function demand(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}
