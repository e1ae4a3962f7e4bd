/** Decides 01/02/2026 by its whole column: one date that can be read in one way only proves the order of them all. */
import type { SourceTable } from '../formats/format.ts';
import type { Problem } from '../model/problem.ts';
import type { SourceRow } from '../model/row.ts';
import type { ColumnPlan } from './plan.ts';

const yearLast = /^\s*(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}/u;

type Proof = { readonly line: number; readonly text: string };
type Proofs = { dayFirst?: Proof; monthFirst?: Proof };

/**
 * The columns, those whose dates all follow one order with that order. Reads the table once more, to its end, only where
 * the first rows hold such dates. Both orders proven: neither is used, and each date of two readings is refused by itself.
 */
export async function withDateOrder(
  columns: readonly ColumnPlan[],
  samples: readonly SourceRow[],
  { table, lastLine, row }: { table: SourceTable; lastLine: number; row: NonNullable<Problem['row']> },
): Promise<{ readonly columns: readonly ColumnPlan[]; readonly problems: readonly Problem[] }> {
  const proofs = new Map<number, Proofs>();
  for (const { column, fields } of columns) {
    const isAsked =
      fields[0].field.type === 'date' && samples.some((each) => yearLast.test(each.cells[column] ?? ''));
    if (isAsked) proofs.set(column, {});
  }
  if (proofs.size === 0) return { columns, problems: [] };
  for await (const chunk of table.rows()) {
    for (const each of chunk)
      if (each.line > lastLine) for (const [column, proof] of proofs) look(each, column, proof);
  }
  const problems: Problem[] = [];
  const ordered = columns.map((column): ColumnPlan => {
    const { dayFirst, monthFirst } = proofs.get(column.column) ?? {};
    const place = { row, column: column.column, header: column.header, field: column.fields[0].path };
    if (dayFirst && monthFirst) {
      const facts = {
        dayFirst: dayFirst.text,
        dayLine: dayFirst.line,
        monthFirst: monthFirst.text,
        monthLine: monthFirst.line,
      };
      problems.push({ code: 'header/date-orders-mixed', severity: 'warning', ...place, facts });
      return column;
    }
    const proof = dayFirst ?? monthFirst;
    if (!proof) return column;
    const code = dayFirst ? 'header/dates-day-first' : 'header/dates-month-first';
    problems.push({ code, severity: 'info', ...place, facts: { proof: proof.text, proofLine: proof.line } });
    return { ...column, dateOrder: dayFirst ? 'day-first' : 'month-first' };
  });
  return { columns: ordered, problems };
}

function look({ cells, line }: SourceRow, column: number, proof: Proofs): void {
  const text = cells[column] ?? '';
  const [, first, second] = yearLast.exec(text) ?? [];
  if (first === undefined || second === undefined) return;
  if (Number(first) > 12 && Number(second) <= 12) proof.dayFirst ??= { line, text: text.trim() };
  if (Number(second) > 12 && Number(first) <= 12) proof.monthFirst ??= { line, text: text.trim() };
}
