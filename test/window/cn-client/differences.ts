/** Compares what a check lets pass with what the schema of 2018 lets pass, field by field and facet by facet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sample, stringMatching } from 'fast-check';
import type { MessageForm, MessageSection } from '../../../src/model/message-form.ts';
import type { Field, Pack } from '../../../src/pack/pack.ts';
import type { Facet, SchemaElement } from './xsd.ts';

const packFolder = join(import.meta.dirname, '../../../schemas/cn/goods-declaration');

export type Difference = {
  readonly kind: string;
  readonly why: { readonly zh: string; readonly en: string };
  readonly source: string;
  /** `DecHead.IEDate pattern`: a field and a facet; `DecHead.TradeCiqCode`: an element that the schema has not. */
  readonly where: readonly string[];
};

export function knownDifferences(): readonly Difference[] {
  const { differences } = JSON.parse(readFileSync(join(packFolder, 'message-differences.json'), 'utf8')) as {
    differences: Difference[];
  };
  return differences;
}

/** Every `field facet` for which some value passes our check and not the schema. */
export function foundDifferences(form: MessageForm, pack: Pack, schema: SchemaElement): ReadonlySet<string> {
  const patterns = ownPatterns();
  const found = new Set<string>();
  const compare = (section: MessageSection, above: SchemaElement | undefined): void => {
    const element = at(above, section.element);
    for (const child of element?.children ?? []) {
      const field = fieldOf(pack, `${section.segment}.${child.name}`);
      if (!field || field.need.import === 'never' || form.written.has(field.path)) continue;
      const values = field.need.import === 'receipt' ? [] : valuesOf(field, pack, patterns);
      const isEmpty = section.always.has(child.name) && !['save', 'declare'].includes(field.need.import);
      for (const { facet, limits } of byFacet(child.facets)) {
        if (
          (isEmpty ? ['', ...values] : values).some(
            (value) => !limits.some((limit) => fits(value, facet, limit)),
          )
        )
          found.add(`${field.path} ${facet}`);
      }
    }
    for (const inner of section.nested) compare(inner, element);
  };
  for (const section of form.sections) compare(section, schema);
  return found;
}

export function at(element: SchemaElement | undefined, path: readonly string[]): SchemaElement | undefined {
  return path.reduce<SchemaElement | undefined>(
    (found, name) => found?.children.find((child) => child.name === name),
    element,
  );
}

export function fieldOf(pack: Pack, path: string): Field | undefined {
  return [...pack.fields.values()].find((field) => field.path === path);
}

/** Values that a check lets pass: all codes of a list, texts of the field's pattern, or of its length. */
function valuesOf(field: Field, pack: Pack, patterns: ReadonlyMap<string, string>): readonly string[] {
  const list = field.codeList === undefined ? undefined : pack.codeLists.get(field.codeList);
  const pattern = patterns.get(field.path);
  const codes = list ? [...list.search('')].map(({ code }) => code) : undefined;
  if (codes)
    return pattern === undefined ? codes : codes.filter((code) => new RegExp(pattern, 'u').test(code));
  if (field.type === 'date') return ['20260101'];
  if (field.type !== 'text' && field.type !== 'date-time') return field.type === 'binary' ? [] : ['1'];
  const longest = 'A'.repeat(field.maxLength ?? 1);
  if (pattern === undefined) return ['1', longest];
  const limit = field.maxLength ?? Infinity;
  return sample(stringMatching(new RegExp(pattern, 'u')), { numRuns: 100, seed: 2018 }).filter(
    (text) => text.length <= limit,
  );
}

/** Several patterns of one type are alternatives (XML Schema part 2, 4.3.4.3). */
function byFacet(
  facets: readonly Facet[],
): readonly { readonly facet: string; readonly limits: readonly string[] }[] {
  return [...new Set(facets.map(({ facet }) => facet))].map((facet) => ({
    facet,
    limits: facets.flatMap((each) => (each.facet === facet ? [each.value] : [])),
  }));
}

const compiled = new Map<string, RegExp>();

function fits(value: string, facet: string, limit: string): boolean {
  if (facet === 'length') return value.length === Number(limit);
  if (facet === 'minLength') return value.length >= Number(limit);
  if (facet === 'maxLength') return value.length <= Number(limit);
  if (facet !== 'pattern') return true;
  let pattern = compiled.get(limit);
  if (!pattern) compiled.set(limit, (pattern = new RegExp(`^(?:${limit})$`, 'u')));
  return pattern.test(value);
}

function ownPatterns(): ReadonlyMap<string, string> {
  const schema = JSON.parse(readFileSync(join(packFolder, 'declaration.schema.json'), 'utf8')) as {
    $defs: Record<string, { properties?: Record<string, { pattern?: string }> }>;
  };
  return new Map(
    Object.entries(schema.$defs).flatMap(([segment, { properties = {} }]) =>
      Object.entries(properties).flatMap(([tag, { pattern }]) =>
        pattern === undefined ? [] : [[`${segment}.${tag}`, pattern] as const],
      ),
    ),
  );
}
