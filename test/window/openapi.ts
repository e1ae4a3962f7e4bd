/** Holds an HTTP exchange to `schemas/declarant/sandbox-window.openapi.json`: each finding is a sentence. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

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

type Node = { readonly [name: string]: Node | undefined };

const file = new URL('../../schemas/declarant/sandbox-window.openapi.json', import.meta.url);
const openapi: Node = JSON.parse(readFileSync(file, 'utf8'));
const ajv = new Ajv2020({ strict: true, allErrors: true, strictRequired: false });
ajv.addVocabulary(Object.keys(openapi));
ajv.addSchema(openapi, 'openapi', false, false);

function resolved(node: Node | undefined): Node | undefined {
  const ref: unknown = node?.['$ref'];
  return typeof ref === 'string' ? at(ref.slice(1)) : node;
}

/** References on the way are followed; one at the end is not. */
function at(pointer: string): Node | undefined {
  let node: Node | undefined = openapi;
  for (const step of pointer.split('/').slice(1)) {
    node = resolved(node)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return node;
}

function complaints(pointer: string, value: unknown, what: string): string[] {
  const validate = ajv.getSchema(`openapi#${pointer}`) ?? ajv.compile({ $ref: `openapi#${pointer}` });
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map((error) => `${what}${error.instancePath} ${error.message ?? ''}`);
}

export const schemaFindings = (name: string, value: unknown): string[] =>
  complaints(`/components/schemas/${name}`, value, name);

const escape = (step: string) => step.replaceAll('~', '~0').replaceAll('/', '~1');

function operationFor({ method, target }: Recorded): string | undefined {
  const path = target.split('?', 1)[0] ?? '';
  for (const template of Object.keys(at('/paths') ?? {})) {
    const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/gu, '[^/]+')}$`, 'u');
    const pointer = `/paths/${escape(template)}/${method.toLowerCase()}`;
    if (pattern.test(path) && at(pointer) !== undefined) return pointer;
  }
  return undefined;
}

function ndjson(text: string): readonly unknown[] {
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
}

/** What is wrong with the answer, and, where it is a success, with the request. Empty: both keep the contract. */
export function findings(recorded: Recorded): string[] {
  const pointer = operationFor(recorded);
  const said = `${recorded.method} ${recorded.target} ${recorded.status}: `;
  if (pointer === undefined) return recorded.status >= 400 ? [] : [`${said}no such operation`];
  const type = recorded.responseHeaders['content-type'] ?? '';
  const response = `${pointer}/responses/${recorded.status}`;
  if (at(response) === undefined) return [`${said}no such status`];
  const media = at(`${response}/content/${escape(type)}`);
  if (media === undefined) return [`${said}no such media type as ${type}`];
  const answers = answerFindings(recorded, type, at(`${response}/content/${escape(type)}/schema`));
  const headers = headerFindings(recorded, at(`${response}/headers`));
  const request = recorded.status < 300 ? requestFindings(recorded, pointer) : [];
  return [...answers, ...headers, ...request].map((finding) => said + finding);
}

function answerFindings({ responseBody }: Recorded, type: string, schema: Node | undefined): string[] {
  if (type === 'application/x-ndjson') {
    return ndjson(responseBody).flatMap((line) => {
      const isRefused = typeof line === 'object' && line !== null && 'problem' in line;
      return schemaFindings(isRefused ? 'RefusedItem' : 'Result', line);
    });
  }
  const ref: unknown = schema?.['$ref'];
  return complaints(String(ref).slice(1), JSON.parse(responseBody), 'answer');
}

function headerFindings({ responseHeaders }: Recorded, headers: Node | undefined): string[] {
  return Object.entries(headers ?? {}).flatMap(([name, header]) => {
    const value = responseHeaders[name.toLowerCase()];
    if (value === undefined) return Boolean(header?.['required']) ? [`misses ${name}`] : [];
    const validate = ajv.compile(header?.['schema'] ?? {});
    return validate(value) === true ? [] : [`${name} is ${value}`];
  });
}

function requestFindings(recorded: Recorded, pointer: string): string[] {
  const parameters: unknown = at(`${pointer}/parameters`);
  const found: string[] = [];
  const query = new URLSearchParams(recorded.target.split('?')[1] ?? '');
  const known = new Set<string>();
  for (const index of Array.isArray(parameters) ? parameters.keys() : []) {
    const parameter = resolved(at(`${pointer}/parameters/${index}`));
    const name = String(parameter?.['name']);
    known.add(name);
    const value =
      String(parameter?.['in']) === 'query' ? query.get(name) : recorded.requestHeaders[name.toLowerCase()];
    if (String(parameter?.['in']) === 'path') continue;
    if (value === null || value === undefined) {
      if (Boolean(parameter?.['required'])) found.push(`misses ${name}`);
    } else if (ajv.compile(parameter?.['schema'] ?? {})(value) !== true) found.push(`${name} is ${value}`);
  }
  for (const name of query.keys()) if (!known.has(name)) found.push(`unknown parameter ${name}`);
  const content = at(`${pointer}/requestBody/content`);
  if (content === undefined) return found;
  const type = recorded.requestHeaders['content-type'] ?? '';
  if (content[type] === undefined) return [...found, `no such request type as ${type}`];
  if (type === 'application/x-ndjson') {
    return [...found, ...ndjson(recorded.requestBody).flatMap((line) => schemaFindings('UploadLine', line))];
  }
  const ref: unknown = content[type]?.['schema']?.['$ref'];
  return [...found, ...complaints(String(ref).slice(1), JSON.parse(recorded.requestBody), 'request')];
}
