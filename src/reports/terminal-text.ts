/** Text from outside made safe for a terminal, and aligned by the width at which terminals show it. */

/** C0 but LF and TAB, DEL, C1, line separators, and the marks that reorder or hide what follows. */
const unsafe =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Every control character becomes visible as `\xHH` or `\u{HHHH}`; LF and TAB stay. No byte of data can move the cursor. */
export function escapeForTerminal(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0);
    const digits = code.toString(16).padStart(2, '0');
    return code < 0x100 ? `\\x${digits}` : `\\u{${digits}}`;
  });
}

/** DEL, C1, and what reorders or hides: JSON leaves them as they are. */
const leftByJson =
  /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/gu;

/** JSON that says the same and shows what is in it: `\u202e` stands as six characters. A byte order mark at the beginning stays. */
export function escapeJson(json: string): string {
  return json.replace(leftByJson, (character, at: number) =>
    at === 0 && character === '\ufeff'
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** As `escapeForTerminal`, and on one line: for a value shown inside a sentence or a table. Longer ones are cut at `limit` characters. */
export function oneLine(text: string, limit = 200): string {
  const flat = escapeForTerminal(text.replace(/\s*[\r\n]+\s*/gu, ' ').replaceAll('\t', ' '));
  return flat.length > limit ? `${flat.slice(0, limit - 1).replace(/[\ud800-\udbff]$/u, '')}…` : flat;
}

/** Ranges shown two columns wide: East Asian Wide and Fullwidth, and emoji (Unicode Standard Annex 11). */
const wide =
  /[\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23ec\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const onlyAscii = /^[\u0020-\u007e]*$/u;

let segmenter: Intl.Segmenter | undefined;

/** The columns that a text without control characters takes on a terminal. */
export function displayWidth(text: string): number {
  if (onlyAscii.test(text)) return text.length;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    if (wide.test(segment)) width += 2;
    else if (!invisible.test(segment)) width += 1;
  }
  return width;
}

/** Filled up with spaces to `width` columns; longer text is left as it is. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Rows of cells as lines whose columns stand under each other, two spaces apart, no blanks at the ends. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => padToWidth(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
