/** Writes a template as CSV: the two header rows, and the example that import leaves out. UTF-8 with a byte order mark. */
import type { Template, TemplateColumn } from '../model/template.ts';
import { neutralise } from './csv.ts';

function cell(text: string): string {
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** All columns on one sheet; a CSV has no other. */
export function templateCsv({ sheets }: Template): string {
  const columns = sheets.flatMap((sheet) => sheet.columns);
  const line = (part: (column: TemplateColumn) => string): string =>
    `${columns.map((column) => cell(part(column))).join(',')}\r\n`;
  const header = line(({ headers }) => headers.zh);
  return `\ufeff${header}${line(({ headers }) => headers.en)}${line(({ example }) => neutralise(example))}`;
}
