/** What the declarations say of each shipment, added up over all files of a run: one small entry a bill. */
import type { DocumentElement, DocumentSpec } from '../../model/document.ts';
import { plainBill } from '../bill.ts';
import { flat } from '../flat.ts';
import { valueOf } from '../release.ts';
import type { Cell } from './cell.ts';
import { doesApply, placeOf, type Seen, valueIn } from './seen.ts';
import { addTo, emptyTotal, type Total, unitsOf } from './totals.ts';

export type Declared = {
  readonly plain: string;
  /** One for each element of `comparedOf`. */
  readonly totals: readonly Total[];
  /** For each element of `agreedOf`, the first cell with a value. */
  readonly firsts: (Cell | undefined)[];
};

export type DeclaredShipments = ReadonlyMap<string, Declared>;

/** The elements that are added up and compared. */
export function comparedOf({ elements }: DocumentSpec): readonly DocumentElement[] {
  return elements.filter(({ bring, listed }) => bring === 'sum' && listed !== undefined);
}

/** The elements that the declarations of one shipment must agree on, besides its bill. */
export function agreedOf({ elements, shipment }: DocumentSpec): readonly DocumentElement[] {
  return elements.filter(
    ({ bring, from, level }) =>
      bring === 'same' && level === 'shipment' && 'field' in from && from.field !== shipment,
  );
}

/** The plain bill; empty where the declaration has none, or the document does not concern it. */
export function shipmentOf(spec: DocumentSpec, { content }: Pick<Seen, 'content'>): string {
  return doesApply(spec.appliesTo, content) ? plainBill(valueOf(content, spec.shipment)) : '';
}

export class DeclaredTotals {
  readonly #spec: DocumentSpec;
  readonly #compared: readonly DocumentElement[];
  readonly #agreed: readonly DocumentElement[];
  readonly #shipments = new Map<string, Declared>();

  constructor(spec: DocumentSpec) {
    this.#spec = spec;
    this.#compared = comparedOf(spec);
    this.#agreed = agreedOf(spec);
  }

  get shipments(): DeclaredShipments {
    return this.#shipments;
  }

  add(seen: Seen): void {
    const plain = shipmentOf(this.#spec, seen);
    if (plain === '') return;
    const shipment = this.#shipments.get(plain) ?? this.#open(flat(plain));
    for (const [at, element] of this.#compared.entries()) {
      const total = shipment.totals[at];
      const value = valueIn(seen.content, element);
      if (total) addTo(total, unitsOf(value), cellAt(seen, element, value));
    }
    for (const [at, element] of this.#agreed.entries()) {
      const value = valueIn(seen.content, element);
      if (value !== '') shipment.firsts[at] ??= cellAt(seen, element, value);
    }
  }

  clear(): void {
    this.#shipments.clear();
  }

  #open(plain: string): Declared {
    const shipment = {
      plain,
      totals: this.#compared.map(emptyTotal),
      firsts: this.#agreed.map(() => undefined),
    };
    this.#shipments.set(plain, shipment);
    return shipment;
  }
}

export function cellAt(seen: Seen, { from }: DocumentElement, value: string): Cell {
  const origin = 'field' in from ? seen.at(placeOf(from.field)) : { row: seen.first };
  return { ...origin, value: flat(value) };
}
