/** Text as it stands in an XML document. */

const special = /[&<>"\r]/gu;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Left as it is, a reader would make a line feed of it.
  '\r': '&#13;',
};

/** For elements and attributes without line breaks. The text holds only characters that XML 1.0 can hold: see `isXmlText`. */
export function escapeText(text: string): string {
  return text.replace(special, (character) => entities[character] ?? character);
}

/** Source: XML 1.0, production 2. */
export function isXmlText(text: string): boolean {
  return !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text);
}
