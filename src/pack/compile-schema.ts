/** The one place that knows ajv: compiles a pack's schema, at once for packs of the user's, to code for the built-in ones. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { KeywordCxt, ValidateFunction } from 'ajv/dist/2020.js';
import { _ } from 'ajv/dist/compile/codegen/index.js';
import type { Keywords } from './keywords.ts';

/** Annotations: they say something to people and to the mapper, nothing to the validator. */
const annotations = [
  'x-tag',
  'x-title',
  'x-type',
  'x-level',
  'x-parent',
  'x-digits',
  'x-pattern-text',
  'x-separator',
  'x-unit',
  'x-half-width',
  'x-need',
  'x-example',
  'x-note',
  'x-source',
];

type Json = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keywords that another one implies: a code of a list needs no length, a pattern no content. */
function isImplied(name: string, schema: Json): boolean {
  const isFromList = 'x-code-list' in schema || 'x-date' in schema;
  if (name === 'minLength') return isFromList || 'pattern' in schema;
  return name === 'maxLength' && isFromList;
}

/** Without what only people read, and what is implied: the compiled code carries the schema along. */
function forValidation(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forValidation);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([name]) => name === 'x-separator' || (!annotations.includes(name) && !isImplied(name, value)),
  );
  return Object.fromEntries(kept.map(([name, member]) => [name, forValidation(member)]));
}

/** A limit keyword that fails where `keywords[test](data, limit)` holds. */
function limit(ajv: Ajv2020, keywords: Keywords, keyword: string, test: 'isLonger' | 'isHeavier'): void {
  ajv.removeKeyword(keyword);
  ajv.addKeyword({
    keyword,
    type: 'string',
    schemaType: 'number',
    error: { message: keyword, params: ({ schemaCode }) => _`{limit: ${schemaCode}}` },
    code(cxt: KeywordCxt) {
      const call = cxt.gen.scopeValue('func', {
        key: test,
        ref: keywords[test],
        code: test === 'isLonger' ? _`keywords.isLonger` : _`keywords.isHeavier`,
      });
      cxt.fail(
        _`${cxt.data}.length > ${Math.floor(Number(cxt.schema) / (test === 'isHeavier' ? 4 : 1))} && ${call}(${cxt.data}, ${cxt.schemaCode})`,
      );
    },
  });
}

/** `sourceCode`: also keep what `standalone` needs. */
function newAjv(keywords: Keywords, isForCode: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    messages: false,
    inlineRefs: false,
    ...(isForCode && { code: { source: true } }),
  });
  ajv.addVocabulary(annotations);
  limit(ajv, keywords, 'maxLength', 'isLonger');
  limit(ajv, keywords, 'x-length-2018', 'isLonger');
  limit(ajv, keywords, 'x-max-bytes', 'isHeavier');
  ajv.removeKeyword('minLength');
  ajv.addKeyword({
    keyword: 'minLength',
    type: 'string',
    schemaType: 'number',
    error: { message: 'minLength', params: ({ schemaCode }) => _`{limit: ${schemaCode}}` },
    code: (cxt: KeywordCxt) => cxt.fail(_`${cxt.data}.length < ${cxt.schemaCode}`),
  });
  ajv.addKeyword({
    keyword: 'x-date',
    type: 'string',
    schemaType: 'string',
    error: { message: 'x-date', params: ({ schemaCode }) => _`{format: ${schemaCode}}` },
    code(cxt: KeywordCxt) {
      const call = cxt.gen.scopeValue('func', {
        key: 'isDate',
        ref: keywords.isDate,
        code: _`keywords.isDate`,
      });
      cxt.fail(_`!${call}(${cxt.data}, ${cxt.schemaCode})`);
    },
  });
  ajv.addKeyword({
    keyword: 'x-code-list',
    type: 'string',
    schemaType: 'string',
    error: { message: 'x-code-list', params: ({ schemaCode }) => _`{list: ${schemaCode}}` },
    code(cxt: KeywordCxt) {
      const list = String(cxt.schema);
      const separator = isObject(cxt.parentSchema) ? String(cxt.parentSchema['x-separator'] ?? '') : '';
      const key = `isCodeOf ${list} ${separator}`;
      const call = cxt.gen.scopeValue('func', {
        key,
        ref: keywords.isCodeOf(list, separator),
        code: _`keywords.isCodeOf(${list}, ${separator})`,
      });
      cxt.fail(_`!${call}(${cxt.data})`);
    },
  });
  return ajv;
}

/** Compiles now. A schema that is no JSON Schema 2020-12 throws ajv's own error. */
export function compileSchema(schema: Json, keywords: Keywords): ValidateFunction {
  return newAjv(keywords, false).compile(forValidation(schema) as Json);
}

/** Half the size, and read in half the time: nobody asks where in the schema an error stands, and adding one is said once. */
function shortened(code: string): string {
  return code
    .replaceAll(/schemaPath:"[^"]*",/gu, '')
    .replaceAll(
      /if\(vErrors === null\)\{vErrors = \[(err\d+)\];\}else \{vErrors\.push\(\1\);\}errors\+\+;/gu,
      'vErrors = add(vErrors, $1);errors++;',
    );
}

/** The text of a module that exports `makeValidator(keywords)`. */
export async function schemaToCode(schema: Json, keywords: Keywords): Promise<string> {
  const { default: standalone } = await import('ajv/dist/standalone/index.js');
  const ajv = newAjv(keywords, true);
  const code = standalone.default(ajv, ajv.compile(forValidation(schema) as Json));
  return [
    '// Made by src/pack/build/make-validator.ts from declaration.schema.json: change fields.csv, and make it again.',
    // In brackets, so that it is parsed once: at once, not after a first look.
    'export const makeValidator = (function makeValidator(keywords) {',
    'const module = { exports: {} };',
    'const add = (errors, error) => (errors === null ? [error] : (errors.push(error), errors));',
    shortened(code),
    'return module.exports;',
    '});',
    '',
  ].join('\n');
}
