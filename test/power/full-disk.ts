/** A real full disk for the results: a file system of 16 KiB, mounted where only the run sees it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './recording.ts';
import { environmentOf } from './strace.ts';

const mounting = 'mount -t tmpfs -o size=16k none "$1" && shift && exec "$@"';

/** Why there is none here, or nothing. */
export function whyNoFullDisk(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux mounts for one process alone';
  const tried = spawnSync('unshare', ['-rm', 'sh', '-c', mounting, 'sh', '/tmp', 'true']);
  return tried.status === 0 ? undefined : 'mounting for one process alone is not allowed here';
}

/** The program with these words; `folder`, which exists, is full after 16 KiB. */
export function onFullDisk(
  folder: string,
  words: readonly string[],
  home: string,
): { readonly code: number | null; readonly stderr: string } {
  const args = [
    '-rm',
    'sh',
    '-c',
    mounting,
    'sh',
    folder,
    process.execPath,
    join(root, 'bin/declarant.js'),
    ...words,
  ];
  const { status, stderr } = spawnSync('unshare', args, {
    cwd: home,
    env: environmentOf(home),
    encoding: 'utf8',
  });
  return { code: status, stderr };
}
