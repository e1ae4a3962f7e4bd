/** Sees to it that the file read at the end is the file opened at the start. */
import { stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { refusal } from './refusal.ts';

/** A check that throws `Stop` when the file was written to, replaced or removed since. */
export async function unchangedCheck(handle: FileHandle, path: string): Promise<() => Promise<void>> {
  const before = await fingerprint(() => handle.stat({ bigint: true }));
  return async () => {
    const now = await fingerprint(() => handle.stat({ bigint: true }));
    const named = await fingerprint(() => stat(path, { bigint: true }));
    if (now !== before || named !== before) throw refusal('file/changed-while-reading', { file: path });
  };
}

async function fingerprint(
  look: () => Promise<{ ino: bigint; size: bigint; mtimeNs: bigint }>,
): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await look();
    return `${ino} ${size} ${mtimeNs}`;
  } catch {
    return 'gone';
  }
}
