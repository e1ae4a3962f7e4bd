/** Draws a customs number as a QR code: version 1, level M, alphanumeric. Source: ISO/IEC 18004. */

const size = 21;
const dataCodewords = 16;
const checkCodewords = 10;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
/** The most characters that this smallest code holds at level M. */
export const mostQrCharacters = 20;

/** Rows of modules, `true` is dark. Undefined for a text that is too long or holds other characters than digits, capital letters and ` $%*+-./:`. */
export function qrModules(text: string): readonly (readonly boolean[])[] | undefined {
  const values = Array.from(text, (character) => alphabet.indexOf(character));
  if (values.length === 0 || values.length > mostQrCharacters || values.includes(-1)) return undefined;
  const data = encode(values);
  return place([...data, ...checkOf(data)]);
}

/** A path of unit squares in a view box of 29 by 29: four modules of quiet zone around. */
export function qrSvg(text: string, title: string): string | undefined {
  const modules = qrModules(text);
  if (modules === undefined) return undefined;
  const squares = modules.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x + 4} ${y + 4}h1v1h-1z`] : [])),
  );
  return `<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" role="img" aria-label="${title}"><rect width="29" height="29" fill="#fff"/><path d="${squares.join('')}" fill="#000"/></svg>`;
}

function encode(values: readonly number[]): readonly number[] {
  let bits = `0010${values.length.toString(2).padStart(9, '0')}`;
  for (let at = 0; at < values.length; at += 2) {
    const [first = 0, second] = values.slice(at, at + 2);
    bits +=
      second === undefined
        ? first.toString(2).padStart(6, '0')
        : (first * 45 + second).toString(2).padStart(11, '0');
  }
  bits += '0'.repeat(Math.min(4, dataCodewords * 8 - bits.length));
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  const codewords = (bits.match(/.{8}/gu) ?? []).map((byte) => Number.parseInt(byte, 2));
  for (let pad = 0; codewords.length < dataCodewords; pad += 1) codewords.push(pad % 2 === 0 ? 0xec : 0x11);
  return codewords;
}

/** In the field of 256 elements over x⁸+x⁴+x³+x²+1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

/** The remainder of the data, as a Reed–Solomon code asks. */
function checkOf(data: readonly number[]): readonly number[] {
  let generator = [1];
  for (let power = 0, root = 1; power < checkCodewords; power += 1, root = times(root, 2)) {
    const next = [...generator, 0];
    for (const [at, factor] of generator.entries()) next[at + 1] = (next[at + 1] ?? 0) ^ times(factor, root);
    generator = next;
  }
  const rest = Array.from({ length: checkCodewords }, () => 0);
  for (const codeword of data) {
    const factor = codeword ^ (rest.shift() ?? 0);
    rest.push(0);
    for (const [at, part] of generator.slice(1).entries()) rest[at] = (rest[at] ?? 0) ^ times(part, factor);
  }
  return rest;
}

function place(codewords: readonly number[]): readonly (readonly boolean[])[] {
  const fixed = patterns();
  const bits = codewords.flatMap((codeword) =>
    Array.from({ length: 8 }, (_, bit) => ((codeword >>> (7 - bit)) & 1) === 1),
  );
  const rows = fixed.map((row) => row.map((module) => module ?? false));
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    // The column of the timing pattern is left out.
    const column = right <= 6 ? right - 1 : right;
    const isUpward = ((size - 1 - right) / 2) % 2 === 0;
    for (let step = 0; step < size; step += 1) {
      const y = isUpward ? size - 1 - step : step;
      for (const x of [column, column - 1]) {
        const row = rows[y];
        if (row === undefined || fixed[y]?.[x] !== undefined) continue;
        row[x] = (bits[at] ?? false) !== ((x + y) % 2 === 0);
        at += 1;
      }
    }
  }
  return rows;
}

/** Finders, timing, the dark module, and the format (level M, mask 0); undefined where data goes. */
function patterns(): (boolean | undefined)[][] {
  const rows = Array.from({ length: size }, () =>
    Array.from({ length: size }, (): boolean | undefined => undefined),
  );
  const set = (x: number, y: number, isDark: boolean): void => {
    const row = rows[y];
    if (row !== undefined && x >= 0 && x < size) row[x] = isDark;
  };
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [left, top] of [
    [0, 0],
    [size - 7, 0],
    [0, size - 7],
  ] as const) {
    for (let y = -1; y <= 7; y += 1) {
      for (let x = -1; x <= 7; x += 1) {
        const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
        set(left + x, top + y, ring !== 2 && ring <= 3);
      }
    }
  }
  // Level M is 00 and mask 0 is 000: of the 15 bits only the fixed mask 0x5412 is left.
  for (let bit = 0; bit < 15; bit += 1) {
    const isDark = ((0x5412 >>> bit) & 1) === 1;
    set(8, bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, isDark);
    set(bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit, 8, isDark);
  }
  set(8, size - 8, true);
  return rows;
}
