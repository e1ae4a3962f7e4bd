/** Writes a value where there is none, and notes it. Nothing else in the pack changes a declaration. */
import type { DeclarationContent, Filled, SegmentContent } from '../../../model/declaration.ts';
import { listed, placeOf, type Ref } from '../field.ts';

/** In a segment that occurs once and is present. */
export function put(
  content: DeclarationContent,
  ref: Ref,
  value: string,
  rule: string,
  filled: Filled[],
): void {
  const part = content[ref.segment];
  if (part === undefined || Array.isArray(part) || value === '' || (part[ref.tag] ?? '') !== '') return;
  part[ref.tag] = value;
  filled.push({ place: placeOf(ref), value, rule });
}

/** In each entry of a list; `valueFor` says undefined where it cannot know. */
export function putAll(
  content: DeclarationContent,
  ref: Ref,
  valueFor: (entry: SegmentContent, index: number) => string | undefined,
  rule: string,
  filled: Filled[],
): void {
  const entries = listed(content, ref.segment);
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    if (entry === undefined || (entry[ref.tag] ?? '') !== '') continue;
    const value = valueFor(entry, index);
    if (value === undefined || value === '') continue;
    entry[ref.tag] = value;
    filled.push({ place: placeOf(ref, index), value, rule });
  }
}
