/** Makes `declaration.schema.json` from `fields.csv` and `segments.json`. Run: node src/pack/build/make-schema.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csvRecords } from '../csv-rows.ts';

export const packFolder = fileURLToPath(new URL('../../../schemas/cn/goods-declaration/', import.meta.url));

type Json = { [name: string]: unknown };
type Row = Record<string, string>;
type SegmentInfo = {
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly kind: 'once' | 'list';
  readonly max?: number;
  readonly parent?: string;
  readonly level: string;
};

const isNeeded = (need: string | undefined): boolean => need === 'save' || need === 'declare';
const isForbidden = (need: string | undefined): boolean => need === 'never' || need === 'receipt';

function cell(row: Row, name: string): string {
  return row[name] ?? '';
}

function decimalPattern(integerDigits: number, fractionDigits: number): string {
  const fraction = fractionDigits === 0 ? '' : `(\\.[0-9]{1,${fractionDigits}})?`;
  return `^(0|[1-9][0-9]{0,${integerDigits - 1}})${fraction}$`;
}

function property(row: Row): Json {
  const type = cell(row, 'type');
  const schema: Json = {
    'x-tag': cell(row, 'tag'),
    'x-title': { zh: cell(row, 'title_zh'), en: cell(row, 'title_en') },
    'x-type': type,
    type: 'string',
    minLength: 1,
  };
  if (type === 'decimal' || type === 'integer') {
    const digits = [Number(cell(row, 'integer_digits')), Number(cell(row, 'fraction_digits'))] as const;
    schema['pattern'] = decimalPattern(...digits);
    schema['x-digits'] = digits;
  } else if (cell(row, 'pattern') !== '') {
    schema['pattern'] = cell(row, 'pattern');
    schema['x-pattern-text'] = { zh: cell(row, 'pattern_zh'), en: cell(row, 'pattern_en') };
  }
  if (cell(row, 'max_length') !== '') schema['maxLength'] = Number(cell(row, 'max_length'));
  if (cell(row, 'max_bytes') !== '') schema['x-max-bytes'] = Number(cell(row, 'max_bytes'));
  if (cell(row, 'length_2018') !== '') schema['x-length-2018'] = Number(cell(row, 'length_2018'));
  if (cell(row, 'date_format') !== '') schema['x-date'] = cell(row, 'date_format');
  if (cell(row, 'code_list') !== '') schema['x-code-list'] = cell(row, 'code_list');
  if (cell(row, 'separator') !== '') schema['x-separator'] = cell(row, 'separator');
  if (cell(row, 'unit') !== '') schema['x-unit'] = cell(row, 'unit');
  if (cell(row, 'half_width') === 'yes') schema['x-half-width'] = true;
  schema['x-need'] = { import: cell(row, 'need_import'), export: cell(row, 'need_export') };
  if (cell(row, 'example') !== '') schema['x-example'] = cell(row, 'example');
  if (cell(row, 'note') !== '') schema['x-note'] = cell(row, 'note');
  schema['x-source'] = cell(row, 'source');
  return schema;
}

/** What a segment demands in one direction beyond what both demand. */
function forDirection(
  rows: readonly Row[],
  here: 'need_import' | 'need_export',
  there: 'need_import' | 'need_export',
): Json | undefined {
  const required = rows
    .filter((row) => isNeeded(row[here]) && !isNeeded(row[there]))
    .map((row) => cell(row, 'tag'));
  const never = rows
    .filter((row) => isForbidden(row[here]) && !isForbidden(row[there]))
    .map((row) => [cell(row, 'tag'), false]);
  if (required.length === 0 && never.length === 0) return undefined;
  return {
    ...(required.length > 0 && { required }),
    ...(never.length > 0 && { properties: Object.fromEntries(never) }),
  };
}

function segmentSchema(segment: SegmentInfo, rows: readonly Row[]): Json {
  const required = rows
    .filter((row) => isNeeded(row['need_import']) && isNeeded(row['need_export']))
    .map((row) => cell(row, 'tag'));
  const never = rows
    .filter((row) => isForbidden(row['need_import']) && isForbidden(row['need_export']))
    .map((row) => cell(row, 'tag'));
  const properties = rows.map((row) => [
    cell(row, 'tag'),
    { ...property(row), ...(never.includes(cell(row, 'tag')) && { not: {} }) },
  ]);
  return {
    'x-title': segment.title,
    'x-level': segment.level,
    ...(segment.parent !== undefined && { 'x-parent': segment.parent }),
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(properties),
  };
}

/** If the declaration is of this direction, then what that direction demands. */
function demandsOf(flag: string, direction: 'import' | 'export'): Json {
  const isDirection = {
    required: ['DecHead'],
    properties: { DecHead: { required: ['IEFlag'], properties: { IEFlag: { const: flag } } } },
  };
  const demands = { $ref: `#/$defs/${direction}` };
  return Object.fromEntries(
    Object.entries({ if: isDirection, demands }).map(([name, part]) => [name === 'if' ? name : 'then', part]),
  );
}

/** The whole schema, as an object in the order in which it is written. */
function makeSchema(segments: readonly SegmentInfo[], rows: readonly Row[]): Json {
  const definitions: Json = {};
  const properties: Json = {};
  const directions: { import: Json; export: Json } = { import: {}, export: {} };
  for (const segment of segments) {
    const own = rows.filter((row) => row['segment'] === segment.name);
    const items = { $ref: `#/$defs/${segment.name}` };
    definitions[segment.name] = segmentSchema(segment, own);
    properties[segment.name] =
      segment.kind === 'once'
        ? items
        : { type: 'array', ...(segment.max !== undefined && { maxItems: segment.max }), items };
    for (const [direction, here, there] of [
      ['import', 'need_import', 'need_export'],
      ['export', 'need_export', 'need_import'],
    ] as const) {
      const demands = forDirection(own, here, there);
      if (demands !== undefined)
        directions[direction][segment.name] = segment.kind === 'once' ? demands : { items: demands };
    }
  }
  definitions['import'] = { properties: directions.import };
  definitions['export'] = { properties: directions.export };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:declarant:cn-goods-declaration',
    title: '进口/出口货物报关单 (goods declaration for import and export)',
    description: 'Made from fields.csv and segments.json by src/pack/build/make-schema.ts: change those.',
    type: 'object',
    additionalProperties: false,
    required: ['DecHead'],
    properties,
    allOf: [demandsOf('I', 'import'), demandsOf('E', 'export')],
    $defs: definitions,
  };
}

/** The text of `declaration.schema.json`, from the files of the pack's folder. */
export function schemaText(folder: string): string {
  const { segments } = JSON.parse(readFileSync(join(folder, 'segments.json'), 'utf8')) as {
    segments: SegmentInfo[];
  };
  return `${JSON.stringify(makeSchema(segments, csvRecords(readFileSync(join(folder, 'fields.csv'), 'utf8'))), undefined, 1)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(packFolder, 'declaration.schema.json'), schemaText(packFolder));
}
