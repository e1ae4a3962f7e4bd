/** Comments on cells: the part that holds their texts and the drawing that holds their boxes, new or put beside those that are there. */
import { isResultLabel } from '../../model/own-marks.ts';
import { cellName } from '../../model/row.ts';
import { Doubt } from './doubt.ts';
import type { CellComment } from './note.ts';
import { attribute, escapeXml, unescapeXml } from './xml.ts';

const mainNamespace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const author = 'declarant';

export const emptyComments = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="${mainNamespace}"><authors></authors><commentList></commentList></comments>`;

export const emptyDrawing =
  '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>';

export type EditedComments = {
  readonly xml: string;
  /** Cells that had no comment before, and cells that have none now. */
  readonly added: readonly CellComment[];
  readonly removed: ReadonlySet<string>;
};

/** Adds ours, beside what others wrote on the same cell; takes away those of an earlier run. Throws `Doubt`. */
export function withComments(xml: string, comments: readonly CellComment[]): EditedComments {
  const found = /<((?:[\w.-]+:)?)commentList(?:\s[^>]*)?(?:\/>|>([\s\S]*)<\/(?:[\w.-]+:)?commentList>)/u.exec(
    xml,
  );
  const authors = /<((?:[\w.-]+:)?)authors(?:\s[^>]*)?(?:\/>|>([\s\S]*?)<\/(?:[\w.-]+:)?authors>)/u.exec(xml);
  if (found === null || authors === null || xml.includes('<!')) throw new Doubt();
  const prefix = found[1] ?? '';
  const listed = authors[2] ?? '';
  const authorId = [...listed.matchAll(/<(?:[\w.-]+:)?author(?:\s[^>]*)?(?:\/>|>)/gu)].length;
  const wanted = new Map(comments.map((comment) => [cellName(comment.column, comment.line), comment]));
  const removed = new Set<string>();
  const there = new Set<string>();
  const kept: string[] = [];
  const one = new RegExp(`<${prefix}comment\\s[^>]*?>[\\s\\S]*?</${prefix}comment>`, 'gu');
  for (const [text] of (found[2] ?? '').matchAll(one)) {
    const ref = attribute(text, 'ref') ?? '';
    const theirs = withoutOurs(text, prefix);
    if (theirs === undefined) {
      removed.add(ref);
      continue;
    }
    const ours = wanted.get(ref);
    there.add(ref);
    kept.push(
      ours === undefined
        ? theirs
        : theirs.replace(
            new RegExp(`</${prefix}text>`, 'u'),
            () => `${run(`\n${ours.text}`, prefix)}</${prefix}text>`,
          ),
    );
  }
  const added = comments.filter(({ column, line }) => !there.has(cellName(column, line)));
  const fresh = added.map(
    ({ column, line, text }) =>
      `<${prefix}comment ref="${cellName(column, line)}" authorId="${authorId}"><${prefix}text>${run(text, prefix)}</${prefix}text></${prefix}comment>`,
  );
  const list = `<${prefix}commentList>${kept.join('')}${fresh.join('')}</${prefix}commentList>`;
  const people = `<${prefix}authors>${listed}<${prefix}author>${author}</${prefix}author></${prefix}authors>`;
  return { xml: xml.replace(found[0], () => list).replace(authors[0], () => people), added, removed };
}

function run(text: string, prefix: string): string {
  return `<${prefix}r><${prefix}rPr><${prefix}sz val="10"/></${prefix}rPr><${prefix}t xml:space="preserve">${escapeXml(text)}</${prefix}t></${prefix}r>`;
}

/** What others wrote; nothing where all of it is ours. */
function withoutOurs(comment: string, prefix: string): string | undefined {
  const texts = (part: string): string =>
    [...part.matchAll(new RegExp(`<${prefix}t(?:\\s[^>]*)?>([\\s\\S]*?)</${prefix}t>`, 'gu'))]
      .map(([, text = '']) => unescapeXml(text))
      .join('');
  if (isResultLabel(texts(comment))) return undefined;
  return comment.replaceAll(new RegExp(`<${prefix}r>[\\s\\S]*?</${prefix}r>`, 'gu'), (part) =>
    isResultLabel(texts(part)) ? '' : part,
  );
}

/** The drawing with a box for each new comment, and without those of comments that are gone. */
export function withBoxes(vml: string, { added, removed }: EditedComments): string {
  const end = vml.lastIndexOf('</xml>');
  if (end === -1) throw new Doubt();
  const kept = vml.slice(0, end).replaceAll(/<v:shape\s[\s\S]*?<\/v:shape>/gu, (shape) => {
    const row = /<x:Row>\s*(\d+)\s*<\/x:Row>/u.exec(shape)?.[1];
    const column = /<x:Column>\s*(\d+)\s*<\/x:Column>/u.exec(shape)?.[1];
    if (row === undefined || column === undefined || !/ObjectType\s*=\s*["']Note["']/u.test(shape))
      return shape;
    return removed.has(cellName(Number(column), Number(row) + 1)) ? '' : shape;
  });
  const type = kept.includes('id="_x0000_t202"')
    ? ''
    : (/<v:shapetype[\s\S]*?<\/v:shapetype>/u.exec(emptyDrawing)?.[0] ?? '');
  const last = Math.max(1024, ...[...kept.matchAll(/_x0000_s(\d{1,9})/gu)].map(([, id = '0']) => Number(id)));
  return `${kept}${type}${added.map((comment, index) => box(comment, last + 1 + index)).join('')}${vml.slice(end)}`;
}

function box({ column, line }: CellComment, id: number): string {
  const anchor = `${column + 1}, 12, ${Math.max(0, line - 2)}, 4, ${column + 6}, 12, ${line + 8}, 4`;
  return `<v:shape id="_x0000_s${id}" type="#_x0000_t202" style="position:absolute;width:320pt;height:140pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>${line - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`;
}
