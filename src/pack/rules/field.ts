/** Finds a field's values in a declaration, whether its segment occurs once or many times. */
import type { DeclarationContent, FieldPath, Place, SegmentContent } from '../../model/declaration.ts';
import type { Check, Entry, Finding } from './rule.ts';

/** Shared, so that a declaration in order costs no allocation. */
export const nothing: readonly Finding[] = Object.freeze([]);
const noEntry: Entry = Object.freeze({});
const noEntries: readonly SegmentContent[] = Object.freeze([]);

export type Ref = { readonly segment: string; readonly tag: string };

export function refOf(path: FieldPath): Ref {
  const dot = path.indexOf('.');
  return { segment: path.slice(0, dot), tag: path.slice(dot + 1) };
}

export function placeOf(ref: Ref, index?: number): Place {
  return index === undefined ? ref : { segment: ref.segment, index, tag: ref.tag };
}

/** The entry of a segment that occurs once; an empty one where it is absent. */
export function single(content: DeclarationContent, segment: string): Entry {
  const part = content[segment];
  return part === undefined || Array.isArray(part) ? noEntry : part;
}

/** The entries of a segment that is a list; none where it is absent. */
export function listed(content: DeclarationContent, segment: string): readonly SegmentContent[] {
  const part = content[segment];
  return Array.isArray(part) ? part : noEntries;
}

/** A value of a segment that occurs once; `''` where there is none. */
export function valueOf(content: DeclarationContent, ref: Ref): string {
  return single(content, ref.segment)[ref.tag] ?? '';
}

/** Looks at each entry of a segment: at one without an index where the segment occurs once. */
export function perEntry(
  segment: string,
  inspect: (entry: Entry, index: number | undefined, content: DeclarationContent) => Finding | undefined,
): Check {
  return (content) => {
    const part = content[segment];
    if (part === undefined) return nothing;
    if (!Array.isArray(part)) {
      const finding = inspect(part, undefined, content);
      return finding === undefined ? nothing : [finding];
    }
    let found: Finding[] | undefined;
    for (let index = 0; index < part.length; index++) {
      const entry = part[index];
      const finding = entry === undefined ? undefined : inspect(entry, index, content);
      if (finding !== undefined) (found ??= []).push(finding);
    }
    return found ?? nothing;
  };
}

/** Looks at each filled value of these fields. */
export function perValue(
  fields: readonly FieldPath[],
  inspect: (value: string, ref: Ref, index: number | undefined) => Finding | undefined,
): Check {
  return together(
    fields.map((path) => {
      const ref = refOf(path);
      return perEntry(ref.segment, (entry, index) => {
        const value = entry[ref.tag];
        return value === undefined || value === '' ? undefined : inspect(value, ref, index);
      });
    }),
  );
}

function together(checks: readonly Check[]): Check {
  const [only] = checks;
  if (only !== undefined && checks.length === 1) return only;
  return (content, context) => {
    let found: Finding[] | undefined;
    for (const check of checks) {
      const more = check(content, context);
      if (more.length > 0) (found ??= []).push(...more);
    }
    return found ?? nothing;
  };
}
