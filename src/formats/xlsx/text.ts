/** Decodes the text of a cell: XML references, line ends, and the `_x000D_` escapes of SpreadsheetML. */

/** The fast readers saw something unusual: the strict reader decides. Never leaves this room. */
export class Doubt extends Error {}

const references = /&(?:#x(?<hex>[0-9a-fA-F]{1,6})|#(?<decimal>\d{1,7})|(?<name>lt|gt|amp|quot|apos));|&/gu;
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** What XML makes of a text between two tags. Throws `Doubt` where the strict reader would refuse. */
export function decodeXmlText(raw: string): string {
  if (raw.includes(']]>')) throw new Doubt();
  const text = raw.includes('\r') ? raw.replaceAll(/\r\n?/gu, '\n') : raw;
  if (!text.includes('&')) return text;
  return text.replaceAll(references, (...found) => {
    const { hex, decimal, name } = found.at(-1) as { hex?: string; decimal?: string; name?: string };
    if (name !== undefined) return named[name] ?? '';
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!isXmlCharacter(point)) throw new Doubt();
    return String.fromCodePoint(point);
  });
}

/** XML 1.0, production 2. */
function isXmlCharacter(point: number): boolean {
  if (point < 0x20) return point === 0x9 || point === 0xa || point === 0xd;
  return point <= 0xd7ff || (point >= 0xe000 && point <= 0xfffd) || (point >= 0x10000 && point <= 0x10ffff);
}

/** `_x000D_` means the character U+000D, `_x005F_` an underscore (ECMA-376 part 1, 22.9.2.19). An escape that would leave half a surrogate pair stays as it stands. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replaceAll(
    /(?:_x[dD][89abAB][0-9a-fA-F]{2}__x[dD][c-fC-F][0-9a-fA-F]{2}_)|_x[0-9a-fA-F]{4}_/gu,
    (escape) => {
      const first = Number.parseInt(escape.slice(2, 6), 16);
      if (escape.length > 7) return String.fromCharCode(first, Number.parseInt(escape.slice(9, 13), 16));
      return first >= 0xd800 && first <= 0xdfff ? escape : String.fromCharCode(first);
    },
  );
}
