/** Where a ledger may lie: a regular file of ours alone, on a disk of this machine. */
import { chmod, lstat, mkdir, realpath, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { platform } from 'node:process';
import { Stop, exitCode } from '../model/stop.ts';
import { asStop } from './storage-failures.ts';
import { networkFileSystem, syncedFolder } from './shared-storage.ts';

const isPosix = platform !== 'win32';
const writableByOthers = 0o022;
const sticky = 0o1000;

export type LedgerPlace = { readonly file: string; readonly exists: boolean; readonly bytes: number };

/** Checks the folder and the file, makes the folder (0700) where it may. Returns the path with its folder resolved. */
export async function prepareLedgerPlace(
  path: string,
  options: { readonly mayCreate: boolean },
): Promise<LedgerPlace> {
  const asked = resolve(path);
  try {
    if (options.mayCreate) await mkdir(dirname(asked), { recursive: true, mode: 0o700 });
    const folder = await realpath(dirname(asked));
    await checkFolder(folder);
    const file = join(folder, basename(asked));
    const found = await lstat(file).catch(absent);
    if (found === undefined) return { file, exists: false, bytes: 0 };
    checkFile(file, found);
    if (isPosix && options.mayCreate && (found.mode & 0o077) !== 0) await chmod(file, 0o600);
    return { file, exists: true, bytes: found.size };
  } catch (error) {
    if (!options.mayCreate && absentCode(error)) return { file: asked, exists: false, bytes: 0 };
    throw asStop(error, asked);
  }
}

async function checkFolder(folder: string): Promise<void> {
  const synced = syncedFolder(folder);
  if (synced !== undefined)
    throw new Stop('ledger/synced-folder', exitCode.usage, { facts: { file: folder, service: synced } });
  const network = networkFileSystem(
    folder,
    platform,
    platform === 'linux' ? (await statfs(folder)).type : undefined,
  );
  if (network !== undefined)
    throw new Stop('ledger/network-drive', exitCode.usage, { facts: { file: folder, system: network } });
  const { mode } = await stat(folder);
  if (isPosix && (mode & 0o002) !== 0 && (mode & sticky) === 0) {
    throw new Stop('ledger/open-to-others', exitCode.usage, {
      facts: { file: folder, mode: octal(mode) },
      hint: `chmod go-w '${folder}'`,
    });
  }
}

type Found = Awaited<ReturnType<typeof lstat>>;

function checkFile(file: string, found: Found): void {
  const kind = oddKind(found);
  if (kind !== undefined) throw new Stop('ledger/not-a-file', exitCode.usage, { facts: { file, kind } });
  const mode = Number(found.mode);
  if (isPosix && (mode & writableByOthers) !== 0) {
    throw new Stop('ledger/open-to-others', exitCode.usage, {
      facts: { file, mode: octal(mode) },
      hint: `chmod 600 '${file}'`,
    });
  }
}

/** A second name of the same file would be a second ledger to SQLite, with a log of its own. */
function oddKind(found: Found): string | undefined {
  if (found.isSymbolicLink()) return 'symlink';
  if (found.isDirectory()) return 'folder';
  if (!found.isFile()) return 'device';
  return Number(found.nlink) > 1 ? 'hard link' : undefined;
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

function absent(error: unknown): undefined {
  if (absentCode(error)) return undefined;
  throw error;
}

function absentCode(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
