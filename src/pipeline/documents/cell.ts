/** A cell as problems about two files name it: the file, the sheet, the cell, its header and what stands in it. */
import { basename } from 'node:path';
import type { Origin } from '../../model/declaration.ts';
import { cellName } from '../../model/row.ts';

export type Cell = Origin & { readonly value: string };

/** `manifest.xlsx 空运进口!AS3 件数: 4` */
export function cellLabel({ row, column, header, value }: Cell): string {
  const cell = column === undefined ? String(row.line) : cellName(column, row.line);
  const place = row.sheet === undefined ? cell : `${row.sheet}!${cell}`;
  const said = [
    basename(row.file),
    place,
    ...(header === undefined ? [] : [header.replace(/\s+/gu, ' ')]),
  ].join(' ');
  return `${said}: ${value === '' ? '—' : value}`;
}
