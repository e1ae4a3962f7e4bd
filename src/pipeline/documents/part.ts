/** What a made document takes of one declaration: from its fields on the way, from its result once it has one. */
import type { FieldPath } from '../../model/declaration.ts';
import {
  type DocumentElement,
  type DocumentPart,
  type DocumentSpec,
  listsOf,
  type MadeValues,
  type RunFact,
  type SettledPart,
} from '../../model/document.ts';
import type { ReceiptCodes } from '../../model/receipt-codes.ts';
import type { Decision } from '../../model/result.ts';
import { plainBill } from '../bill.ts';
import { flat } from '../flat.ts';
import { releaseOf, valueOf } from '../release.ts';
import { bareRow } from '../tracked.ts';
import { doesApply, type Seen, valueIn } from './seen.ts';

/** Nothing where the document does not concern the declaration. */
export function partOf(spec: DocumentSpec, { content, first }: Seen): DocumentPart | undefined {
  if (!doesApply(spec.appliesTo, content)) return undefined;
  const level = (wanted: string): MadeValues =>
    valuesOf(
      spec.elements.filter((element) => element.level === wanted),
      (element) => valueIn(content, element),
    );
  const lists = [...listsOf(spec)].map(([name, elements]) => {
    const [segment = ''] = elements.flatMap(({ from }) => ('field' in from ? from.field.split('.') : []));
    const entries = content[segment];
    const made = Array.isArray(entries) ? entries : [];
    return [
      name,
      made.map((entry) =>
        valuesOf(elements, ({ from }) => ('field' in from ? (entry[tagOf(from.field)] ?? '') : '')),
      ),
    ] as const;
  });
  return {
    row: bareRow(first),
    bill: flat(plainBill(valueOf(content, spec.shipment))),
    shipment: level('shipment'),
    values: level('declaration'),
    lists: Object.fromEntries(lists),
  };
}

function valuesOf(
  elements: readonly DocumentElement[],
  value: (element: DocumentElement) => string,
): MadeValues {
  const pairs = elements.map((element) => [element.name, value(element)] as const);
  return Object.fromEntries(pairs.filter(([, text]) => text !== ''));
}

function tagOf(field: FieldPath): string {
  return field.split('.')[1] ?? '';
}

/** With what is known of it now. */
export function settled(
  part: DocumentPart,
  decision: Decision,
  { spec, codes }: { readonly spec: DocumentSpec; readonly codes: ReceiptCodes },
): SettledPart {
  const facts = factsOf(decision, codes);
  const known = valuesOf(
    spec.elements.filter(({ from }) => 'run' in from),
    ({ from }) => ('run' in from ? facts[from.run] : ''),
  );
  const { outcome, key } = decision;
  return { ...part, values: { ...known, ...part.values }, outcome, ...(key === undefined ? {} : { key }) };
}

/** Released only by a word of release that nothing later speaks against. */
function factsOf(
  { key, entryId, outcome, state, receipts }: Decision,
  codes: ReceiptCodes,
): Record<RunFact, string> {
  const { isReleased, evidence, doubts } = releaseOf({ state: state ?? 'prepared', receipts }, codes);
  const isSure = isReleased && doubts.length === 0;
  return {
    Reference: key ?? '',
    CustomsNumber: entryId ?? '',
    Outcome: outcome,
    State: state ?? '',
    Release: isSure ? 'released' : isReleased ? 'ask-customs' : 'not-released',
    ReleasedAt: isSure ? (evidence?.at ?? '') : '',
  };
}
