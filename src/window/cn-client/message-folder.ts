/** A folder that messages are written into, one for each declaration; never over a file that says something else. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Declaration } from '../../model/declaration.ts';
import type { Problem } from '../../model/problem.ts';
import { exitCode, Stop } from '../../model/stop.ts';
import type { MessageSettings } from './message-file.ts';
import { prepareMessage } from './prepare.ts';

export type MessageFolder = {
  /** Returns what is wrong with the declaration's message; errors: it was not written. */
  readonly take: (declaration: Declaration) => Promise<readonly Problem[]>;
  /** Takes back what this run wrote. */
  readonly restart: () => Promise<void>;
  /** Files that stand there after this run: written by it, or before with the very same bytes. */
  readonly count: () => number;
};

/** Throws `Stop` (exit 2, or 74 where the disk is full) where the folder cannot be made or written. */
export async function openMessageFolder(folder: string, settings: MessageSettings): Promise<MessageFolder> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw cannotWrite(folder, cause);
  });
  let written: string[] = [];
  let standing = 0;
  return {
    async take(declaration) {
      const { file, problems } = await prepareMessage(declaration, settings);
      if (file === undefined) return problems;
      const path = join(folder, file.name);
      const there = await existing(path);
      if (there !== undefined && !there.equals(file.bytes))
        return [...problems, alreadyThere(declaration, path)];
      standing += 1;
      if (there !== undefined) return problems;
      await writeWhole(path, file.bytes);
      written.push(path);
      return problems;
    },
    async restart() {
      for (const path of written) await rm(path, { force: true });
      written = [];
      standing = 0;
    },
    count: () => standing,
  };
}

async function existing(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (reasonOf(cause) === 'ENOENT') return undefined;
    throw cannotWrite(path, cause);
  }
}

/** Under another name first: whoever watches the folder never sees half a message. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, bytes, { flag: 'wx' });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cannotWrite(path, cause);
  }
}

function alreadyThere({ key, rows }: Declaration, path: string): Problem {
  const { file, sheet, line } = rows[0];
  const row = sheet === undefined ? { file, line } : { file, sheet, line };
  return { code: 'message/other-file-there', severity: 'error', row, facts: { path, key } };
}

function cannotWrite(path: string, cause: unknown): Stop {
  const reason = reasonOf(cause);
  const isFull = reason === 'ENOSPC' || reason === 'EDQUOT' || reason === 'EIO' || reason === 'EFBIG';
  return new Stop(isFull ? 'run/disk-full' : 'run/cannot-write', isFull ? exitCode.storage : exitCode.usage, {
    facts: { path, reason },
    cause,
  });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
}
