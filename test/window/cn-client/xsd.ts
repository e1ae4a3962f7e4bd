/** Reads the official XML Schema of 2018, where it is at hand: the elements of `DecMessage`, with how often they stand and their facets. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readLimits } from '../../../src/formats/limits.ts';
import { xmlReader, type XmlTag } from '../../../src/formats/xlsx/xml.ts';

/** Named by `DECLARANT_OFFICIAL_SCHEMA`, or beside the repository. */
const folder =
  process.env['DECLARANT_OFFICIAL_SCHEMA'] ??
  resolve(import.meta.dirname, '../../../../shared/domain/official-schema-2018');
export const schemaFile = join(folder, 'DecMessage_ImportSave_V1.0.xsd');
export const hasSchema = existsSync(schemaFile);

type Node = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Node[];
};

export type Facet = { readonly facet: string; readonly value: string };
export type SchemaElement = {
  readonly name: string;
  readonly isMandatory: boolean;
  readonly facets: readonly Facet[];
  readonly children: readonly SchemaElement[];
};

export function readSchema(): SchemaElement {
  const roots = [schemaFile, join(folder, 'complexType.xsd')].map(readTree);
  const types = new Map(
    roots.flatMap(({ children }) =>
      children
        .filter(({ name }) => name === 'complexType')
        .map((type) => [said(type, 'name'), type] as const),
    ),
  );
  const message = roots[0]?.children.find(
    (node) => node.name === 'element' && said(node, 'name') === 'DecMessage',
  );
  if (!message) throw new Error('the schema has no DecMessage');
  return elementOf(message, types);
}

function elementOf(node: Node, types: ReadonlyMap<string, Node>): SchemaElement {
  const type =
    types.get(said(node, 'type').replace(/^.*:/u, '')) ??
    node.children.find(({ name }) => name === 'complexType');
  const restriction = node.children
    .find(({ name }) => name === 'simpleType')
    ?.children.find(({ name }) => name === 'restriction');
  const sequence = type?.children.find(({ name }) => name === 'sequence');
  return {
    name: said(node, 'name'),
    isMandatory: said(node, 'minOccurs') !== '0',
    facets: (restriction?.children ?? []).map((facet) => ({
      facet: facet.name,
      value: said(facet, 'value'),
    })),
    children: (sequence?.children ?? [])
      .filter(({ name }) => name === 'element')
      .map((child) => elementOf(child, types)),
  };
}

function said(node: Node, attribute: string): string {
  return node.attributes.get(attribute) ?? '';
}

function readTree(file: string): Node {
  const top: Node = { name: '', attributes: new Map(), children: [] };
  const open = [top];
  const reader = xmlReader(
    file,
    {
      open({ local, attributes }: XmlTag) {
        const node: Node = {
          name: local,
          attributes: new Map(Object.values(attributes).map((one) => [one.local, one.value])),
          children: [],
        };
        open.at(-1)?.children.push(node);
        open.push(node);
      },
      close: () => void open.pop(),
    },
    readLimits(undefined),
  );
  reader.write(readFileSync(file));
  reader.end();
  const [root] = top.children;
  if (!root) throw new Error(`nothing in ${file}`);
  return root;
}
