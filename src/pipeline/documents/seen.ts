/** What documents see of the declarations on their way: each one once a pass, also one that is set aside. */
import type { DeclarationContent, FieldPath, Origin, Place } from '../../model/declaration.ts';
import type { Conditions, DocumentElement } from '../../model/document.ts';
import type { RowRef } from '../../model/row.ts';
import type { Issue } from '../../pack/pack.ts';
import { billParts, plainBill } from '../bill.ts';
import { valueOf } from '../release.ts';

export type Seen = {
  /** As far as it could be understood, completed by the pack's defaults. */
  readonly content: DeclarationContent;
  /** The first of its rows, by which its result is found again. */
  readonly first: RowRef;
  readonly at: (place: Place) => Origin;
};

/** Looks on while a pass makes declarations. */
export type Onlooker = {
  /** Each declaration, and rows that make none. */
  readonly see?: (seen: Seen) => void;
  /** Each that is no duplicate within the run, before it is decided: what it says is told with the declaration's own problems. */
  readonly judge?: (seen: Seen) => readonly Issue[];
};

export function placeOf(field: FieldPath): { readonly segment: string; readonly tag: string } {
  const [segment = '', tag = ''] = field.split('.');
  return { segment, tag };
}

/** The value of an element of level shipment or declaration. */
export function valueIn(content: DeclarationContent, { from, part }: DocumentElement): string {
  if (!('field' in from)) return '';
  const value = valueOf(content, from.field);
  if (part === undefined) return value;
  const parts = billParts(plainBill(value));
  return (part === 'master' ? parts[0] : parts.slice(1).join('_')) ?? '';
}

export function doesApply(conditions: Conditions, content: DeclarationContent): boolean {
  for (const [field, values] of conditions) {
    const value = valueOf(content, field);
    if (value !== '' && !values.includes(value)) return false;
  }
  return true;
}
