/** Canonical JSON: the same value gives the same bytes, whatever order its members were added in. */

/** A value made only of strings, arrays and objects: nothing else occurs in a declaration. */
export type JsonValue = string | readonly JsonValue[] | { readonly [name: string]: JsonValue | undefined };

/** Members sorted by UTF-16 code units (as RFC 8785 has it), absent members left out. */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as { readonly [name: string]: JsonValue | undefined };
  const members: string[] = [];
  for (const name of Object.keys(object).sort()) {
    const member = object[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}
