/** Reads what a number format says about a value: a date, a percentage, a number with leading zeros, or nothing. */

/** `auto`: a date where the value has days, a time where it has a fraction. */
export type NumberFormat =
  | { readonly kind: 'general' }
  | { readonly kind: 'date'; readonly shows: 'date' | 'time' | 'both' | 'auto' }
  | { readonly kind: 'elapsed'; readonly unit: 'h' | 'm' | 's' }
  | { readonly kind: 'percent' }
  | { readonly kind: 'padded'; readonly digits: number };

export const general: NumberFormat = { kind: 'general' };
const date: NumberFormat = { kind: 'date', shows: 'date' };
const time: NumberFormat = { kind: 'date', shows: 'time' };
const both: NumberFormat = { kind: 'date', shows: 'both' };
const auto: NumberFormat = { kind: 'date', shows: 'auto' };

/**
 * The formats that a file names by number alone. 27–36 and 50–58 mean dates in Chinese, Japanese and Korean Excel; 30, 34–36 and
 * 50–58 differ between them in whether they show a date or a time. Source: ECMA-376 part 1, 18.8.30.
 */
export function builtInFormat(id: number): NumberFormat {
  if (id >= 14 && id <= 17) return date;
  if ((id >= 18 && id <= 21) || id === 45 || id === 47) return time;
  if (id === 22) return both;
  if (id === 46) return { kind: 'elapsed', unit: 'h' };
  if (id === 9 || id === 10) return { kind: 'percent' };
  if ((id >= 27 && id <= 31) || id === 57 || id === 58) return date;
  if (id === 32 || id === 33) return time;
  if ((id >= 34 && id <= 36) || (id >= 50 && id <= 56)) return auto;
  return general;
}

/** A format code as the file writes it: always in English tokens, whatever language Excel spoke. Judged by its first section. */
export function customFormat(code: string): NumberFormat {
  const { section, hasLiteral } = firstSection(code);
  const elapsed = /\[(?<unit>h+|m+|s+)\]/iu.exec(section)?.groups?.['unit']?.charAt(0).toLowerCase();
  if (elapsed === 'h' || elapsed === 'm' || elapsed === 's') return { kind: 'elapsed', unit: elapsed };
  const bare = section
    .replaceAll(/\[[^\]]*\]/gu, '')
    .replaceAll(/G\/通用格式|general/giu, '')
    .trim();
  if (!hasLiteral && /^0{2,}$/u.test(bare)) return { kind: 'padded', digits: bare.length };
  const letters = bare
    .replaceAll(/am\/pm|a\/p|上午\/下午/giu, 'h')
    .replaceAll(/e[+-]/giu, '')
    .toLowerCase();
  const showsTime = /[hs]/u.test(letters);
  const showsDate = /[ydeg]|a{3,}/u.test(letters) || (!showsTime && letters.includes('m'));
  if (showsDate) return showsTime ? both : date;
  if (showsTime) return time;
  return bare.includes('%') ? { kind: 'percent' } : general;
}

/** Up to the first `;`, without quoted text, escaped characters, fill characters (`*x`) and skipped widths (`_x`). */
function firstSection(code: string): { readonly section: string; readonly hasLiteral: boolean } {
  let section = '';
  let hasLiteral = false;
  for (let at = 0; at < code.length; at += 1) {
    const character = code.charAt(at);
    if (character === ';') break;
    if (character === '"') {
      const close = code.indexOf('"', at + 1);
      hasLiteral ||= close !== at + 1;
      at = close === -1 ? code.length : close;
    } else if (character === '\\' || character === '!') {
      hasLiteral = true;
      at += 1;
    } else if (character === '_' || character === '*') {
      at += 1;
    } else if (character === '[') {
      const close = code.indexOf(']', at);
      if (close === -1) break;
      section += code.slice(at, close + 1);
      at = close;
    } else section += character;
  }
  return { section, hasLiteral };
}
