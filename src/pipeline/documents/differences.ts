/** Where the declarations of a shipment and the other file do not say the same. */
import { basename } from 'node:path';
import type { DocumentElement, DocumentSpec } from '../../model/document.ts';
import type { Severity } from '../../model/problem.ts';
import type { Issue } from '../../pack/pack.ts';
import { cellLabel } from './cell.ts';
import type { Match, Matches } from './compare.ts';
import { comparedOf } from './declared.ts';
import type { OtherFiles } from './listed.ts';
import { placeOf } from './seen.ts';
import { cellsOf, joinTotals, textOf, type Total, unitsOf } from './totals.ts';

export function issueAt({ from }: DocumentElement, said: Pick<Issue, 'code' | 'severity' | 'facts'>): Issue {
  return { ...said, places: 'field' in from ? [placeOf(from.field)] : [] };
}

/** Of one shipment, by its plain bill. */
export function differences(
  shipment: string,
  spec: DocumentSpec,
  { other, matches }: { readonly other: OtherFiles; readonly matches: Matches },
): readonly Issue[] {
  const files = other.files.map((file) => basename(file));
  const about = { document: [spec.name], file: files, shipment };
  const match = matches.of.get(shipment);
  if (match) return comparedOf(spec).flatMap((element, at) => difference(element, match, { at, about }));
  const bill = spec.elements.find(({ from }) => 'field' in from && from.field === spec.shipment);
  return bill ? [issueAt(bill, { code: 'document/not-listed', severity: spec.notListed, facts: about })] : [];
}

function difference(
  element: DocumentElement,
  match: Match,
  { at, about }: { readonly at: number; readonly about: NonNullable<Issue['facts']> },
): readonly Issue[] {
  const of = (sides: readonly { readonly totals: readonly Total[] }[]): Total =>
    joinTotals(sides.flatMap(({ totals }) => totals[at] ?? []));
  const [declared, listed] = [of(match.declared), of(match.listed)];
  // The other file has no such column: told once, for the file.
  if (listed.count === 0) return [];
  const severity = severityOf(element, match);
  const { shared = [] } = listed;
  const cells = [...(declared.unreadable ?? []), ...(listed.unreadable ?? [])];
  const unknown = [
    ...(shared.length > 0 ? [{ code: 'document/merged-cell' as const, cells: shared }] : []),
    ...(cells.length > 0 ? [{ code: 'document/not-comparable' as const, cells }] : []),
  ];
  if (declared.units === undefined || listed.units === undefined)
    return unknown.map(({ code, cells: named }) =>
      issueAt(element, { code, severity, facts: { ...about, cells: named.map(cellLabel) } }),
    );
  const apart = declared.units - listed.units;
  if (isWithin(apart, element.tolerance)) return [];
  const facts = {
    ...about,
    declared: textOf(declared.units),
    declaredCells: cellsOf(declared),
    listed: textOf(listed.units),
    listedCells: cellsOf(listed),
    difference: `${apart > 0n ? '+' : ''}${textOf(apart)}`,
  };
  return [
    issueAt(element, { code: match.isPart ? 'document/part-differs' : 'document/differs', severity, facts }),
  ];
}

/** Some house bills of the master may be declared elsewhere: a word, not a refusal. */
function severityOf({ severity }: DocumentElement, { isPart }: Match): Severity {
  return isPart && severity === 'error' ? 'warning' : severity;
}

function isWithin(apart: bigint, tolerance: string): boolean {
  const magnitude = apart < 0n ? -apart : apart;
  return magnitude <= (unitsOf(tolerance) ?? 0n);
}
