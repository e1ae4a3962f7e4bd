/** Output: files written beside their place and then renamed into it, and standard output with backpressure. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, basename } from 'node:path';
import { exitCode, Stop } from './model/stop.ts';
import { isStdoutClosed } from './pipes.ts';
import { escapeJson } from './reports/terminal-text.ts';
import type { ByteOutput, Output } from './reports/output.ts';

const bufferBytes = 1 << 18;

/** Where the platform lacks a flag, it is left out. */
const createOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** A disk that is full (exit 74), or a place that cannot be written (exit 2). */
export function cannotWrite(path: string, cause: unknown): Stop {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const isFull = reason === 'ENOSPC' || reason === 'EDQUOT' || reason === 'EIO' || reason === 'EFBIG';
  const code = isFull ? 'run/disk-full' : 'run/cannot-write';
  return new Stop(code, isFull ? exitCode.storage : exitCode.usage, { facts: { path, reason }, cause });
}

/** Makes the folder that the results go to; false where it is there already. Throws `Stop` (exit 2) where it cannot be made. */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    return (await mkdir(path, { recursive: true })) !== undefined;
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there the rename alone has to do.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

/** Bytes that appear as a whole file or not at all, and never follow a link that someone else put in its place. Throws `Stop` (exit 2, or 74 where the disk is full). */
export async function openOutputBytes(path: string): Promise<ByteOutput> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  let file: FileHandle;
  try {
    file = await open(temporary, createOnly, 0o666);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
  return {
    async write(bytes) {
      try {
        await file.writeFile(bytes);
      } catch (cause) {
        throw cannotWrite(path, cause);
      }
    },
    async commit() {
      try {
        await file.sync();
        await file.close();
        await rename(temporary, path);
      } catch (cause) {
        throw cannotWrite(path, cause);
      }
      await syncFolder(dirname(path));
      return path;
    },
    async abandon() {
      await file.close().catch(() => undefined);
      await rm(temporary, { force: true });
    },
  };
}

/** As `openOutputBytes`, for text in UTF-8. */
export async function openOutputFile(path: string): Promise<Output> {
  const bytes = await openOutputBytes(path);
  let held: string[] = [];
  let heldLength = 0;
  const flush = async (): Promise<void> => {
    if (heldLength === 0) return;
    const text = held.join('');
    held = [];
    heldLength = 0;
    await bytes.write(Buffer.from(text, 'utf8'));
  };
  return {
    async write(text) {
      held.push(text);
      heldLength += text.length;
      if (heldLength >= bufferBytes) await flush();
    },
    async commit() {
      await flush();
      return bytes.commit();
    },
    async abandon() {
      held = [];
      heldLength = 0;
      await bytes.abandon();
    },
  };
}

/** Standard output with backpressure. */
export const stdoutOutput: Output = {
  async write(text) {
    // Human text is escaped where it is made; this catches JSON, which leaves some characters as they are.
    if (isStdoutClosed() || text === '' || process.stdout.write(escapeJson(text))) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    process.stdout.once('drain', resolve).once('close', resolve).once('error', resolve);
    await promise;
    process.stdout.off('drain', resolve).off('close', resolve).off('error', resolve);
  },
  commit: () => Promise.resolve('-'),
  abandon: () => Promise.resolve(),
};
