/** Writes a zip archive as a stream: the same content gives the same bytes, whenever and wherever it is written. */
import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import type { ByteOutput } from '../output.ts';

export type Content = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

export type ZipWriter = {
  /** One after the other: the next only when this one is written. */
  readonly add: (name: string, content: Content) => Promise<void>;
  readonly end: () => Promise<void>;
};

/** 1 January 1980, the earliest date that the form knows. */
const dosDate = 0x21;
/** Names in UTF-8; sizes and checksum follow the bytes. */
const flags = 0x0808;
const version = 20;
const mostBytes = 0xffff_ffff;

export function zipWriter(output: ByteOutput): ZipWriter {
  const directory: Buffer[] = [];
  let entries = 0;
  let offset = 0;

  async function write(bytes: Uint8Array): Promise<void> {
    offset += bytes.length;
    if (offset > mostBytes) throw new Error('an archive of more than 4 GiB');
    await output.write(bytes);
  }

  async function add(name: string, content: Content): Promise<void> {
    const at = offset;
    const nameBytes = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(version, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(dosDate, 8);
    common.writeUInt16LE(nameBytes.length, 22);
    await write(Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, nameBytes]));
    let checksum = 0;
    let size = 0;
    async function* measured(): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
        checksum = crc32(bytes, checksum);
        size += bytes.length;
        if (bytes.length > 0) yield bytes;
      }
    }
    const start = offset;
    const source = Readable.from(measured());
    const deflater = createDeflateRaw();
    source.once('error', (error) => deflater.destroy(error));
    for await (const chunk of source.pipe(deflater)) if (chunk instanceof Uint8Array) await write(chunk);
    common.writeUInt32LE(checksum, 10);
    common.writeUInt32LE(offset - start, 14);
    common.writeUInt32LE(size, 18);
    await write(Buffer.concat([Buffer.from('PK\u0007\u0008', 'latin1'), common.subarray(10, 22)]));
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    const madeBy = Buffer.from([version, 0]);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), madeBy, common, tail, nameBytes]));
    entries += 1;
  }

  async function end(): Promise<void> {
    const start = offset;
    for (const entry of directory) await write(entry);
    const last = Buffer.alloc(22);
    last.write('PK\u0005\u0006', 0, 'latin1');
    last.writeUInt16LE(entries, 8);
    last.writeUInt16LE(entries, 10);
    last.writeUInt32LE(offset - start, 12);
    last.writeUInt32LE(start, 16);
    await write(last);
  }
  return { add, end };
}
