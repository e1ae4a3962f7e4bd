/** Opens an input file for reading, says plainly why it cannot, and notices when it changes under way. */
import { constants, type BigIntStats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exitCode, Stop } from '../model/stop.ts';

/** The most that `blocks` yields at a time. */
export const blockBytes = 131_072;
/** Read at a time: each read is a wait for another thread. */
const readBytes = 1_048_576;

/** Holds a handle: `close` it. Every read names its position, so that several may go on at once. */
export type InputFile = {
  /** As the user named it. */
  readonly file: string;
  /** Bytes, when it was opened. */
  readonly size: number;
  /** Up to `length` bytes from `position`; fewer only at the end. */
  readonly bytesAt: (position: number, length: number) => Promise<Buffer>;
  /** The whole file, in blocks that are valid until the next one is pulled. Throws `Stop` where the file changed since it was opened. */
  readonly blocks: () => AsyncGenerator<Buffer, void, undefined>;
  readonly close: () => Promise<void>;
};

/** Throws `Stop` (exit 3) for what is not there, is no regular file, or may not be read. */
export async function openInputFile(path: string): Promise<InputFile> {
  refuseLockFile(path);
  // Without O_NONBLOCK, opening a named pipe would wait for its writer.
  const flags = constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK);
  const handle = await open(path, flags).catch(async (cause: unknown) => {
    throw await whyNot(path, cause);
  });
  try {
    const opened = await handle.stat({ bigint: true });
    if (!opened.isFile()) throw refusal('file/not-a-file', path);
    return {
      file: path,
      size: Number(opened.size),
      bytesAt: (position, length) => bytesAt(handle, path, position, length),
      blocks: () => blocks(handle, path, opened),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function bytesAt(handle: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const bytesRead = await readInto(handle, path, buffer.subarray(filled), position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function* blocks(
  handle: FileHandle,
  path: string,
  opened: BigIntStats,
): AsyncGenerator<Buffer, void, undefined> {
  const bufferBytes = Math.min(readBytes, Number(opened.size) + 1);
  let current: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  let next: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  let position = 0;
  // One buffer is filled while the other is worked on.
  let reading = readInto(handle, path, current, position);
  try {
    for (;;) {
      const bytesRead = await reading;
      if (bytesRead === 0) break;
      position += bytesRead;
      reading = readInto(handle, path, next, position);
      for (let from = 0; from < bytesRead; from += blockBytes) {
        yield current.subarray(from, Math.min(from + blockBytes, bytesRead));
      }
      [current, next] = [next, current];
    }
  } finally {
    await reading.catch(() => 0);
  }
  await refuseChange(handle, path, opened, position);
}

async function refuseChange(
  handle: FileHandle,
  path: string,
  opened: BigIntStats,
  bytesRead: number,
): Promise<void> {
  const now = await handle.stat({ bigint: true });
  const isReplaced = await stat(path, { bigint: true }).then(
    ({ ino, dev }) => ino !== opened.ino || dev !== opened.dev,
    () => false,
  );
  const isSame =
    now.size === opened.size && now.mtimeNs === opened.mtimeNs && BigInt(bytesRead) === opened.size;
  if (!isSame || isReplaced) throw refusal('file/changed-while-reading', path);
}

async function readInto(handle: FileHandle, path: string, into: Buffer, position: number): Promise<number> {
  try {
    return (await handle.read(into, 0, into.length, position)).bytesRead;
  } catch (cause) {
    throw await whyNot(path, cause);
  }
}

/** Excel and WPS keep `~$name.xlsx` beside a workbook that is open; LibreOffice keeps `.~lock.name.xlsx#`. */
function refuseLockFile(path: string): void {
  const name = basename(path);
  const original = name.startsWith('~$') ? name.slice(2) : /^\.~lock\.(.+)#$/u.exec(name)?.[1];
  if (original !== undefined) throw refusal('file/lock-file', path, { original });
}

async function whyNot(path: string, cause: unknown): Promise<Stop> {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
  switch (reason) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ERR_INVALID_ARG_VALUE':
      return refusal('file/not-found', path);
    case 'EISDIR':
    case 'ENXIO':
      return refusal('file/not-a-file', path);
    case 'EBUSY':
    case 'ETXTBSY':
      return refusal('file/in-use', path);
    default:
      return refusal((await isOpenElsewhere(path)) ? 'file/in-use' : 'file/not-readable', path, { reason });
  }
}

/** Windows answers EPERM or EACCES for a workbook that Excel holds; the lock file beside it tells. */
async function isOpenElsewhere(path: string): Promise<boolean> {
  if (process.platform !== 'win32') return false;
  return await stat(join(dirname(path), `~$${basename(path)}`)).then(
    () => true,
    () => false,
  );
}

function refusal(code: `file/${string}`, file: string, facts: Readonly<Record<string, string>> = {}): Stop {
  return new Stop(code, exitCode.unreadable, { facts: { file, ...facts } });
}
