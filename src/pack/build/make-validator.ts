/** Makes `validator.generated.js` from `declaration.schema.json`. Run: node src/pack/build/make-validator.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemaToCode } from '../compile-schema.ts';
import { makeKeywords } from '../keywords.ts';
import { packFolder } from './make-schema.ts';

/** The text of the module, from the schema in the pack's folder. */
export async function validatorText(folder: string): Promise<string> {
  const schema = JSON.parse(readFileSync(join(folder, 'declaration.schema.json'), 'utf8')) as {
    [name: string]: unknown;
  };
  return schemaToCode(schema, makeKeywords(new Map()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(packFolder, 'validator.generated.js'), await validatorText(packFolder));
}
