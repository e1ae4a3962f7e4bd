/** A made document as JSON, shipment by shipment: the schema lies in the document's folder (`output.schema.json`). */
import type { DocumentSpec, MadeShipment, SettledPart } from '../../model/document.ts';
import type { RunSummary } from '../../model/result.ts';
import { escapeJson } from '../terminal-text.ts';

/** Up to the first shipment. */
export function jsonHead(
  spec: DocumentSpec,
  { run, mode }: Pick<RunSummary, 'run' | 'mode'>,
  madeAt: string,
): string {
  const { name, version, title, notice } = spec;
  const head = {
    schemaVersion: 1,
    document: name,
    version,
    title,
    ...(notice ? { notice } : {}),
    run,
    mode,
    madeAt,
  };
  return escapeJson(`${JSON.stringify(head).slice(0, -1)},\n"shipments":[`);
}

export function jsonShipment(
  { values, isComplete, declarations, missing }: MadeShipment,
  isFirst: boolean,
): string {
  const made = {
    ...values,
    isComplete,
    declarations: declarations.map(declared),
    missing: missing.map(named),
  };
  return escapeJson(`${isFirst ? '\n' : ',\n'}${JSON.stringify(made)}`);
}

/** From the last shipment on: declarations whose bill is not known. */
export function jsonTail(withoutBill: readonly SettledPart[]): string {
  return escapeJson(`\n],\n"withoutBill":${JSON.stringify(withoutBill.map(named))}}\n`);
}

function declared(part: SettledPart): object {
  return { ...named(part), ...part.values, ...part.lists };
}

/** Of what is missing nothing else: its data may be wrong. */
function named({ row, outcome, key }: SettledPart): object {
  return { row, outcome, ...(key === undefined ? {} : { key }) };
}
