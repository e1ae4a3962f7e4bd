/** A folder of messages: the files in it that can be one. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The `.xml` and `.zip` files in a folder, by name; nothing where `path` is no folder, or holds none. Folders in it are left alone. */
export async function messagesIn(path: string): Promise<readonly string[] | undefined> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return undefined;
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isFile() && /\.(?:xml|zip)$/iu.test(entry.name))
    .map(({ name }) => name);
  return names.length === 0 ? undefined : names.toSorted().map((name) => join(path, name));
}
