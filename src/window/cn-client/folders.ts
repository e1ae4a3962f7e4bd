/** The four folders of the import client: where they are, and whether a message can be put there. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCode, Stop } from '../../model/stop.ts';
import type { FailureReason } from '../single-window.ts';

export const folderNames = ['OutBox', 'SentBox', 'InBox', 'FailBox'] as const;
export type Folders = Readonly<Record<(typeof folderNames)[number], string>>;

export function foldersUnder(root: string): Folders {
  return {
    OutBox: join(root, 'OutBox'),
    SentBox: join(root, 'SentBox'),
    InBox: join(root, 'InBox'),
    FailBox: join(root, 'FailBox'),
  };
}

/** So much must stay free beside what is written. */
const spareBytes = 16_777_216;

/** Throws `Stop` (exit 5) where a folder is missing, OutBox cannot be written, or the disk has no room for `bytes` more. Nothing was sent then. */
export async function proveFolders(folders: Folders, bytes = 0): Promise<void> {
  for (const name of folderNames) {
    const folder = folders[name];
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) throw new Stop('cn-client/folder-missing', exitCode.unreachable, { facts: { folder } });
  }
  const probe = join(folders.OutBox, `declarant-${randomBytes(6).toString('hex')}.Temp`);
  try {
    await writeWhole(probe, Buffer.from('declarant\n'));
    await rm(probe, { force: true });
  } catch (cause) {
    await rm(probe, { force: true }).catch(() => undefined);
    const isFull = isCode(cause, ['ENOSPC', 'EDQUOT']);
    const code = isFull ? 'cn-client/folder-full' : 'cn-client/folder-not-writable';
    throw new Stop(code, exitCode.unreachable, { facts: { folder: folders.OutBox }, cause });
  }
  const free = await statfs(folders.OutBox).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Number.POSITIVE_INFINITY,
  );
  if (free < bytes + spareBytes)
    throw new Stop('cn-client/folder-full', exitCode.unreachable, { facts: { folder: folders.OutBox } });
}

/** A run that was killed while it proved the folders left its probe behind. */
export async function removeProbes(folders: Folders): Promise<void> {
  const names = await readdir(folders.OutBox).catch((): string[] => []);
  for (const name of names.filter((each) => /^declarant-[0-9a-f]{12}\.Temp$/u.test(each)))
    await rm(join(folders.OutBox, name), { force: true }).catch(() => undefined);
}

/** A new file, on the disk when this returns. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there the rename alone has to do.
  if (process.platform === 'win32') return;
  const folder: FileHandle | undefined = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => !isCode(error, ['ENOENT', 'ENOTDIR']),
  );
}

/** The stem of a file of ours, wherever the client put or renamed it: our number, the content's digest, and which time it was. */
const stemPattern = /D[0-9A-Z]{17}-[0-9a-f]{12}-\d+/u;

export function stemIn(name: string): string | undefined {
  return stemPattern.exec(name)?.[0];
}

/** The stems of all files that lie anywhere in the folders. */
export async function stemsIn(folders: Folders): Promise<ReadonlySet<string>> {
  const stems = new Set<string>();
  for (const name of folderNames) {
    const files = await readdir(folders[name], { recursive: true }).catch((): string[] => []);
    for (const file of files) {
      const stem = /\.temp$/iu.test(file) ? undefined : stemIn(file);
      if (stem !== undefined) stems.add(stem);
    }
  }
  return stems;
}

function isCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** What a proof of the folders found; undefined where it found nothing. */
export async function troubleWith(proof: Promise<void>): Promise<FailureReason['cause'] | undefined> {
  try {
    await proof;
    return undefined;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return error.code === 'cn-client/folder-full' ? 'unavailable' : 'unreachable';
  }
}
