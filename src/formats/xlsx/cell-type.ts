/** The types of a cell: how its stored value has to be read (ECMA-376 part 1, 18.18.11). */

export const cellType = { number: 0, shared: 1, text: 2, boolean: 3, error: 4, date: 5, inline: 6 } as const;

const byName: Readonly<Record<string, number>> = {
  n: cellType.number,
  s: cellType.shared,
  str: cellType.text,
  b: cellType.boolean,
  e: cellType.error,
  d: cellType.date,
  inlineStr: cellType.inline,
};

/** Absent for a name that the standard does not have. */
export function cellTypeOf(name: string | undefined): number | undefined {
  return name === undefined ? cellType.number : Object.hasOwn(byName, name) ? byName[name] : undefined;
}

/** The type whose name begins at `at` and ends with a quote; -1 for none. */
export function scanCellType(bytes: Buffer, at: number): number {
  if (bytes[at + 1] === 0x22) {
    if (bytes[at] === 0x73) return cellType.shared;
    if (bytes[at] === 0x6e) return cellType.number;
    if (bytes[at] === 0x62) return cellType.boolean;
    if (bytes[at] === 0x65) return cellType.error;
    if (bytes[at] === 0x64) return cellType.date;
    return -1;
  }
  if (bytes[at] === 0x73 && bytes[at + 1] === 0x74 && bytes[at + 2] === 0x72 && bytes[at + 3] === 0x22)
    return cellType.text;
  const isInline = bytes[at] === 0x69 && bytes.toString('latin1', at, at + 10) === 'inlineStr"';
  return isInline ? cellType.inline : -1;
}
