/** One row of the other file: added to the shipment that it lists, or told as one that lists none. */
import type { DocumentSpec } from '../../model/document.ts';
import type { SourceRow } from '../../model/row.ts';
import { billParts, plainBill } from '../bill.ts';
import { flat } from '../flat.ts';
import type { Cell } from './cell.ts';
import { comparedOf } from './declared.ts';
import type { Listed, Reading } from './listed.ts';
import { isDoubtful } from './listed-cell.ts';
import type { ListedColumns } from './listed-columns.ts';
import { tableText } from './listed-faults.ts';
import { addNumbers, type RowContext } from './listed-numbers.ts';
import { emptyTotal } from './totals.ts';

export function readListedRow(row: SourceRow, found: ListedColumns, context: RowContext): void {
  const { reading, ref } = context;
  const { spec, shipments, withoutBill } = reading;
  const { text, column, header } = billOf(row, found, spec);
  const plain = plainBill(text);
  // A number has digits: 合计 has none.
  if (!/\d/u.test(plain)) {
    const said = row.cells.filter((cell) => cell.trim() !== '').slice(0, 4);
    const facts = {
      document: [spec.name],
      table: tableText(ref),
      line: ref.line,
      text: flat(said.join(' ')),
    };
    withoutBill.push({ code: 'document/row-without-bill', severity: 'warning', row: ref, facts });
    addNumbers(row, found, context);
    return;
  }
  const bill: Cell = { row: ref, column, header, value: flat(text) };
  const listed = shipments.get(plain) ?? open(flat(plain), bill, reading);
  listed.rows += 1;
  addNumbers(row, found, context, listed);
}

function open(plain: string, bill: Cell, { spec, shipments }: Reading): Listed {
  const listed = { plain, bill, rows: 0, totals: comparedOf(spec).map(emptyTotal) };
  shipments.set(plain, listed);
  return listed;
}

type Bill = { readonly text: string; readonly column: number; readonly header: string };

/** Master and house from columns of their own are joined; empty where the row has no bill, one whose digits are lost, or the header again. */
function billOf(
  row: SourceRow,
  { columns, isWord }: ListedColumns,
  { elements, shipment }: DocumentSpec,
): Bill {
  const none = { text: '', column: 0, header: '' };
  const partOf = (part: 'master' | 'house' | undefined): Bill => {
    const element = elements.find(
      ({ from, part: own, listed }) => listed && own === part && 'field' in from && from.field === shipment,
    );
    const at = element && columns.get(element.name);
    const text = at && !isDoubtful(row, at.column) ? (row.cells[at.column] ?? '').trim() : '';
    return !at || text === '' || isWord(text) ? none : { text, column: at.column, header: at.header };
  };
  const [whole, master, house] = [partOf(undefined), partOf('master'), partOf('house')];
  const first = master.text === '' ? whole : master;
  if (house.text === '') return whole.text === '' ? master : whole;
  if (first.text === '') return house;
  const isJoined = billParts(plainBill(first.text)).includes(plainBill(house.text));
  return isJoined ? first : { ...first, text: `${first.text}_${house.text}` };
}
