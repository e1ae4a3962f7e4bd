/** The cells of one row's XML, in their columns. */
import { Doubt } from './doubt.ts';
import { columnOf } from './xml.ts';

export type RawCell = {
  /** From 0. */
  readonly column: number;
  /** The opening tag, and the whole cell. */
  readonly tag: string;
  readonly raw: string;
  /** It has a value or a formula. */
  readonly isFilled: boolean;
};

export type RowCells = {
  readonly cells: readonly RawCell[];
  /** What follows the last cell. */ readonly rest: string;
};

const filled = /<(?:[\w.-]+:)?(?:v|is|f)[\s>]/u;

export function cellReader(prefix: string): (content: string) => RowCells {
  const pattern = new RegExp(`(<${prefix}c(?:\\s[^>]*?)?)(?:/>|>([\\s\\S]*?)</${prefix}c>)`, 'uy');
  return (content) => {
    const cells: RawCell[] = [];
    let at = 0;
    let column = -1;
    for (;;) {
      while (content.charCodeAt(at) <= 0x20) at += 1;
      pattern.lastIndex = at;
      const found = pattern.exec(content);
      if (found === null) break;
      const [raw, tag = '', inner = ''] = found;
      const reference = /\sr\s*=\s*["']([A-Z]{1,3})\d*["']/u.exec(tag)?.[1];
      const next = reference === undefined ? column + 1 : columnOf(reference);
      if (next <= column) throw new Doubt();
      column = next;
      cells.push({ column, tag, raw, isFilled: filled.test(inner) });
      at += raw.length;
    }
    const rest = content.slice(at);
    if (rest !== '' && !/^<(?:[\w.-]+:)?extLst[\s>]/u.test(rest)) throw new Doubt();
    return { cells, rest };
  };
}
