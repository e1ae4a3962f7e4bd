/** Keeps the notes of every table on disk until their sheets are written: as many rows as there are, and no more memory. */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowResult } from '../../model/result.ts';
import type { ReportContext } from '../report.ts';
import { type CellComment, commentsOf, noteOf, type RowNote } from './note.ts';

/** More boxes than this on one sheet make spreadsheets slow; the cells beyond are coloured, and their problems stand beside them. */
export const mostComments = 3000;

const bufferCharacters = 1 << 18;

export type TableNotes = {
  readonly file: string;
  readonly sheet?: string;
  readonly firstLine: number;
  readonly comments: readonly CellComment[];
  readonly hasMoreComments: boolean;
  /** In the order of the lines, each time from the first. */
  readonly notes: () => AsyncGenerator<RowNote>;
};

export type NoteStore = {
  readonly add: (results: readonly RowResult[]) => Promise<void>;
  readonly tables: () => Promise<readonly TableNotes[]>;
  readonly remove: () => Promise<void>;
};

type Table = {
  handle: FileHandle;
  path: string;
  held: string;
  file: string;
  sheet?: string;
  firstLine: number;
  comments: CellComment[];
  hasMore: boolean;
};

/** Makes its folder when the first note comes. */
export function noteStore(context: ReportContext): NoteStore {
  const tables = new Map<string, Table>();
  let folder: string | undefined;

  async function tableOf({ ref }: RowResult): Promise<Table> {
    const name = `${ref.file}\u0000${ref.sheet ?? ''}`;
    const known = tables.get(name);
    if (known !== undefined) return known;
    folder ??= await mkdtemp(join(tmpdir(), 'declarant-notes-'));
    const path = join(folder, String(tables.size));
    const made: Table = {
      handle: await open(path, 'wx', 0o600),
      path,
      held: '',
      file: ref.file,
      ...(ref.sheet === undefined ? {} : { sheet: ref.sheet }),
      firstLine: ref.line,
      comments: [],
      hasMore: false,
    };
    tables.set(name, made);
    return made;
  }

  async function flush(table: Table): Promise<void> {
    const { held } = table;
    table.held = '';
    if (held !== '') await table.handle.writeFile(held, 'utf8');
  }

  return {
    async add(results) {
      for (const result of results) {
        const table = await tableOf(result);
        table.held += `${JSON.stringify(noteOf(result, context))}\n`;
        if (table.held.length > bufferCharacters) await flush(table);
        if (result.decision.problems.length === 0) continue;
        const comments = commentsOf(result, context);
        const room = mostComments - table.comments.length;
        table.comments.push(...comments.slice(0, room));
        if (comments.length > room) table.hasMore = true;
      }
    },
    async tables() {
      for (const table of tables.values()) await flush(table);
      return [...tables.values()].map(({ path, file, sheet, firstLine, comments, hasMore }) => ({
        file,
        ...(sheet === undefined ? {} : { sheet }),
        firstLine,
        comments,
        hasMoreComments: hasMore,
        notes: () => notesIn(path),
      }));
    },
    async remove() {
      for (const { handle } of tables.values()) await handle.close().catch(() => undefined);
      tables.clear();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}

async function* notesIn(path: string): AsyncGenerator<RowNote> {
  const handle = await open(path, 'r');
  try {
    // Our own lines, written a moment ago.
    for await (const line of handle.readLines({ encoding: 'utf8', autoClose: false }))
      yield JSON.parse(line) as RowNote;
  } finally {
    await handle.close().catch(() => undefined);
  }
}
