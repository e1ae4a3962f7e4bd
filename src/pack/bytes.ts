/** Counts the bytes of a text in GB18030, the encoding in which the interface counts, without encoding it. */

/** One byte for each UTF-16 unit: 2 where GB18030 has a two-byte code, else 4. Made on first use. */
let widths: Uint8Array | undefined;

/** Every two-byte code of GB18030, decoded: leads 81–FE, trails 40–7E and 80–FE. */
function makeWidths(): Uint8Array {
  const table = new Uint8Array(0x10000).fill(4);
  table.fill(1, 0, 0x80);
  const bytes = new Uint8Array(126 * 190 * 2);
  let at = 0;
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue;
      bytes[at] = lead;
      bytes[at + 1] = trail;
      at += 2;
    }
  }
  const decoded = new TextDecoder('gb18030').decode(bytes);
  for (let index = 0; index < decoded.length; index += 1) {
    const unit = decoded.charCodeAt(index);
    if (unit >= 0x80 && unit !== 0xfffd) table[unit] = 2;
  }
  return table;
}

/** Bytes in GB18030. A character outside the basic plane takes four; so does half of one standing alone. */
export function gb18030Bytes(text: string): number {
  widths ??= makeWidths();
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit < 0xdc00) {
      const next = text.charCodeAt(index + 1);
      if (next >= 0xdc00 && next < 0xe000) index += 1;
    }
    bytes += widths[unit] ?? 4;
  }
  return bytes;
}
