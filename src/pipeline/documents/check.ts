/** A document that the declarations are checked against: what it says of each declaration, and of the other file at the end. */
import type { DocumentSpec } from '../../model/document.ts';
import type { Problem } from '../../model/problem.ts';
import type { Issue } from '../../pack/pack.ts';
import { billParts, hasWaybillCheckDigit } from '../bill.ts';
import { cellLabel } from './cell.ts';
import { type Matches, matchShipments } from './compare.ts';
import { agreedOf, DeclaredTotals, shipmentOf } from './declared.ts';
import { differences, issueAt } from './differences.ts';
import type { OtherFiles } from './listed.ts';
import { doesApply, type Onlooker, type Seen, valueIn } from './seen.ts';
import { cellsOf } from './totals.ts';

export type DocumentCheck = {
  /** For a pass over all files before the first declaration is judged. */
  readonly gathering: Onlooker;
  readonly judging: Onlooker;
  /** Forgets what was gathered: the files are read once more. */
  readonly restart: () => void;
  /** What concerns the other file as a whole, once all is gathered. */
  readonly notices: () => readonly Problem[];
};

/** Without another file the declarations are checked against each other. */
export function documentCheck(spec: DocumentSpec, other: OtherFiles | undefined): DocumentCheck {
  const totals = new DeclaredTotals(spec);
  let found: Matches | undefined;
  const matches = (shipments: OtherFiles['shipments']): Matches =>
    (found ??= matchShipments(totals.shipments, shipments));
  const judge = (seen: Seen): readonly Issue[] => {
    const shipment = shipmentOf(spec, seen);
    if (shipment === '') return [];
    return [
      ...waybillIssues(shipment, spec, seen),
      ...disagreements(shipment, spec, { seen, totals }),
      ...(other ? differences(shipment, spec, { other, matches: matches(other.shipments) }) : []),
    ];
  };
  return {
    gathering: {
      judge: (seen) => {
        totals.add(seen);
        return [];
      },
    },
    judging: { judge },
    restart() {
      totals.clear();
      found = undefined;
    },
    notices: () =>
      other
        ? otherNotices(other, spec, { matches: matches(other.shipments), bills: totals.shipments.keys() })
        : [],
  };
}

function waybillIssues(shipment: string, { elements }: DocumentSpec, { content }: Seen): readonly Issue[] {
  const [master = ''] = billParts(shipment);
  return elements.flatMap((element) => {
    const { airWaybillWhere, severity } = element;
    if (!airWaybillWhere || !doesApply(airWaybillWhere, content)) return [];
    if (hasWaybillCheckDigit(master) !== false) return [];
    const facts = { master, digit: Number(master.slice(3, 10)) % 7 };
    return [issueAt(element, { code: 'document/waybill-check-digit', severity, facts })];
  });
}

/** One bill is one vessel, one voyage, one customs office: told on the declarations that differ from the first. */
function disagreements(
  shipment: string,
  spec: DocumentSpec,
  { seen, totals }: { readonly seen: Seen; readonly totals: DeclaredTotals },
): readonly Issue[] {
  const firsts = totals.shipments.get(shipment)?.firsts ?? [];
  return agreedOf(spec).flatMap((element, at) => {
    const first = firsts[at];
    const value = valueIn(seen.content, element);
    if (first === undefined || value === '' || value === first.value) return [];
    const facts = { shipment, otherCell: cellLabel(first) };
    return [issueAt(element, { code: 'document/values-disagree', severity: element.severity, facts })];
  });
}

function otherNotices(
  other: OtherFiles,
  spec: DocumentSpec,
  { matches, bills }: { readonly matches: Matches; readonly bills: Iterable<string> },
): readonly Problem[] {
  const counts = { declared: 0, agreeing: 0, differing: 0, notListed: 0 };
  for (const bill of bills) {
    counts.declared += 1;
    if (!matches.of.has(bill)) counts.notListed += 1;
    else if (differences(bill, spec, { other, matches }).length > 0) counts.differing += 1;
    else counts.agreeing += 1;
  }
  const facts = {
    document: [spec.name],
    file: other.files,
    rows: other.rows,
    ...counts,
    notDeclared: matches.unclaimed.length,
  };
  return [
    { code: 'document/compared', severity: 'info', facts },
    ...other.problems,
    ...matches.unclaimed.map(({ bill, rows, totals }): Problem => {
      const { row, column, header, value } = bill;
      return {
        code: 'document/not-declared',
        severity: 'info',
        row,
        ...(column === undefined ? {} : { column }),
        ...(header === undefined ? {} : { header }),
        value,
        facts: { document: [spec.name], at: cellLabel(bill), rows, listedCells: totals.flatMap(cellsOf) },
      };
    }),
  ];
}
