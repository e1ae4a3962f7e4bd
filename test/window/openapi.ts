/** Holds HTTP exchanges to `schemas/declarant/sandbox-window.openapi.json`: each finding is a sentence. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { isObject, isText, type JsonObject } from '../../src/window/json.ts';

export type Recorded = {
  readonly method: string;
  /** Path and query as they went over the wire. */
  readonly target: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
};

const file = new URL('../../schemas/declarant/sandbox-window.openapi.json', import.meta.url);
const openapi: JsonObject = JSON.parse(readFileSync(file, 'utf8'));
const ajv = new Ajv2020({ strict: true, allErrors: true });
ajv.addVocabulary(Object.keys(openapi));
ajv.addSchema(openapi, 'openapi', false, false);

/** What stands at a path of the file, references followed; nothing is an empty object. */
function at(...steps: readonly string[]): JsonObject {
  let node: unknown = openapi;
  for (const step of steps) {
    if (Array.isArray(node)) node = node[Number(step)];
    else node = isObject(node) && Object.hasOwn(node, step) ? node[step] : undefined;
    const ref = isObject(node) ? node['$ref'] : undefined;
    if (isText(ref) && !ref.startsWith('#/components/schemas/')) node = at(...ref.split('/').slice(1));
  }
  if (Array.isArray(node))
    return Object.fromEntries(node.map((each: unknown, index) => [String(index), each]));
  return isObject(node) ? node : {};
}

function schemaFindings(schema: AnySchema, value: unknown, what: string): string[] {
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${what}${error.instancePath} ${error.message ?? ''}`);
}

const components = new Map<string, AnySchema>();

/** The same object for the same name: ajv compiles each object once. */
function component(name: string): AnySchema {
  const schema = components.get(name) ?? { $ref: `openapi#/components/schemas/${name}` };
  components.set(name, schema);
  return schema;
}

/** A schema of the file's paths: there, it is a reference to a component, or small. */
function schemaOf(node: JsonObject): AnySchema {
  const ref = node['$ref'];
  return isText(ref) ? component(ref.replace('#/components/schemas/', '')) : node;
}

function operationOf({ method, target }: Pick<Recorded, 'method' | 'target'>): readonly string[] | undefined {
  const path = target.split('?', 1)[0] ?? '';
  const template = Object.keys(at('paths')).find((each) =>
    new RegExp(`^${each.replaceAll(/\{\w+\}/gu, '[^/]+')}$`, 'u').test(path),
  );
  if (template === undefined) return undefined;
  const steps = ['paths', template, method.toLowerCase()];
  return Object.keys(at(...steps)).length === 0 ? undefined : steps;
}

function lines(text: string): readonly unknown[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/u, '')
        .split('\n')
        .map((line): unknown => JSON.parse(line));
}

/** What is wrong with an answer. */
export function answerFindings(recorded: Recorded): string[] {
  const { method, target, status, responseHeaders, responseBody } = recorded;
  const said = (finding: string) => `${method} ${target} ${status}: ${finding}`;
  const operation = operationOf(recorded);
  const type = responseHeaders['content-type'] ?? '';
  if (operation === undefined) {
    if (status < 400 || type !== 'application/problem+json') return [said('no such operation')];
    return schemaFindings(component('Problem'), JSON.parse(responseBody), 'answer').map(said);
  }
  const response = [...operation, 'responses', String(status)];
  const media = at(...response, 'content', type);
  if (Object.keys(media).length === 0) return [said(`${type} is not described`)];
  const found: string[] = [];
  for (const [name, header] of Object.entries(at(...response, 'headers'))) {
    const value = responseHeaders[name.toLowerCase()];
    const { required, schema } = isObject(header) ? header : {};
    if (value === undefined && required === true) found.push(`misses ${name}`);
    if (value !== undefined && isObject(schema)) found.push(...schemaFindings(schema, value, name));
  }
  if (type === 'application/x-ndjson') {
    for (const line of lines(responseBody)) {
      const name = isObject(line) && 'problem' in line ? 'RefusedItem' : 'Result';
      found.push(...schemaFindings(component(name), line, name));
    }
  } else {
    const schema = schemaOf(at(...response, 'content', type, 'schema'));
    found.push(...schemaFindings(schema, JSON.parse(responseBody), 'answer'));
  }
  return found.map(said);
}

/** What is wrong with a webhook. */
export function webhookFindings(told: Pick<Recorded, 'requestHeaders' | 'requestBody'>): string[] {
  return requestFindings({ ...told, method: 'POST', target: '' }, ['webhooks', 'event', 'post']);
}

type Asked = Pick<Recorded, 'method' | 'target' | 'requestHeaders' | 'requestBody'>;

/** What is wrong with a request. */
export function requestFindings(recorded: Asked, operation = operationOf(recorded)): string[] {
  const { method, target, requestHeaders, requestBody } = recorded;
  if (operation === undefined) return [`${method} ${target}: no such operation`];
  const query = new URLSearchParams(target.split('?')[1] ?? '');
  const found: string[] = [];
  const known = new Set<string>();
  for (const index of Object.keys(at(...operation, 'parameters'))) {
    const { name, in: where, required, schema } = at(...operation, 'parameters', index);
    if (!isText(name) || where === 'path' || !isObject(schema)) continue;
    known.add(name);
    const value = where === 'query' ? query.get(name) : (requestHeaders[name.toLowerCase()] ?? null);
    if (value !== null) found.push(...schemaFindings(schema, value, name));
    else if (required === true) found.push(`misses ${name}`);
  }
  for (const name of query.keys()) if (!known.has(name)) found.push(`unknown parameter ${name}`);
  const content = at(...operation, 'requestBody', 'content');
  const type = requestHeaders['content-type'] ?? '';
  if (Object.keys(content).length > 0 && content[type] === undefined) found.push(`${type} is not described`);
  else if (type === 'application/x-ndjson') {
    for (const line of lines(requestBody))
      found.push(...schemaFindings(component('UploadLine'), line, 'line'));
  } else if (type !== '') {
    const schema = schemaOf(at(...operation, 'requestBody', 'content', type, 'schema'));
    found.push(...schemaFindings(schema, JSON.parse(requestBody), 'request'));
  }
  return found.map((finding) => `${method} ${target}: ${finding}`);
}
