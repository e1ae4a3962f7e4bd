/** The window's files for readers, the OpenAPI document and the problem texts, are whole. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseStrictJson } from '../../src/window/http/strict-json.ts';
import { isObject, type JsonObject } from '../../src/window/json.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): JsonObject =>
  JSON.parse(readFileSync(join(root, 'schemas/declarant', name), 'utf8'));
const openapi = read('sandbox-window.openapi.json');
const problems = read('problems/window.json');

function resolve(ref: string): unknown {
  let node: unknown = openapi;
  for (const step of ref.split('/').slice(1)) node = isObject(node) ? node[step] : undefined;
  return node;
}

it('every reference of the OpenAPI file leads somewhere', () => {
  const refs = [...JSON.stringify(openapi).matchAll(/"\$ref":"([^"]+)"/gu)].map((match) => match[1] ?? '');
  expect(refs.length).toBeGreaterThan(20);
  expect(refs.filter((ref) => resolve(ref) === undefined)).toEqual([]);
});

it('every schema of the OpenAPI file is a strict JSON Schema', () => {
  const ajv = new Ajv2020({ strict: true });
  ajv.addVocabulary(Object.keys(openapi));
  ajv.addSchema(openapi, 'openapi', false, false);
  const names = Object.keys(resolve('#/components/schemas') ?? {});
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) ajv.compile({ $ref: `openapi#/components/schemas/${name}` });
});

/** Every `window/…` code that the room's source names; those made of a cause are listed by the type. */
function codesInSource(): readonly string[] {
  const folder = join(root, 'src/window');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const source = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const literal = [...source.matchAll(/'(window\/[a-z-]+)'/gu)].map((match) => match[1] ?? '');
  const contract = readFileSync(join(folder, 'single-window.ts'), 'utf8');
  const causes = /readonly cause:([^;]+);/u.exec(contract)?.[1] ?? '';
  const made = [...causes.matchAll(/'([a-z-]+)'/gu)]
    .map((match) => `window/${match[1] ?? ''}`)
    .filter((code) => code !== 'window/sign-in');
  return [...new Set([...literal, ...made])].sort();
}

it('every problem code of the window has its texts, and no text is without a code', () => {
  expect(Object.keys(problems).sort()).toEqual(codesInSource());
});

it.each(Object.keys(problems))('the texts of %s are whole in both languages', (code) => {
  const texts = problems[code];
  const parts = ['title', 'message', 'expected', 'remedy'];
  expect(Object.keys(isObject(texts) ? texts : {})).toEqual(parts);
  for (const part of parts) {
    const text = isObject(texts) ? texts[part] : undefined;
    expect(
      isObject(text) && Object.entries(text).every(([, each]) => typeof each === 'string' && each !== ''),
    ).toBe(true);
    expect(Object.keys(isObject(text) ? text : {})).toEqual(['zh', 'en']);
  }
});

it('strict JSON reads what any JSON text says', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

const write = ([name, value]: [string, unknown]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`;

it('strict JSON refuses a name that stands twice in one object, however it is written', () => {
  const member = fc.tuple(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(member, fc.array(member), fc.jsonValue(), ([name, value], others, last) => {
      const text = `[{${[write([name, value]), ...others.map(write), write([name, last])].join(',')}}]`;
      expect(parseStrictJson(text)).toBeUndefined();
    }),
  );
});
