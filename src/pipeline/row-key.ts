/** Tells which declaration a row belongs to, from its key columns. */
import type { Pack } from '../pack/pack.ts';
import type { Draft } from './drafts.ts';
import type { ColumnPlan, TablePlan } from './plan.ts';

/** The text of a cell, trimmed; `''` where there is none. */
export function cellText(draft: Draft, column: number): string {
  const text = draft.source.cells[column];
  return text === undefined || text === '' ? '' : text.trim();
}

/** The values of the key columns, made canonical and joined by `/`; `''` where a needed one is empty: the row goes on with the declaration above it. */
export function rowKey(draft: Draft, pack: Pack): string {
  const { keyColumns, needed } = draft.plan;
  const parts: string[] = [];
  for (const [index, column] of keyColumns.entries()) {
    const value = keyValue(draft, column, pack);
    if (value === '' && index < needed) return '';
    parts.push(value.includes('/') ? value.replaceAll('/', '%2F') : value);
  }
  return parts.join('/');
}

function keyValue(draft: Draft, column: ColumnPlan, pack: Pack): string {
  const text = cellText(draft, column.column);
  if (text === '') return '';
  const { path, lookup } = column.fields[0];
  return pack.parseCell(path, lookup?.get(text) ?? text, column).value;
}

/** Whether two rows of one table have the same text in every key cell: then their key is the same, without looking closer. */
export function hasSameKeyCells(a: Draft, b: Draft, plan: TablePlan): boolean {
  for (const { column } of plan.keyColumns)
    if (a.source.cells[column] !== b.source.cells[column]) return false;
  return true;
}
