/** The parts that headers are made of, each said in one way: `净重量`, `net weight` and `N/W` all become `净重`. */
import { csvRows } from './csv-rows.ts';

const longestPart = 20;
const latin = /^[a-z]/u;

/** Traditional characters one by one; everything else as whole parts. */
export function makeRephrase(csv: string): (normalised: string) => string {
  const parts = new Map<string, string>();
  const characters = new Map<string, string>();
  for (const [part = '', means = ''] of csvRows(csv)) {
    if (part.length === 1 && means.length === 1 && part !== means) characters.set(part, means);
    parts.set(part, means);
  }
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const simplified = text.replaceAll(
      /\p{Script=Han}/gu,
      (character) => characters.get(character) ?? character,
    );
    const said = text.length > 100 ? text : rephrase(simplified, parts);
    if (known.size < 8192) known.set(text, said);
    return said;
  };
}

/** From left to right, the longest part first. A run of Latin letters is replaced only where parts make up the whole of it. */
function rephrase(text: string, parts: ReadonlyMap<string, string>): string {
  let said = '';
  for (let at = 0; at < text.length;) {
    const found = longestAt(text, at, parts);
    if (found === 0) {
      const run = /^[a-z]+/u.exec(text.slice(at))?.[0] ?? text.slice(at, at + 1);
      said += run;
      at += run.length;
    } else {
      said += parts.get(text.slice(at, at + found)) ?? '';
      at += found;
    }
  }
  return said;
}

function longestAt(text: string, at: number, parts: ReadonlyMap<string, string>): number {
  for (let length = Math.min(longestPart, text.length - at); length > 0; length -= 1) {
    const part = text.slice(at, at + length);
    if (!parts.has(part)) continue;
    if (!latin.test(part) || endsRun(text, at + length, parts)) return length;
  }
  return 0;
}

function endsRun(text: string, at: number, parts: ReadonlyMap<string, string>): boolean {
  return !/[a-z]/u.test(text.slice(at, at + 1)) || longestAt(text, at, parts) > 0;
}
