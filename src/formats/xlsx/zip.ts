/** Opens the zip archive of a workbook and hands out its parts: sizes, checksums and bombs are judged by the bytes that really come. */
import type { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { ReadLimits } from '../format.ts';
import { Stop } from '../../model/stop.ts';
import { refusal } from './refusal.ts';

const ratioFreeBytes = 1_048_576;
const chunkBytes = 262_144;

export type Archive = {
  /** Part names are compared without regard to case, as the packaging standard asks (ECMA-376 part 2, 6.2.2.3). */
  readonly has: (part: string) => boolean;
  readonly partNames: readonly string[];
  /** The names as they stand in the file, in its order. */
  readonly namesInFile: readonly string[];
  /** The inflated bytes of a part. A chunk is the caller's to keep. Throws `Stop` for damage and broken limits. */
  readonly read: (part: string) => AsyncGenerator<Buffer, void, undefined>;
};

/** `fd` stays open and stays the caller's. */
export async function openArchive(fd: number, limits: ReadLimits): Promise<Archive> {
  const zip = await openZip(fd);
  const entries = await listEntries(zip, limits);
  const largest = new Map<string, number>();
  let inflated = 0;

  async function* read(part: string): AsyncGenerator<Buffer, void, undefined> {
    const entry = entries.get(part.toLowerCase());
    if (entry === undefined) throw refusal('workbook/part-missing', { part });
    refuseDeclared(entry, part, limits);
    const before = largest.get(part) ?? 0;
    let produced = 0;
    let checksum = 0;
    try {
      for await (const chunk of inflate(zip, entry, part)) {
        produced += chunk.length;
        checksum = crc32(chunk, checksum);
        if (produced > entry.uncompressedSize) throw refusal('workbook/part-damaged', { part });
        if (produced > before) {
          inflated += Math.min(chunk.length, produced - before);
          if (inflated > limits.inflatedBytes)
            throw refusal('workbook/too-large', { part, limit: limits.inflatedBytes });
        }
        yield chunk;
      }
    } finally {
      largest.set(part, Math.max(before, produced));
    }
    if (produced !== entry.uncompressedSize || checksum !== entry.crc32)
      throw refusal('workbook/part-damaged', { part });
  }
  return {
    has: (part) => entries.has(part.toLowerCase()),
    partNames: [...entries.keys()],
    namesInFile: [...entries.values()].map(nameInFile),
    read,
  };
}

async function openZip(fd: number): Promise<ZipFile> {
  try {
    return await yauzl.fromFdPromise(fd, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: false,
    });
  } catch (cause) {
    throw refusal('workbook/damaged-archive', {}, cause);
  }
}

async function listEntries(zip: ZipFile, limits: ReadLimits): Promise<Map<string, Entry>> {
  if (zip.entryCount > limits.archiveEntries) {
    throw refusal('workbook/too-many-entries', { found: zip.entryCount, limit: limits.archiveEntries });
  }
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (cause) {
    throw refusal('workbook/damaged-archive', {}, cause);
  }
  refuseOverlap(entries);
  const byName = new Map<string, Entry>();
  for (const entry of entries) {
    const name = entryName(entry);
    if (name.endsWith('/')) continue;
    if (byName.has(name)) throw refusal('workbook/entry-twice', { part: name });
    byName.set(name, entry);
  }
  return byName;
}

/** Some writers use backslashes or a leading slash. Nothing is ever extracted, so no name can do harm. */
function nameInFile(entry: Entry): string {
  return entry.fileNameRaw.toString('utf8').replaceAll('\\', '/').replace(/^\/+/u, '');
}

function entryName(entry: Entry): string {
  return nameInFile(entry).toLowerCase();
}

function refuseOverlap(entries: readonly Entry[]): void {
  const inOrder = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const entry of inOrder) {
    if (entry.relativeOffsetOfLocalHeader < end)
      throw refusal('workbook/entries-overlap', { part: entryName(entry) });
    end = entry.relativeOffsetOfLocalHeader + 30 + entry.fileNameRaw.length + entry.compressedSize;
  }
}

/** The declared size is held against the real one later, so that a bomb which admits to being one costs nothing. */
function refuseDeclared(entry: Entry, part: string, limits: ReadLimits): void {
  if (entry.isEncrypted()) throw refusal('workbook/encrypted-part', { part });
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw refusal('workbook/part-damaged', { part });
  if (entry.uncompressedSize > limits.inflatedBytes) {
    throw refusal('workbook/too-large', { part, limit: limits.inflatedBytes });
  }
  if (
    entry.uncompressedSize > ratioFreeBytes &&
    entry.uncompressedSize > entry.compressedSize * limits.inflateRatio
  ) {
    throw refusal('workbook/ratio', { part, limit: limits.inflateRatio });
  }
}

async function* inflate(zip: ZipFile, entry: Entry, part: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    const header = await zip.readLocalFileHeaderPromise(entry);
    if (!header.fileName.equals(entry.fileNameRaw) || header.compressionMethod !== entry.compressionMethod) {
      throw refusal('workbook/part-damaged', { part });
    }
    const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false });
    const stream = entry.compressionMethod === 0 ? raw : inflated(raw);
    try {
      for await (const chunk of stream) yield chunk;
    } finally {
      stream.destroy();
      raw.destroy();
    }
  } catch (cause) {
    throw cause instanceof Stop ? cause : refusal('workbook/part-damaged', { part }, cause);
  }
}

function inflated(raw: Readable): Readable {
  const inflater = createInflateRaw({ chunkSize: chunkBytes });
  raw.on('error', (error) => inflater.destroy(error));
  return raw.pipe(inflater);
}
