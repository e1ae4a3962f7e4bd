/** Reads the folders of the common-problem catalogue: ours, the pack's, and the office's own, which wins. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCode, Stop } from '../../model/stop.ts';
import type { Text } from '../../model/text.ts';
import { entriesOf, type Supplement } from './entry.ts';

const general = fileURLToPath(new URL('../../../schemas/declarant/common-problems/', import.meta.url));
const groupsFile = 'groups.json';

export type Folder = { readonly path: string; readonly isOffice?: true };

function namesIn(folder: Folder): readonly string[] {
  try {
    return readdirSync(folder.path)
      .filter((name) => name.endsWith('.json') && name !== groupsFile)
      .toSorted();
  } catch (cause) {
    if (folder.isOffice !== true) return [];
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new Stop('problems/folder-unreadable', exitCode.usage, {
      facts: { folder: folder.path, reason },
      cause,
    });
  }
}

function readEntries(folder: Folder, name: string): readonly Supplement[] {
  const file = join(folder.path, name);
  try {
    const entries = entriesOf(JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/u, '')));
    return folder.isOffice === true ? entries.map((entry) => ({ ...entry, office: file })) : entries;
  } catch (cause) {
    // What is wrong in a file that comes with the program is our fault: a defect.
    if (folder.isOffice !== true) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Stop('problems/file-broken', exitCode.usage, { facts: { file, reason }, cause });
  }
}

/** By id; later folders win, member by member. Throws `Stop` (exit 2) for an office's file that is no catalogue. */
export function readFolders(folders: readonly Folder[]): ReadonlyMap<string, Supplement> {
  const entries = new Map<string, Supplement>();
  for (const folder of [{ path: general }, ...folders]) {
    for (const name of namesIn(folder)) {
      for (const entry of readEntries(folder, name))
        entries.set(entry.id, { ...entries.get(entry.id), ...entry });
    }
  }
  return entries;
}

/** The names of the groups, in the order in which they are shown. */
export function readGroups(): ReadonlyMap<string, Text> {
  const groups: unknown = JSON.parse(readFileSync(join(general, groupsFile), 'utf8'));
  return new Map(Object.entries(groups as Readonly<Record<string, Text>>));
}
