/** JSON that says one thing: no member named twice, which readers understand differently. */
import { parseJson } from '../json.ts';

/** The value; undefined where the text is not JSON or an object names a member twice. */
export function parseStrictJson(text: string): unknown {
  const value = parseJson(text);
  return value === undefined || hasRepeatedName(text) ? undefined : value;
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gu;

/** For text that is already known to be JSON. */
function hasRepeatedName(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let isName = false;
  for (const [piece] of text.matchAll(token)) {
    const names = open.at(-1);
    if (piece === '{') open.push(new Set());
    else if (piece === '[') open.push(undefined);
    else if (piece === '}' || piece === ']') open.pop();
    else if (isName && names !== undefined && piece.startsWith('"')) {
      const name = piece.includes('\\') ? String(JSON.parse(piece)) : piece.slice(1, -1);
      if (names.has(name)) return true;
      names.add(name);
    }
    isName = piece === '{' || piece === ',';
  }
  return false;
}
