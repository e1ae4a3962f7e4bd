/** Explains a word of the window: by the text that came, then by its code. */
import type { CommonProblem } from './entry.ts';

export type Said = { readonly code?: string; readonly text?: string };

/** Width, case, blanks and quotation marks make no difference. */
export function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s“”"'‘’【】[\]「」!！。,，:：;；]+/gu, '');
}

/** The pieces of a literal text around what varies (`…`, `XXX`), each normalised. */
export function piecesOf(words: string): readonly string[] {
  return words
    .split(/…+|\.{3,}|XXX+/u)
    .map(normalise)
    .filter((piece) => piece !== '');
}

/** How many characters of the literal text stand in `text`, in their order; 0 where one piece is missing. */
export function matchLength(text: string, pieces: readonly string[]): number {
  let from = 0;
  let length = 0;
  for (const piece of pieces) {
    const at = text.indexOf(piece, from);
    if (at < 0) return 0;
    from = at + piece.length;
    length += piece.length;
  }
  return length;
}

/** Shorter literal texts occur by chance. */
const leastLength = 4;

/** The entry whose literal text is the longest that stands in `text`. The office's own win. */
export function entryForText(entries: Iterable<CommonProblem>, text: string): CommonProblem | undefined {
  const wanted = normalise(text);
  let best: CommonProblem | undefined;
  let longest = leastLength - 1;
  for (const entry of entries) {
    for (const words of entry.words) {
      const length = matchLength(wanted, piecesOf(words)) + (entry.office === undefined ? 0 : 10_000);
      if (length > longest && length % 10_000 >= leastLength) [best, longest] = [entry, length];
    }
  }
  return best;
}

/** `Z`, `CHANNEL=Z` and `receipt/Z` are the same; upper and lower case are not. */
export function entryForCode(entries: Iterable<CommonProblem>, code: string): CommonProblem | undefined {
  const wanted = code.replace(/^(?:receipt\/|CHANNEL=)/u, '');
  let found: CommonProblem | undefined;
  for (const entry of entries) {
    if (entry.receipts.includes(wanted) && (found === undefined || entry.office !== undefined)) found = entry;
  }
  return found;
}
