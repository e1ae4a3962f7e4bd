/** Files that a window keeps for itself: readable by their owner alone, and never something that only looks like a file of ours. */
import { chmodSync, closeSync, lstatSync, openSync } from 'node:fs';

/** Makes the file (0600) where there is none. Throws where a link, a pipe, a file with a second name, or a file of somebody else stands there. */
export function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  // Not opened to look at it: closing it again would end the locks of whoever has it open in this process.
  const found = lstatSync(file);
  if (!found.isFile() || found.nlink > 1)
    throw Object.assign(new Error('not a regular file with one name'), { code: 'ENOTFILE' });
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) chmodSync(file, 0o600);
}
