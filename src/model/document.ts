/** A further document that the same rows feed, as its folder of data describes it: checked against, or made. */
import type { FieldPath } from './declaration.ts';
import type { DeclarationKey } from './ids.ts';
import type { Outcome } from './result.ts';
import type { RowRef } from './row.ts';
import type { Severity } from './problem.ts';
import type { Text } from './text.ts';

/** `shipment`: once a bill; `declaration`: once a declaration; anything else names a list of each declaration. */
export type DocumentLevel = 'shipment' | 'declaration' | (string & {});

/** How the values of several declarations of one shipment are brought together. `same`: they must agree; `sum`: exact decimals; `list`: each different value once; `first`: that of the first. */
export type Bringing = 'same' | 'sum' | 'list' | 'first';

/** What the run knows of a declaration besides its fields. */
export const runFacts = ['Reference', 'CustomsNumber', 'Outcome', 'State', 'Release', 'ReleasedAt'] as const;
export type RunFact = (typeof runFacts)[number];

/** A column of the other file: the header words it is found by. */
export type ListedColumn = {
  readonly words: readonly string[];
  /** Without this column nothing is compared. */
  readonly isNeeded: boolean;
  /** Unit → what one of it is in the declaration's unit, as decimal text. A number without a unit is in that unit. */
  readonly units: ReadonlyMap<string, string>;
  /** Header words of a column beside it that holds the unit. */
  readonly unitWords: readonly string[];
};

export type DocumentElement = {
  readonly name: string;
  readonly title: Text;
  readonly level: DocumentLevel;
  /** The field it is taken from; or what the run knows. */
  readonly from: { readonly field: FieldPath } | { readonly run: RunFact };
  /** Of a bill that is written `master_house` or `master*house`. */
  readonly part?: 'master' | 'house';
  readonly bring: Bringing;
  /** In the other file, where the document is checked against. */
  readonly listed?: ListedColumn;
  /** How far the sums may lie apart: decimal text. */
  readonly tolerance: string;
  /** What a difference, or a sum that cannot be known, means for the declaration. */
  readonly severity: Severity;
  /** The check digit of an air waybill's master number: only where these fields have one of these values. */
  readonly airWaybillWhere?: Conditions;
  readonly source: string;
};

/** Field → the values with which it holds. */
export type Conditions = ReadonlyMap<FieldPath, readonly string[]>;

export type DocumentSpec = {
  /** The name of its folder. */
  readonly name: string;
  readonly version: string;
  readonly title: Text;
  readonly purpose: Text;
  /** `check-against`: compared with another file; `produce`: made as JSON and CSV. */
  readonly kind: 'check-against' | 'produce';
  /** The field that a shipment is known by. */
  readonly shipment: FieldPath;
  /** The declarations that it concerns; all, where empty. A field without a value excludes nothing. */
  readonly appliesTo: Conditions;
  /** What a sentence calls it: the other file, or what is made. */
  readonly called: Text;
  /** What a shipment means that the other file does not list. */
  readonly notListed: Severity;
  /** What a made document tells its reader. */
  readonly notice?: Text;
  /** What one line of its CSV is: a declaration, or an entry of this list. */
  readonly csvLine: DocumentLevel;
  readonly elements: readonly DocumentElement[];
};

/** Element → value; an element without a value is left out. */
export type MadeValues = Readonly<Record<string, string>>;

/** What a made document takes of one declaration. */
export type DocumentPart = {
  /** Its first row, by which its result is found. */
  readonly row: RowRef;
  /** Its bill in one way of writing; empty where it has none. */
  readonly bill: string;
  /** Of level shipment, as this declaration has them. */
  readonly shipment: MadeValues;
  readonly values: MadeValues;
  readonly lists: Readonly<Record<string, readonly MadeValues[]>>;
};

/** The same, and what became of it. */
export type SettledPart = DocumentPart & { readonly outcome: Outcome; readonly key?: DeclarationKey };

export type MadeShipment = {
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  /** Every declaration of the bill in this run has a customs number. */
  readonly isComplete: boolean;
  readonly declarations: readonly SettledPart[];
  /** Declarations of the bill that are not lodged. */
  readonly missing: readonly SettledPart[];
};

/** The lists of a document, in the order of its elements, each with those. */
export function listsOf({
  elements,
}: Pick<DocumentSpec, 'elements'>): ReadonlyMap<string, readonly DocumentElement[]> {
  const lists = new Map<string, DocumentElement[]>();
  for (const element of elements) {
    if (element.level === 'shipment' || element.level === 'declaration') continue;
    const known = lists.get(element.level);
    if (known) known.push(element);
    else lists.set(element.level, [element]);
  }
  return lists;
}
