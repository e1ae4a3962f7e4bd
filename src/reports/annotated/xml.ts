/** Texts and tags of the few kinds of XML that the annotated workbook reads and writes. */
import { cellName } from '../../model/row.ts';

/** No cell holds more (ECMA-376; Excel's own limit). */
const mostCharacters = 32_767;

/** What XML 1.0 cannot carry: control characters, non-characters, and half surrogate pairs. */
const unspeakable =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Text for an element or a quoted attribute. What cannot be said becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text.replace(unspeakable, '\ufffd').replace(/[&<>"\r]/gu, (sign) => entities[sign] ?? sign);
}

/** Text of a cell: spreadsheets read `_x0041_` as a character, so its underscore is escaped; longer text is cut. */
export function cellXmlText(text: string): string {
  const cut =
    text.length > mostCharacters
      ? `${text.slice(0, mostCharacters - 1).replace(/[\ud800-\udbff]$/u, '')}…`
      : text;
  return escapeXml(cut.replace(/_(?=x[\da-f]{4}_)/giu, '_x005F_'));
}

/** A cell that holds text and can never be a formula. `prefix` is the namespace prefix with its colon, or `''`. Lines count from 1. */
export function textCell(
  { column, line, style }: { readonly column: number; readonly line: number; readonly style: number },
  text: string,
  prefix: string,
): string {
  const open = `<${prefix}c r="${cellName(column, line)}" s="${style}"`;
  if (text === '') return `${open}/>`;
  return `${open} t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${cellXmlText(text)}</${prefix}t></${prefix}is></${prefix}c>`;
}

/** The text of an attribute as it stands, its entities resolved; names are matched without their prefix where `name` has none. */
export function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s(?:[\\w.-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'u').exec(tag);
  return found === null ? undefined : unescapeXml(found[1] ?? found[2] ?? '');
}

/** The tag with the attribute set. */
export function withAttribute(tag: string, name: string, value: string): string {
  const without = tag.replace(new RegExp(`\\s${name}\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'u'), '');
  return without.replace(/^(<[^\s/>]+)/u, (start) => `${start} ${name}="${escapeXml(value)}"`);
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/giu, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return named[name] ?? whole;
    const point = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole;
  });
}

/** `AB12` → 27; -1 where that is no cell. */
export function columnOf(reference: string): number {
  const letters = /^\$?([A-Z]{1,3})\$?\d*$/u.exec(reference)?.[1];
  if (letters === undefined) return -1;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
