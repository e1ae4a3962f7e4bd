/** The documents of a pack: each folder of `documents/` that holds a `document.json` is one. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentSpec } from '../../model/document.ts';
import { exitCode, Stop } from '../../model/stop.ts';
import { findPack, readJson } from '../pack-files.ts';
import { type KnownFields, readDocument } from './read.ts';

/** In the order of their names. Throws `Stop` (exit 2) naming the file that is no document. */
export function loadDocuments(pack: string, known: KnownFields): readonly DocumentSpec[] {
  const folder = findPack(pack);
  return namesIn(join(folder.path, 'documents')).map((name) => {
    const file = join('documents', name, 'document.json');
    const json = readJson(folder, file);
    try {
      return readDocument(name, json, known);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Stop('pack/broken', exitCode.usage, {
        facts: { file: join(folder.path, file), reason },
        cause,
      });
    }
  });
}

function namesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^[a-z][a-z0-9-]*$/u.test(name) && existsSync(join(folder, name, 'document.json')))
    .toSorted();
}
