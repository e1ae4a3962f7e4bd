/** Reads `document.json`: throws on the first member that is not as it should be. */
import type { FieldPath } from '../../model/declaration.ts';
import {
  type Bringing,
  type Conditions,
  type DocumentElement,
  type DocumentSpec,
  type ListedColumn,
  listsOf,
  runFacts,
} from '../../model/document.ts';
import type { Severity } from '../../model/problem.ts';
import type { Segment } from '../pack.ts';
import { bigUnits } from '../rules/decimal.ts';
import {
  isFieldPath,
  isObject,
  type Options,
  readBilingual,
  readField,
  readObject,
  readText,
  readTexts,
} from '../rules/options.ts';

/** What a document may refer to. */
export type KnownFields = {
  readonly fields: ReadonlyMap<FieldPath, unknown>;
  readonly segments: ReadonlyMap<string, Pick<Segment, 'kind'>>;
};

export function readDocument(name: string, json: unknown, known: KnownFields): DocumentSpec {
  if (!isObject(json)) throw new TypeError(`${name}: no object`);
  const options = { ...json, id: name };
  const kind = oneOf(options, 'kind', ['check-against', 'produce']);
  const elements = json['elements'];
  if (!Array.isArray(elements) || !elements.every(isObject))
    throw new TypeError(`${name}: "elements" must be a list of objects`);
  const spec: DocumentSpec = {
    name,
    version: readText(options, 'version'),
    title: readBilingual(options, 'title'),
    purpose: readBilingual(options, 'purpose'),
    kind,
    shipment: knownField(readField(options, 'shipment'), name, known),
    appliesTo: readConditions(options, 'appliesTo', known),
    notListed: severity(options, 'notListed', 'error'),
    called: readBilingual(options, 'called'),
    ...('notice' in json ? { notice: readBilingual(options, 'notice') } : {}),
    csvLine: optionalText(options, 'csvLine') ?? 'declaration',
    elements: elements.map((each: Options) => readElement(each, name, known)),
  };
  refuseOdd(spec, known);
  return spec;
}

function readElement(item: Options, document: string, known: KnownFields): DocumentElement {
  const name = readText(item, 'name');
  const options = { ...item, id: `${document}: ${name}` };
  if (!/^[a-z][A-Za-z0-9]*$/u.test(name)) throw new TypeError(`${document}: "${name}" is no name`);
  const part = optionalText(options, 'part');
  if (part !== undefined && part !== 'master' && part !== 'house')
    throw new TypeError(`${options.id}: "part" must be master or house`);
  const tolerance = optionalText(options, 'tolerance') ?? '0';
  if (bigUnits(tolerance, 10) === undefined)
    throw new TypeError(`${options.id}: "tolerance" must be a decimal`);
  const where = readConditions(options, 'airWaybillWhere', known);
  return {
    name,
    title: readBilingual(options, 'title'),
    level: readText(options, 'level'),
    from: readFrom(readText(options, 'from'), options.id, known),
    ...(part === undefined ? {} : { part }),
    bring: oneOf<Bringing>({ bring: 'first', ...options }, 'bring', ['same', 'sum', 'list', 'first']),
    ...('listed' in item ? { listed: readListed(readObject(options, 'listed'), options.id) } : {}),
    tolerance,
    severity: severity(options, 'severity', 'warning'),
    ...(where.size === 0 ? {} : { airWaybillWhere: where }),
    source: readText(options, 'source'),
  };
}

function readFrom(text: string, owner: string, known: KnownFields): DocumentElement['from'] {
  const [segment, tag] = text.split('.');
  const fact = runFacts.find((each) => segment === 'Run' && tag === each);
  if (fact) return { run: fact };
  if (isFieldPath(text)) return { field: knownField(text, owner, known) };
  throw new TypeError(`${owner}: "from" must be a field, Segment.Tag, or Run.${runFacts.join(', Run.')}`);
}

function readListed(item: Options, owner: string): ListedColumn {
  const options = { ...item, id: owner };
  const units = Object.entries('units' in item ? readObject(options, 'units') : {});
  return {
    words: readTexts(options, 'words'),
    isNeeded: item['isNeeded'] === true,
    units: new Map(
      units.map(([unit, factor]) => {
        if (typeof factor !== 'string' || bigUnits(factor, 10) === undefined)
          throw new TypeError(`${owner}: unit "${unit}" must be a decimal`);
        return [unit.toUpperCase(), factor];
      }),
    ),
    unitWords: readTexts(options, 'unitWords'),
  };
}

function readConditions(options: Options, name: string, known: KnownFields): Conditions {
  if (options[name] === undefined) return new Map();
  const wanted = readObject(options, name);
  return new Map(
    Object.keys(wanted).map((path) => {
      if (!isFieldPath(path)) throw new TypeError(`${String(options['id'])}: "${path}" is no field`);
      return [knownField(path, String(options['id']), known), readTexts(wanted, path)];
    }),
  );
}

function knownField(path: FieldPath, owner: string, { fields }: KnownFields): FieldPath {
  if (!fields.has(path)) throw new TypeError(`${owner}: the pack has no field ${path}`);
  return path;
}

/** Members that every made document has. */
const reserved: ReadonlySet<string> = new Set([
  'isComplete',
  'declarations',
  'missing',
  'key',
  'outcome',
  'row',
]);

/** What each member allows by itself, and not together. */
function refuseOdd(spec: DocumentSpec, { segments }: KnownFields): void {
  const names = spec.elements.map(({ name, level }) => `${level} ${name}`);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new TypeError(`${spec.name}: "${twice}" stands twice`);
  for (const { name, level, from } of spec.elements) {
    if (reserved.has(name) || reserved.has(level))
      throw new TypeError(`${spec.name}: "${name}" or "${level}" is taken`);
    if ('run' in from && level !== 'declaration')
      throw new TypeError(`${spec.name}: ${name} is known of a declaration only`);
    const segment = 'field' in from ? (from.field.split('.')[0] ?? '') : '';
    const isList = segments.get(segment)?.kind === 'list';
    if (isList !== (level !== 'shipment' && level !== 'declaration'))
      throw new TypeError(`${spec.name}: ${name} is of level "${level}", which its segment is not`);
  }
  for (const [level, elements] of listsOf(spec)) {
    const of = new Set(elements.map(({ from }) => ('field' in from ? from.field.split('.')[0] : '')));
    if (of.size > 1) throw new TypeError(`${spec.name}: the list "${level}" is of several segments`);
  }
  const bill = spec.elements.find(({ from, part, level }) => isBill(from, part, level, spec));
  if (!bill) throw new TypeError(`${spec.name}: no element of level "shipment" is ${spec.shipment}`);
  if (spec.csvLine !== 'declaration' && !listsOf(spec).has(spec.csvLine))
    throw new TypeError(`${spec.name}: "csvLine" must be declaration, or one of its lists`);
  if (spec.kind === 'check-against' && !spec.elements.some(({ listed, bring }) => listed && bring === 'sum'))
    throw new TypeError(`${spec.name}: nothing is compared: no element has "listed" and is a sum`);
}

function isBill(
  from: DocumentElement['from'],
  part: DocumentElement['part'],
  level: string,
  { shipment }: DocumentSpec,
): boolean {
  return 'field' in from && from.field === shipment && part === undefined && level === 'shipment';
}

function oneOf<Value extends string>(options: Options, name: string, values: readonly Value[]): Value {
  const value = values.find((each) => each === options[name]);
  if (value !== undefined) return value;
  throw new TypeError(`${String(options['id'])}: "${name}" must be one of ${values.join(', ')}`);
}

function severity(options: Options, name: string, usual: Severity): Severity {
  return oneOf<Severity>({ ...options, [name]: options[name] ?? usual }, name, ['error', 'warning', 'info']);
}

function optionalText(options: Options, name: string): string | undefined {
  return options[name] === undefined ? undefined : readText(options, name);
}
