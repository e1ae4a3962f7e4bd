/** A copy of the program with one thing changed in it: a check that finds nothing there proves nothing. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './recording.ts';

export type Change = { readonly file: string; readonly from: string; readonly to: string };

/** Runs `work` with the copy's launcher. Throws where a place to change is no longer there. */
export async function withPlanted(
  changes: readonly Change[],
  work: (program: string) => Promise<void>,
): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'declarant-planted-'));
  try {
    for (const part of ['bin', 'src', 'schemas', 'package.json'])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
    for (const { file, from, to } of changes) {
      const text = readFileSync(join(copy, file), 'utf8');
      if (!text.includes(from)) throw new Error(`${file} no longer holds: ${from}`);
      writeFileSync(join(copy, file), text.replace(from, to));
    }
    await work(join(copy, 'bin/declarant.js'));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
