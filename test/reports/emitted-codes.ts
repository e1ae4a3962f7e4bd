/** Every problem code that the sources can emit: a test of the catalogue must not forget one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const source = join(import.meta.dirname, '..', '..', 'src');
const notCodes = new Set(['application/json', 'application/x-ndjson', 'cn/goods-declaration']);

function sources(): { file: string; text: string }[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }));
}

/** The members of the union of strings that follows `after` in a source file. */
function union(file: string, after: RegExp): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const line = after.exec(text)?.[1] ?? '';
  return [...line.matchAll(/'([^']+)'/gu)].map(([, name = '']) => name);
}

/** Code → a file that emits it. */
export function emittedCodes(): Map<string, string> {
  const codes = new Map<string, string>();
  for (const { file, text } of sources()) {
    for (const [, code = ''] of text.matchAll(
      /'([a-z][a-z0-9]*(?:-[a-z0-9]+)*\/[a-z](?:[a-z0-9-]*[a-z0-9])?)'/gu,
    )) {
      if (!notCodes.has(code)) codes.set(code, file);
    }
  }
  for (const kind of union('model/row.ts', /readonly kind: ('merged'.*);/u))
    codes.set(`cell/${kind}`, 'model/row.ts');
  for (const cause of union('window/single-window.ts', /readonly cause: (.*);/u)) {
    if (cause !== 'sign-in') codes.set(`window/${cause}`, 'window/single-window.ts');
  }
  return codes;
}
