/** Lays a message out as a table: one column for each field it holds, one row for each goods item. */
import type { MessageForm, MessageSection } from '../../model/message-form.ts';
import type { SourceRow } from '../../model/row.ts';
import type { MessageEntry, ParsedMessage } from './parse.ts';

/**
 * Line 1 is the header (`DecHead.BillNo`), line n + 1 holds goods item n, and beside it entry n of every other list. Fields
 * that the protocol writes are left out; two that the interface exchanges for exports stand under their own names again.
 */
export function tableOf({ entries }: ParsedMessage, form: MessageForm): readonly SourceRow[] {
  const header: string[] = [];
  const columns: { readonly entries: readonly MessageEntry[]; readonly tag: string }[] = [];
  const swap = swapOf(entries, form);
  let rows = 1;
  for (const { segment, tags, later } of flatSections(form.sections)) {
    const found = entries.get(segment) ?? [];
    for (const tag of tagsIn(found, [...tags, ...later])) {
      if (form.written.has(`${segment}.${tag}`)) continue;
      header.push(`${segment}.${swap(segment, tag)}`);
      columns.push({ entries: found, tag });
    }
    if (found.some((entry) => [...entry.values()].some((value) => value !== '')))
      rows = Math.max(rows, found.length);
  }
  const lines = Array.from({ length: rows }, (_, index) => ({
    line: index + 2,
    cells: columns.map(({ entries: own, tag }) => own[index]?.get(tag) ?? ''),
  }));
  return [{ line: 1, cells: header }, ...lines];
}

/** Tags with a value anywhere: the form's in its order, then the others. */
function tagsIn(entries: readonly MessageEntry[], order: readonly string[]): readonly string[] {
  const found = new Set(
    entries.flatMap((entry) => [...entry].flatMap(([tag, value]) => (value === '' ? [] : [tag]))),
  );
  const known = new Set(order);
  return [...order.filter((tag) => found.has(tag)), ...[...found].filter((tag) => !known.has(tag))];
}

function flatSections(sections: readonly MessageSection[]): readonly MessageSection[] {
  return sections.flatMap((section) => [section, ...flatSections(section.nested)]);
}

function swapOf(
  entries: ParsedMessage['entries'],
  { swapped }: MessageForm,
): (segment: string, tag: string) => string {
  const [head = '', flag = ''] = swapped.direction.split('.');
  if (entries.get(head)?.[0]?.get(flag)?.trim() !== swapped.export) return (_, tag) => tag;
  const [one, other] = swapped.tags;
  return (segment, tag) =>
    segment !== swapped.segment ? tag : tag === one ? other : tag === other ? one : tag;
}
