/** Finds the hidden rows of a sheet in its raw bytes, without reading the cells. */

/** Hidden lines are counted; these many are named. */
export const namedLines = 20;

const hiddenRow = /^<row(?=\s)[^>]*\shidden\s*=\s*["'](?:1|true|on)["']/u;

export type HiddenLines = {
  /** Whole tags only. */
  readonly search: (bytes: Buffer) => void;
  readonly result: () => { readonly count: number; readonly first: readonly number[] };
};

export function hiddenLines(): HiddenLines {
  let count = 0;
  const first: number[] = [];
  return {
    search(bytes) {
      for (let at = bytes.indexOf('hidden'); at !== -1; at = bytes.indexOf('hidden', at + 6)) {
        const start = bytes.lastIndexOf(0x3c, at);
        const close = bytes.indexOf(0x3e, at);
        const tag = bytes.toString('latin1', start, close === -1 ? bytes.length : close);
        if (!hiddenRow.test(tag)) continue;
        count += 1;
        const line = /\sr\s*=\s*["'](?<line>\d+)/u.exec(tag)?.groups?.['line'];
        if (line !== undefined && first.length < namedLines) first.push(Number(line));
      }
    },
    result: () => ({ count, first }),
  };
}
