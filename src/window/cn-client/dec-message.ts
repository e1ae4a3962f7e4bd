/** Writes one declaration as a `DecMessage`, the message of the single window's import interface. */
import type { DeclarationContent, Place, SegmentContent } from '../../model/declaration.ts';
import type { ClientSeqNo } from '../../model/ids.ts';
import type { MessageForm, MessageSection, NestedSection } from '../../model/message-form.ts';
import { escapeText } from './escape.ts';

/** What the office wants done with it. Source: message format V1.0 (GACC 2018-67), rule R192. */
export type OperType = 'A' | 'B' | 'C' | 'D' | 'E' | 'G';

export type DecMessageOptions = {
  readonly form: MessageForm;
  readonly clientSeqNo: ClientSeqNo;
  /** `G` saves a draft, `C` declares. */
  readonly operType: OperType;
  /** Absent: the form's own. */
  readonly version?: string;
  readonly namespace?: string;
};

/**
 * The message, in UTF-8 when it is encoded. A section that the schema asks for stands there empty; every other one only with
 * content. The content must be one that the pack's check passed, without orphans; throws `TypeError` for a tag that the form has not.
 */
export function writeDecMessage(content: DeclarationContent, options: DecMessageOptions): string {
  const { form, clientSeqNo, operType, version = form.version, namespace = form.namespace } = options;
  const isSwapped = valueAt(content, form.swapped.direction) === form.swapped.export;
  const signed: DeclarationContent = { ...content, DecSign: signature(content, { operType, clientSeqNo }) };
  const out: Writing = { form, content: signed, isSwapped, lines: [] };
  const open: string[] = [];
  const attributes = ` xmlns="${escapeText(namespace)}" ${form.versionAttribute}="${escapeText(version)}"`;
  out.lines.push('<?xml version="1.0" encoding="UTF-8"?>', `<${form.root}${attributes}>`);
  for (const section of form.sections) {
    const wrappers = section.element.slice(0, -1);
    const entries = entriesOf(signed, section.segment);
    const isBare = entries.length === 0 && section.isRequired && wrappers.length === 0;
    if (entries.length === 0 && !section.isRequired) continue;
    changeWrappers(open, wrappers, out.lines);
    for (const entry of isBare ? [{}] : entries) writeEntry(section, entry, out);
  }
  changeWrappers(open, [], out.lines);
  out.lines.push(`</${form.root}>`, '');
  return out.lines.join('\n');
}

/** The licences and vehicles that belong to no goods item or licence of the declaration: they have no place in the message. */
export function orphansIn(content: DeclarationContent, form: MessageForm): readonly Place[] {
  const search = ({ segment, nested }: MessageSection): Place[] =>
    nested.flatMap((inner) => {
      const outer = entriesOf(content, segment);
      const tag = inner.joinedBy[0]?.[1] ?? '';
      const lost = entriesOf(content, inner.segment).flatMap((entry, index) =>
        homeOf(entry, outer, inner) < 0 ? [{ segment: inner.segment, index, tag }] : [],
      );
      return [...lost, ...search(inner)];
    });
  return form.sections.flatMap(search);
}

type Writing = {
  readonly form: MessageForm;
  readonly content: DeclarationContent;
  readonly isSwapped: boolean;
  readonly lines: string[];
};

function writeEntry(section: MessageSection, entry: SegmentContent, out: Writing): void {
  const name = section.element.at(-1) ?? section.segment;
  const { lines, form, isSwapped } = out;
  const [one, other] = form.swapped.tags;
  const swaps = isSwapped && section.segment === form.swapped.segment;
  let left = Object.keys(entry).length;
  lines.push(`<${name}>`);
  const write = (tag: string, isAlways: boolean): void => {
    if (entry[tag] !== undefined) left -= 1;
    const from = swaps && tag === one ? other : swaps && tag === other ? one : tag;
    const value = entry[from];
    if (value !== undefined && value !== '') lines.push(`<${tag}>${escapeText(value)}</${tag}>`);
    else if (isAlways) lines.push(`<${tag}/>`);
  };
  for (const tag of section.tags) {
    write(tag, section.always.has(tag));
    for (const inner of section.nested) if (inner.after === tag) writeNested(section, entry, inner, out);
  }
  for (const tag of section.later) write(tag, false);
  if (left > 0) throw new TypeError(`${section.segment} holds a tag that is no part of the message`);
  lines.push(`</${name}>`);
}

function writeNested(
  section: MessageSection,
  entry: SegmentContent,
  inner: NestedSection,
  out: Writing,
): void {
  const outer = entriesOf(out.content, section.segment);
  const own = entriesOf(out.content, inner.segment).filter(
    (each) => outer[homeOf(each, outer, inner)] === entry,
  );
  if (own.length === 0) return;
  const wrappers = inner.element.slice(0, -1);
  for (const wrapper of wrappers) out.lines.push(`<${wrapper}>`);
  for (const each of own) writeEntry(inner, each, out);
  for (const wrapper of wrappers.toReversed()) out.lines.push(`</${wrapper}>`);
}

/** Where the outer entry stands that an inner one belongs to; the first of several; -1 for none. */
function homeOf(
  entry: SegmentContent,
  outer: readonly SegmentContent[],
  { joinedBy }: NestedSection,
): number {
  return outer.findIndex((each) => joinedBy.every(([from, to]) => (each[from] ?? '') === (entry[to] ?? '')));
}

function changeWrappers(open: string[], wanted: readonly string[], lines: string[]): void {
  let same = 0;
  while (same < wanted.length && open[same] === wanted[same]) same += 1;
  while (open.length > same) lines.push(`</${open.pop() ?? ''}>`);
  for (const name of wanted.slice(same)) {
    lines.push(`<${name}>`);
    open.push(name);
  }
}

function signature(
  content: DeclarationContent,
  { operType, clientSeqNo }: { readonly operType: OperType; readonly clientSeqNo: ClientSeqNo },
): SegmentContent {
  return { ...entriesOf(content, 'DecSign')[0], OperType: operType, ClientSeqNo: clientSeqNo };
}

function entriesOf(content: DeclarationContent, segment: string): readonly SegmentContent[] {
  const found = content[segment];
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}

function valueAt(content: DeclarationContent, path: string): string {
  const dot = path.indexOf('.');
  return entriesOf(content, path.slice(0, dot))[0]?.[path.slice(dot + 1)] ?? '';
}
