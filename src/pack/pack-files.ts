/** Finds a pack's folder and reads its data files, each once, with a stop that names the file that is wrong. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FieldPath } from '../model/declaration.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Text } from '../model/text.ts';
import type { Identity, WindowPromises } from './pack.ts';

const schemas = fileURLToPath(new URL('../../schemas/', import.meta.url));

/** The packs that come with the program: name → folder under `schemas/`. */
const builtIn: Readonly<Record<string, string>> = { 'cn-goods-declaration': 'cn/goods-declaration' };

export type PackFolder = { readonly path: string; readonly isBuiltIn: boolean };

/** `pack.json`. */
export type PackInfo = {
  readonly name: string;
  readonly version: string;
  readonly title: Text;
  readonly direction: { readonly field: FieldPath; readonly import: string; readonly export: string };
  readonly utcOffsetMinutes: number;
  readonly identity: readonly Identity[];
  readonly shipment?: Identity;
  /** The segment that names the documents which go with a declaration. */
  readonly documents?: string;
  /** Segments whose fields win where a header word is also another segment's. */
  readonly primarySegments?: readonly string[];
  readonly window: WindowPromises;
};

/** A name of a pack that comes with the program, or a folder's path. Stops (exit 2) where there is neither. */
export function findPack(nameOrFolder: string): PackFolder {
  const known = Object.hasOwn(builtIn, nameOrFolder) ? builtIn[nameOrFolder] : undefined;
  if (known !== undefined) return { path: join(schemas, known), isBuiltIn: true };
  const path = isAbsolute(nameOrFolder) ? nameOrFolder : resolve(nameOrFolder);
  if (existsSync(join(path, 'pack.json'))) return { path, isBuiltIn: false };
  throw new Stop('pack/unknown', exitCode.usage, {
    facts: { name: nameOrFolder, known: Object.keys(builtIn) },
  });
}

/** The text of a file of the pack; `absent` where it is optional and not there. Stops (exit 2) where it cannot be read. */
export function readText(folder: PackFolder, file: string, absent?: string): string {
  if (absent !== undefined && !existsSync(join(folder.path, file))) return absent;
  try {
    return readFileSync(join(folder.path, file), 'utf8');
  } catch (cause) {
    throw new Stop('pack/unreadable', exitCode.usage, { facts: { file: join(folder.path, file) }, cause });
  }
}

/** A JSON file of the pack; `absent` where it is optional and not there. Stops (exit 2) where it is no JSON object. */
export function readJson(folder: PackFolder, file: string, absent?: object): unknown {
  if (absent !== undefined && !existsSync(join(folder.path, file))) return absent;
  const text = readText(folder, file);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Stop('pack/broken', exitCode.usage, {
      facts: { file: join(folder.path, file), reason },
      cause,
    });
  }
  const facts = { file: join(folder.path, file), reason: 'no JSON object' };
  throw new Stop('pack/broken', exitCode.usage, { facts });
}
