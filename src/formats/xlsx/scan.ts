/** Finds the end of a text between two tags, byte by byte, and says what the text holds. The bytes end in zeros. */

/** What `textEnd` says in its lowest three bits. */
export const textFlag = { reference: 1, escape: 2, bad: 4 } as const;

const plain = 0;
const tag = 1;
const look = 2;

const classOf = new Uint8Array(256);
classOf.fill(look, 0, 0x20);
classOf[0x09] = plain;
classOf[0x0a] = plain;
for (const character of ['&', '_', ']']) classOf[character.charCodeAt(0)] = look;
classOf[0xef] = look;
classOf[0x3c] = tag;

/**
 * Eight times the position of the next `<`, plus flags: `reference` where something has to be decoded (`&`, CR), `escape` where
 * there may be an `_x000D_`, `bad` where the text ends without `<` or holds what XML forbids.
 */
export function textEnd(bytes: Uint8Array, from: number): number {
  let flags = 0;
  let at = from;
  for (;;) {
    const byte = bytes[at] ?? 0;
    const kind = classOf[byte];
    if (kind === plain) {
      at += 1;
      continue;
    }
    if (kind === tag) return at * 8 + flags;
    if (byte === 0x26 || byte === 0x0d) flags |= textFlag.reference;
    else if (byte === 0x5f) flags |= bytes[at + 1] === 0x78 ? textFlag.escape : 0;
    else if (byte === 0x5d) flags |= bytes[at + 1] === 0x5d && bytes[at + 2] === 0x3e ? textFlag.bad : 0;
    else if (byte === 0xef)
      flags |= bytes[at + 1] === 0xbf && (bytes[at + 2] ?? 0) >= 0xbe ? textFlag.bad : 0;
    else return at * 8 + textFlag.bad;
    at += 1;
  }
}

/** The position after an attribute's closing quote, or -1 where the strict reader has to look. `at` is its name's first byte. */
export function attributeEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isNameByte(bytes[at] ?? 0)) at += 1;
  if (at === from || bytes[at] !== 0x3d || bytes[at + 1] !== 0x22) return -1;
  at += 2;
  for (;;) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x22) return at + 1;
    if (byte === 0x3c || byte === 0x26 || byte === 0xef || byte < 0x20) return -1;
    at += 1;
  }
}

function isNameByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x3a) ||
    byte === 0x5f ||
    byte === 0x2d ||
    byte === 0x2e
  );
}

/** Whether the attributes between two positions have well-formed names, each once, and declared prefixes. Costly: for rare tags. */
export function attributesAreSound(
  bytes: Buffer,
  from: number,
  to: number,
  prefixes: ReadonlySet<string>,
): boolean {
  const names = bytes.toString('latin1', from, to).matchAll(/([\w.:-]+)="[^"]*"/gu);
  const seen = new Set<string>();
  for (const [, name = ''] of names) {
    const [prefix = '', local] = name.split(':');
    if (seen.has(name) || !/^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/u.test(name)) return false;
    if (local !== undefined && prefix !== 'xml' && !prefixes.has(prefix)) return false;
    seen.add(name);
  }
  return true;
}

/** -1 for what is no whole number of 1 to 9 digits. */
export function wholeNumber(bytes: Buffer, from: number, to: number): number {
  if (to <= from || to - from > 9) return -1;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Where a broken attribute breaks: at the first zero byte after it, or at itself. */
export function cutOff(bytes: Buffer, at: number): number {
  const close = bytes.indexOf(0x3e, at);
  const zero = bytes.indexOf(0, at);
  return zero !== -1 && (close === -1 || zero < close) ? zero : at;
}

export function startsWith(bytes: Buffer, at: number, word: Buffer): boolean {
  return at + word.length <= bytes.length && bytes.compare(word, 0, word.length, at, at + word.length) === 0;
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
