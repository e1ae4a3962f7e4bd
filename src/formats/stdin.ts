/** Standard input as a file: spooled to a private temporary file that is removed on close. */
import { rmSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCode, Stop } from '../model/stop.ts';
import type { SourceBook, SourceTable } from './format.ts';

/** More than any file that the row limit lets through. */
const mostBytes = 4 * 1_073_741_824;

export type Spooled = { readonly path: string; readonly remove: () => Promise<void> };

/** The folder is 0700 and the file 0600. Throws `Stop`: exit 3 over 4 GiB, exit 74 on a full disk. */
export async function spool(input: AsyncIterable<Buffer>, limitBytes: number = mostBytes): Promise<Spooled> {
  const folder = await mkdtemp(join(tmpdir(), 'declarant-spool-'));
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  const remove = async (): Promise<void> => {
    process.off('exit', removeNow);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const path = join(folder, 'input');
    const handle = await open(path, 'wx', 0o600);
    try {
      let bytes = 0;
      for await (const chunk of input) {
        bytes += chunk.length;
        if (bytes > limitBytes) {
          throw new Stop('file/too-large', exitCode.unreadable, { facts: { file: '-', limit: limitBytes } });
        }
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
    return { path, remove };
  } catch (error) {
    await remove();
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      throw new Stop('file/no-space', exitCode.storage, { facts: { folder: tmpdir() }, cause: error });
    }
    throw error;
  }
}

/** The book of a spooled file under the name that the user gave it, `-`. */
export async function asStdin(spooled: Spooled, openSpooled: () => Promise<SourceBook>): Promise<SourceBook> {
  try {
    const book = await openSpooled();
    return {
      ...book,
      file: '-',
      problems: book.problems.map((problem) =>
        problem.row === undefined ? problem : { ...problem, row: { ...problem.row, file: '-' } },
      ),
      tables: book.tables.map((table) => ({ ...table, rows: () => renamedRows(table) })),
      digest: () => book.digest().catch(rethrow),
      close: async () => {
        await book.close();
        await spooled.remove();
      },
    };
  } catch (error) {
    await spooled.remove();
    return rethrow(error);
  }
}

async function* renamedRows(
  table: SourceTable,
): ReturnType<typeof table.rows> extends AsyncIterable<infer Chunk>
  ? AsyncGenerator<Chunk, void, undefined>
  : never {
  try {
    yield* table.rows();
  } catch (error) {
    rethrow(error);
  }
}

/** A stop that names the temporary file would tell the user about a file that is not theirs. */
function rethrow(error: unknown): never {
  if (!(error instanceof Stop) || !('file' in error.facts)) throw error;
  const { code, exit, facts, hint, problems, cause } = error;
  throw new Stop(code, exit, {
    facts: { ...facts, file: '-' },
    ...(hint === undefined ? {} : { hint }),
    problems,
    cause,
  });
}
