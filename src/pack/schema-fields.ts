/** Reads a pack's JSON Schema into segments and fields: the schema is the pack's only word about its shape. */
import type { FieldPath } from '../model/declaration.ts';
import type { Text } from '../model/text.ts';
import type { DateFormat } from './calendar.ts';
import type { Field, FieldType, Need, Segment } from './pack.ts';

/** One property of a segment, as it stands in the schema. */
type PropertySchema = {
  readonly 'x-tag': string;
  readonly 'x-title': Text;
  readonly 'x-type': FieldType;
  readonly 'x-need': { readonly import: Need; readonly export: Need };
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly 'x-max-bytes'?: number;
  readonly 'x-length-2018'?: number;
  readonly 'x-digits'?: readonly [number, number];
  readonly 'x-date'?: DateFormat;
  readonly 'x-code-list'?: string;
  readonly 'x-separator'?: string;
  readonly 'x-unit'?: string;
  readonly 'x-half-width'?: boolean;
  readonly 'x-pattern-text'?: Text;
  readonly 'x-example'?: string;
};

type SegmentSchema = {
  readonly 'x-title': Text;
  readonly 'x-level': Segment['level'];
  readonly 'x-parent'?: string;
  readonly properties: { readonly [tag: string]: PropertySchema };
};

export type DeclarationSchema = {
  readonly required?: readonly string[];
  readonly properties: {
    readonly [segment: string]: {
      readonly $ref?: string;
      readonly type?: 'array';
      readonly maxItems?: number;
    };
  };
  readonly $defs: { readonly [name: string]: SegmentSchema };
};

/** A field, and what parsing and telling need beside the contract. */
export type PackField = Field & {
  readonly dateFormat?: DateFormat;
  /** Several codes in one value, with this between them. */
  readonly separator?: string;
  /** The unit that the value is in by definition: `kg`. */
  readonly unit?: string;
  /** Letters and digits are half width, as in numbers of documents. */
  readonly isHalfWidth: boolean;
  readonly patternText?: Text;
};

function fieldOf(segment: string, schema: PropertySchema): PackField {
  const digits = schema['x-digits'];
  return {
    path: `${segment}.${schema['x-tag']}`,
    segment,
    tag: schema['x-tag'],
    title: schema['x-title'],
    type: schema['x-type'],
    need: schema['x-need'],
    isHalfWidth: schema['x-half-width'] ?? false,
    ...(schema.maxLength !== undefined && { maxLength: schema.maxLength }),
    ...(schema['x-max-bytes'] !== undefined && { maxBytes: schema['x-max-bytes'] }),
    ...(digits !== undefined && { integerDigits: digits[0], fractionDigits: digits[1] }),
    ...(schema['x-code-list'] !== undefined && { codeList: schema['x-code-list'] }),
    ...(schema['x-example'] !== undefined && { example: schema['x-example'] }),
    ...(schema['x-date'] !== undefined && { dateFormat: schema['x-date'] }),
    ...(schema['x-separator'] !== undefined && { separator: schema['x-separator'] }),
    ...(schema['x-unit'] !== undefined && { unit: schema['x-unit'] }),
    ...(schema['x-pattern-text'] !== undefined && { patternText: schema['x-pattern-text'] }),
  };
}

/** Segments and fields in the message's order. */
export function readSchema(schema: DeclarationSchema): {
  readonly segments: Map<string, Segment>;
  readonly fields: Map<FieldPath, PackField>;
} {
  const segments = new Map<string, Segment>();
  const fields = new Map<FieldPath, PackField>();
  for (const [name, property] of Object.entries(schema.properties)) {
    const definition = schema.$defs[name];
    if (definition === undefined) throw new TypeError(`the schema defines no segment ${name}`);
    const tags = Object.keys(definition.properties);
    segments.set(name, {
      name,
      title: definition['x-title'],
      kind: property.type === 'array' ? 'list' : 'once',
      level: definition['x-level'],
      tags,
      ...(schema.required?.includes(name) && { isRequired: true as const }),
      ...(property.maxItems !== undefined && { max: property.maxItems }),
      ...(definition['x-parent'] !== undefined && { parent: definition['x-parent'] }),
    });
    for (const property of Object.values(definition.properties)) {
      const field = fieldOf(name, property);
      fields.set(field.path, field);
    }
  }
  return { segments, fields };
}
