/** What an import keeps of the declarations that did not go to the window, so that `report` can name them in a document made later. */
import type { DocumentSpec } from '../model/document.ts';
import type { Decision, Outcome } from '../model/result.ts';
import type { RowRef } from '../model/row.ts';
import type { Seen } from '../pipeline/documents/seen.ts';
import type { RunOptions } from '../pipeline/run-options.ts';
import {
  type ShipmentFields,
  shipmentFieldsIn,
  shipmentPaths,
} from '../pipeline/documents/shipment-fields.ts';

/** The ledger has what was sent. */
const inLedger: ReadonlySet<Outcome> = new Set(['accepted', 'pending', 'rejected', 'unknown']);

export type FieldKeeper = {
  readonly see: (seen: Seen) => void;
  /** Once for each declaration, when its result is there. */
  readonly fieldsOf: (decision: Decision) => ShipmentFields | undefined;
};

export function fieldKeeper(specs: readonly DocumentSpec[]): FieldKeeper {
  const paths = shipmentPaths(specs);
  /** By first row, until its result comes. */
  const waiting = new Map<string, ShipmentFields>();
  return {
    see: ({ content, first }) => void waiting.set(nameOf(first), shipmentFieldsIn(content, paths)),
    fieldsOf({ rows: [first], outcome }) {
      const name = nameOf(first);
      const fields = waiting.get(name);
      waiting.delete(name);
      return inLedger.has(outcome) ? undefined : fields;
    },
  };
}

/** Beside what looks on for further documents. */
export function withKeeper(
  onlookers: RunOptions['also'],
  keeper: FieldKeeper | undefined,
): Pick<RunOptions, 'also'> {
  if (keeper === undefined) return onlookers === undefined ? {} : { also: onlookers };
  const { deciding } = onlookers ?? {};
  const see = (seen: Seen): void => {
    keeper.see(seen);
    deciding?.see?.(seen);
  };
  return { also: { ...onlookers, deciding: { ...deciding, see } } };
}

function nameOf({ file, sheet = '', line }: RowRef): string {
  return JSON.stringify([file, sheet, line]);
}
