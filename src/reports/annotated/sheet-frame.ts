/** What stands around a worksheet's rows: the widths of our columns, and the drawing that holds our comments. */
import { columnName } from '../../model/row.ts';
import { noteHeaders } from './note.ts';
import { attribute, columnOf, withAttribute } from './xml.ts';

/** The head with our columns' widths: ranges of columns that reach into ours are cut there. */
export function withColumns(head: string, prefix: string, firstColumn: number): string {
  const first = firstColumn + 1;
  const last = firstColumn + noteHeaders.length;
  const ours = noteHeaders.map(({ width }, index) => ({
    min: first + index,
    xml: `<${prefix}col min="${first + index}" max="${first + index}" width="${width}" customWidth="1"/>`,
  }));
  const block = new RegExp(`<${prefix}cols\\s*>([\\s\\S]*?)</${prefix}cols>|<${prefix}cols\\s*/>`, 'u').exec(
    head,
  );
  const theirs = [...(block?.[1] ?? '').matchAll(/<[^>]*>/gu)].flatMap(([tag]) => {
    const min = Number(attribute(tag, 'min') ?? '0');
    const max = Number(attribute(tag, 'max') ?? '0');
    return [
      { min, max: Math.min(max, first - 1) },
      { min: Math.max(min, last + 1), max },
    ]
      .filter((part) => part.min >= 1 && part.min <= part.max)
      .map((part) => ({ min: part.min, xml: withRange(tag, part.min, part.max) }));
  });
  const inner = [...theirs, ...ours].toSorted((a, b) => a.min - b.min).map(({ xml }) => xml);
  const cols = `<${prefix}cols>${inner.join('')}</${prefix}cols>`;
  const wider = head.replace(
    new RegExp(`(<${prefix}dimension\\s[^>]*?ref\\s*=\\s*["'])([A-Z]{1,3}\\d+)(?::([A-Z]{1,3})(\\d+))?`, 'u'),
    (_, start: string, from: string, column: string | undefined, line: string | undefined) => {
      const right = Math.max(columnOf(column ?? from), last - 1);
      return `${start}${from}:${columnName(right)}${line ?? from.replace(/^[A-Z]+/u, '')}`;
    },
  );
  if (block !== null) return wider.replace(block[0], () => cols);
  const data = `<${prefix}sheetData>`;
  return `${wider.slice(0, -data.length)}${cols}${data}`;
}

function withRange(tag: string, min: number, max: number): string {
  return withAttribute(withAttribute(tag, 'max', String(max)), 'min', String(min));
}

const tagPattern =
  /<(\/?)([\w.:-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>/gu;
/** What may follow a drawing of comments in a worksheet (ECMA-376 part 1, 18.3.1.99). */
const afterDrawing = new Set([
  'legacyDrawingHF',
  'drawingHF',
  'picture',
  'oleObjects',
  'controls',
  'webPublishItems',
  'tableParts',
  'extLst',
]);

/** The tail with the drawing where the schema wants it. */
export function withDrawing(
  tail: string,
  drawing: { readonly id: string; readonly namespace: string },
): string {
  let depth = 0;
  let at = 0;
  let prefix = '';
  for (const found of tail.matchAll(tagPattern)) {
    const [, slash, name = '', , selfClosed] = found;
    if (name === '') continue;
    const local = name.slice(name.indexOf(':') + 1);
    if (slash === '/' && local === 'sheetData') {
      prefix = name.slice(0, -local.length);
      continue;
    }
    at = found.index;
    if (slash === '/') {
      if (depth === 0) break;
      depth -= 1;
      continue;
    }
    if (depth === 0 && afterDrawing.has(local)) break;
    if (selfClosed !== '/') depth += 1;
  }
  const tag = `<${prefix}legacyDrawing xmlns:r="${drawing.namespace}" r:id="${drawing.id}"/>`;
  return tail.slice(0, at) + tag + tail.slice(at);
}
