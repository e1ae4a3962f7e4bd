/** One shipment of a made document, from the declarations that are of it. */
import type { DocumentElement, DocumentSpec, MadeShipment, SettledPart } from '../../model/document.ts';
import type { Outcome } from '../../model/result.ts';
import { textOf, unitsOf } from './totals.ts';

/** With the window, or sound where nothing is lodged. */
const listed: ReadonlySet<Outcome> = new Set(['accepted', 'pending', 'valid']);

/** Sums and lists are those of the declarations that are listed; what is missing is named, and counted into nothing. */
export function assemble({ elements }: DocumentSpec, parts: readonly SettledPart[]): MadeShipment {
  const declarations = parts.filter(({ outcome }) => listed.has(outcome));
  const missing = parts.filter(({ outcome }) => !listed.has(outcome));
  const values = elements
    .filter(({ level }) => level === 'shipment')
    .map((element) => {
      // A bill is what its declarations are found by: it is known though none of them is lodged.
      const own = element.bring === 'same' || element.bring === 'first' ? parts : declarations;
      return [
        element.name,
        brought(
          element,
          own.map(({ shipment }) => shipment[element.name] ?? ''),
        ),
      ] as const;
    })
    .filter(([, value]) => value.length > 0);
  const isComplete = missing.length === 0 && declarations.every(({ outcome }) => outcome === 'accepted');
  return { values: Object.fromEntries(values), isComplete, declarations, missing };
}

/** Empty for a sum of which a part is no number. */
function brought({ bring }: DocumentElement, values: readonly string[]): string | readonly string[] {
  if (bring === 'list') return [...new Set(values)].filter((value) => value !== '');
  if (bring !== 'sum') return values.find((value) => value !== '') ?? '';
  const units = values.map(unitsOf);
  const sum = units.reduce<bigint | undefined>(
    (total, each) => (total === undefined || each === undefined ? undefined : total + each),
    0n,
  );
  return sum === undefined || values.length === 0 ? '' : textOf(sum);
}
