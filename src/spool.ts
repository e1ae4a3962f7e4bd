/** A private temporary file for what is read again later in another order: memory holds only where each piece lies. */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cannotWrite } from './io.ts';

const bufferBytes = 1 << 18;

export type Piece = { readonly at: number; readonly bytes: number };
export type Spool = {
  /** Throws `Stop` (exit 74) where the disk is full. */
  readonly append: (text: string) => Promise<Piece>;
  readonly read: (piece: Piece) => Promise<string>;
  /** Removes it. */
  readonly close: () => Promise<void>;
};

export async function openSpool(): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), 'declarant-'));
  const path = join(folder, 'spool');
  const file: FileHandle = await open(path, 'wx+', 0o600);
  let held: Buffer[] = [];
  let heldBytes = 0;
  let end = 0;
  const flush = async (): Promise<void> => {
    const bytes = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    try {
      await file.appendFile(bytes);
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  };
  return {
    async append(text) {
      const bytes = Buffer.from(text, 'utf8');
      const piece = { at: end, bytes: bytes.length };
      held.push(bytes);
      heldBytes += bytes.length;
      end += bytes.length;
      if (heldBytes >= bufferBytes) await flush();
      return piece;
    },
    async read({ at, bytes }) {
      if (heldBytes > 0) await flush();
      const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, at);
      return buffer.toString('utf8');
    },
    async close() {
      await file.close().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
