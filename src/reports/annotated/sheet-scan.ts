/** Cuts a worksheet's XML, as it streams by, into its head, its rows and its tail. */
import { Doubt } from './doubt.ts';

export type SheetPiece =
  /** Up to and with `<sheetData>`; `prefix` is the namespace prefix with its colon, or `''`. */
  | { readonly kind: 'head'; readonly text: string; readonly prefix: string }
  | { readonly kind: 'row'; readonly tag: string; readonly content: string; readonly line: number }
  /** From `</sheetData>` on. */
  | { readonly kind: 'tail'; readonly text: string };

/** Neither a row nor what stands around the rows of an honest sheet is longer. */
const mostCharacters = 1 << 25;

/** Throws `Doubt` for anything but plain rows of plain cells in UTF-8. */
export async function* sheetPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SheetPiece> {
  const decode = strictDecoder();
  let held = '';
  let prefix: string | undefined;
  let isTail = false;
  let line = 0;
  for await (const chunk of chunks) {
    held += decode(chunk);
    if (held.length > mostCharacters) throw new Doubt();
    if (prefix === undefined) {
      const data = /<((?:[\w.-]+:)?)sheetData\s*(\/?)>/u.exec(held);
      if (data === null) continue;
      prefix = data[1] ?? '';
      const end = data.index + data[0].length;
      const head = held.slice(0, data.index);
      if (/<!|encoding\s*=\s*["'](?!utf-8["'])/iu.test(head)) throw new Doubt();
      yield { kind: 'head', text: `${head}<${prefix}sheetData>`, prefix };
      held = (data[2] === '/' ? `</${prefix}sheetData>` : '') + held.slice(end);
    }
    if (isTail) continue;
    let at = 0;
    for (;;) {
      const found = nextRow(held, at, prefix);
      if (found === 'more') break;
      if (found === 'end') {
        isTail = true;
        break;
      }
      // A row without a number stands where its cells say.
      const given =
        /\sr\s*=\s*["'](\d{1,7})["']/u.exec(found.tag)?.[1] ??
        /^\s*<[^>]*?\sr\s*=\s*["'][A-Z]{1,3}(\d{1,7})["']/u.exec(found.content)?.[1];
      line = given === undefined ? line + 1 : Number(given);
      yield { kind: 'row', tag: found.tag, content: found.content, line };
      at = found.end;
    }
    held = held.slice(at);
  }
  if (!isTail) throw new Doubt();
  yield { kind: 'tail', text: held };
}

function strictDecoder(): (chunk: Uint8Array) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return (chunk) => {
    try {
      return decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw new Doubt('not UTF-8', { cause });
    }
  };
}

type FoundRow = { readonly tag: string; readonly content: string; readonly end: number };

function nextRow(text: string, from: number, prefix: string): FoundRow | 'more' | 'end' {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at += 1;
  const closing = `</${prefix}sheetData`;
  if (at + closing.length >= text.length) return 'more';
  if (text.startsWith(closing, at)) return 'end';
  const opening = `<${prefix}row`;
  if (!text.startsWith(opening, at) || !/[\s/>]/u.test(text[at + opening.length] ?? '')) throw new Doubt();
  const tagEnd = text.indexOf('>', at);
  if (tagEnd === -1) return 'more';
  const tag = text.slice(at, tagEnd + 1);
  if (tag.endsWith('/>')) return { tag, content: '', end: tagEnd + 1 };
  const close = `</${prefix}row>`;
  const end = text.indexOf(close, tagEnd);
  if (end === -1) return 'more';
  const content = text.slice(tagEnd + 1, end);
  if (content.includes('<!')) throw new Doubt();
  return { tag, content, end: end + close.length };
}
