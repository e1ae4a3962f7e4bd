/** Reads the pack's own CSV files: UTF-8, LF, a header line, cells quoted only where they must be. */

/** One line's cells. Data files hold no line breaks inside a cell. */
export function csvCells(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  const cell = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gu;
  for (const match of line.matchAll(cell)) {
    cells.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
  }
  return cells;
}

/** The rows under the header, as arrays of cells in the file's column order. */
export function csvRows(text: string): string[][] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const rows: string[][] = [];
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index];
    if (line !== undefined && line !== '') rows.push(csvCells(line));
  }
  return rows;
}

/** The rows as objects by header name. An absent cell is `''`. */
export function csvRecords(text: string): Record<string, string>[] {
  const header = csvCells(text.slice(0, text.indexOf('\n')));
  return csvRows(text).map((cells) =>
    Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])),
  );
}
