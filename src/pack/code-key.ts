/** The keys under which codes and names are found: what a person would call the same text. */

const space = /[\s\u200b-\u200d\u2060\ufeff]+/gu;

/** Already its own key. */
const plain = /^[0-9A-Z\u4e00-\u9fff]+$/u;

const ascii = /^[\u0020-\u007e]*$/u;

/** NFKC (full width becomes half width), without any space, in capitals. */
export function nameKey(text: string): string {
  if (plain.test(text)) return text;
  const folded = ascii.test(text) ? text : text.normalize('NFKC');
  return folded.replace(space, '').toUpperCase();
}

/** As `nameKey`, but keeping the case, for lists in which `A` and `a` differ. */
export function exactKey(text: string): string {
  return text.normalize('NFKC').replace(space, '');
}
