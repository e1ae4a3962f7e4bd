/** The styles that annotations need, put into a workbook's own style sheet: those that are there keep their numbers. */
import type { Outcome } from '../../model/result.ts';
import { Doubt } from './doubt.ts';
import { attribute, withAttribute } from './xml.ts';

type Colour = 'error' | 'warning' | 'good' | 'header';

/** A shade beside the usual ones, so that colours of an earlier run are known again. */
const colours: Readonly<Record<Colour, string>> = {
  error: 'FFFFC7C2',
  warning: 'FFFFEB96',
  good: 'FFC6EFC9',
  header: 'FFD9E1F6',
};

const colourOf: Readonly<Record<Outcome, Colour>> = {
  accepted: 'good',
  valid: 'good',
  pending: 'warning',
  unknown: 'warning',
  'not-sent': 'warning',
  rejected: 'error',
  'set-aside': 'error',
  duplicate: 'error',
};

export type Styles = {
  readonly header: number;
  readonly text: number;
  readonly status: (outcome: Outcome) => number;
  /** The style of a cell, coloured; everything else about it stays. */
  readonly faulty: (style: number, severity: 'error' | 'warning') => number;
  /** The style of a cell without the colour of an earlier run. */
  readonly plain: (style: number) => number;
  /** The style sheet with everything that was asked for. */
  readonly xml: () => string;
};

/** A style sheet with nothing but the default. */
export const emptyStyles =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

/** More styles than this no spreadsheet can hold. */
const mostStyles = 64_000;

type Block = {
  readonly from: number;
  readonly to: number;
  readonly tag: string;
  readonly items: readonly string[];
};

/** What comes before each of the blocks that are edited, the nearest first (ECMA-376 part 1, 18.8.39). */
const before: Readonly<Record<string, readonly string[]>> = {
  fonts: ['numFmts'],
  fills: ['fonts', 'numFmts'],
  cellXfs: ['cellStyleXfs', 'borders', 'fills', 'fonts', 'numFmts'],
};

/** A block that is missing gets `otherwise`, where the schema wants it. */
function blockOf(
  xml: string,
  prefix: string,
  { name, item, otherwise }: { name: string; item: string; otherwise: readonly string[] },
): Block {
  const found = new RegExp(
    `(<${prefix}${name}(?:\\s[^>]*?)?)(?:/>|>([\\s\\S]*?)</${prefix}${name}>)`,
    'u',
  ).exec(xml);
  if (found === null) {
    const at = startOf(xml, prefix, name);
    return { from: at, to: at, tag: `<${prefix}${name}>`, items: otherwise };
  }
  const [whole, tag = '', inner = ''] = found;
  const one = new RegExp(`<${prefix}${item}(?:\\s[^>]*?)?(?:/>|>[\\s\\S]*?</${prefix}${item}>)`, 'gu');
  const items = [...inner.matchAll(one)].map(([text]) => text);
  return { from: found.index, to: found.index + whole.length, tag: `${tag}>`, items };
}

function startOf(xml: string, prefix: string, name: string): number {
  for (const earlier of before[name] ?? []) {
    const end = `</${prefix}${earlier}>`;
    if (xml.includes(end)) return xml.indexOf(end) + end.length;
  }
  const root = new RegExp(`<${prefix}styleSheet(?:\\s[^>]*)?>`, 'u').exec(xml);
  if (root === null || root[0].endsWith('/>')) throw new Doubt();
  return root.index + root[0].length;
}

/** Everything of a format but its fill. */
function bare(format: string): string {
  return format.replaceAll(/\s(?:fillId|applyFill)\s*=\s*(?:"[^"]*"|'[^']*')/gu, '').replaceAll(/\s+/gu, ' ');
}

function filledWith(format: string, fill: number): string {
  return withAttribute(withAttribute(format, 'applyFill', '1'), 'fillId', String(fill));
}

/** The first two fills are the same in every style sheet. */
function reservedFills(prefix: string): readonly string[] {
  return ['none', 'gray125'].map(
    (type) => `<${prefix}fill><${prefix}patternFill patternType="${type}"/></${prefix}fill>`,
  );
}

/** Throws `Doubt` where the style sheet is not plain. */
export function annotationStyles(xml: string): Styles {
  const prefix = /<((?:[\w.-]+:)?)styleSheet[\s>]/u.exec(xml)?.[1];
  if (prefix === undefined || xml.includes('<!')) throw new Doubt();
  const fonts = blockOf(xml, prefix, {
    name: 'fonts',
    item: 'font',
    otherwise: [`<${prefix}font><${prefix}sz val="11"/></${prefix}font>`],
  });
  const fills = blockOf(xml, prefix, { name: 'fills', item: 'fill', otherwise: reservedFills(prefix) });
  const formats = blockOf(xml, prefix, { name: 'cellXfs', item: 'xf', otherwise: [`<${prefix}xf/>`] });
  const ours = new Set(
    fills.items.flatMap((fill, index) =>
      Object.values(colours).some((rgb) => fill.toUpperCase().includes(`"${rgb}"`)) ? [index] : [],
    ),
  );
  const all = [...formats.items];
  const newFills = Object.values(colours).map(
    (rgb) =>
      `<${prefix}fill><${prefix}patternFill patternType="solid"><${prefix}fgColor rgb="${rgb}"/><${prefix}bgColor indexed="64"/></${prefix}patternFill></${prefix}fill>`,
  );
  const fillOf = (colour: Colour): number => fills.items.length + Object.keys(colours).indexOf(colour);
  const known = new Map<string, number>();
  const numberOf = (format: string): number => {
    const before = known.get(format);
    if (before !== undefined) return before;
    if (all.length >= mostStyles) throw new Doubt();
    all.push(format);
    known.set(format, all.length - 1);
    return all.length - 1;
  };
  const own = (colour: Colour | undefined, font: number): number =>
    numberOf(
      `<${prefix}xf numFmtId="49" fontId="${font}" fillId="${colour === undefined ? 0 : fillOf(colour)}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" quotePrefix="1"/>`,
    );
  const formatAt = (style: number): string => all[style] ?? all[0] ?? `<${prefix}xf/>`;
  const isOurs = (format: string): boolean => ours.has(Number(attribute(format, 'fillId') ?? '0'));
  const plainOf = new Map<number, number>();

  function plain(style: number): number {
    const format = formatAt(style);
    if (ours.size === 0 || !isOurs(format)) return style;
    const before = plainOf.get(style);
    if (before !== undefined) return before;
    const alike = formats.items.findIndex((other) => !isOurs(other) && bare(other) === bare(format));
    const found = alike === -1 ? numberOf(filledWith(format, 0)) : alike;
    plainOf.set(style, found);
    return found;
  }
  return {
    header: own('header', fonts.items.length),
    text: own(undefined, 0),
    status: (outcome) => own(colourOf[outcome], 0),
    faulty: (style, severity) => numberOf(filledWith(formatAt(plain(style)), fillOf(severity))),
    plain,
    xml() {
      const font = (fonts.items[0] ?? `<${prefix}font></${prefix}font>`).replace(
        /^<([^\s/>]+)(?:\s[^>]*?)?(?:\/>|>([\s\S]*)$)/u,
        (_, name: string, inner: string | undefined) =>
          inner === undefined
            ? `<${name}><${prefix}b/></${name}>`
            : `<${name}><${prefix}b/>${inner.replaceAll(/<(?:[\w.-]+:)?b(?:\s[^>]*)?\/>/gu, '')}`,
      );
      const replaced = [
        { block: formats, items: all },
        { block: fills, items: [...fills.items, ...newFills] },
        { block: fonts, items: [...fonts.items, font] },
      ].toSorted((a, b) => b.block.from - a.block.from);
      let text = xml;
      for (const { block, items } of replaced) {
        const name = /^<([^\s>]+)/u.exec(block.tag)?.[1] ?? '';
        const tag = withAttribute(block.tag, 'count', String(items.length));
        text = `${text.slice(0, block.from)}${tag}${items.join('')}</${name}>${text.slice(block.to)}`;
      }
      return text;
    },
  };
}
