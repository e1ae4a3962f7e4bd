/** The few fields by which made documents find the shipment of a declaration: kept of what was not lodged, so that a document made later can still name it as missing. */
import type { DeclarationContent, FieldPath } from '../../model/declaration.ts';
import type { DocumentSpec } from '../../model/document.ts';
import { flat } from '../flat.ts';
import { valueOf } from '../release.ts';

/** Field → value, as text of its own; without those that are empty. */
export type ShipmentFields = Readonly<Record<FieldPath, string>>;

/** The shipment, what it is part of, and what says whether a document concerns it. */
export function shipmentPaths(specs: readonly DocumentSpec[]): readonly FieldPath[] {
  const paths = specs
    .filter(({ kind }) => kind === 'produce')
    .flatMap(({ shipment, appliesTo, elements }) => [
      shipment,
      ...appliesTo.keys(),
      ...elements.flatMap(({ level, bring, from }) =>
        level === 'shipment' && (bring === 'same' || bring === 'first') && 'field' in from
          ? [from.field]
          : [],
      ),
    ]);
  return [...new Set(paths)];
}

export function shipmentFieldsIn(content: DeclarationContent, paths: readonly FieldPath[]): ShipmentFields {
  const values = paths.map((path) => [path, flat(valueOf(content, path))] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}

/** As much of the declaration as was kept. */
export function contentWith(fields: ShipmentFields): DeclarationContent {
  const content: Record<string, Record<string, string>> = {};
  for (const [path, value] of Object.entries(fields)) {
    const dot = path.indexOf('.');
    (content[path.slice(0, dot)] ??= {})[path.slice(dot + 1)] = value;
  }
  return content;
}
