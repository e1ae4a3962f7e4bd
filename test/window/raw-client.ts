/** Asks the sandbox window without our client, and holds each answer to the OpenAPI file. */
import { createHash, randomUUID } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { expect } from 'vitest';
import { isObject, type JsonObject } from '../../src/window/json.ts';
import type { Lodgement } from '../../src/window/single-window.ts';
import { answerFindings } from './openapi.ts';

export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Empty where the answer is no JSON object. */
  readonly json: JsonObject;
};

export type Asked = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

/** Rejects where the connection ends without an answer. */
export async function ask(address: string, asked: Asked): Promise<Reply> {
  const { method, path, headers = {}, body = '' } = asked;
  const { hostname, port } = new URL(address);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
  const text = await readText(answer);
  const status = answer.statusCode ?? 0;
  const replied = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
  );
  const recorded = { method, target: path, requestHeaders: headers, requestBody: body.toString() };
  const found = answerFindings({ ...recorded, status, responseHeaders: replied, responseBody: text });
  expect(found).toEqual([]);
  const isJson = replied['content-type'] !== 'application/x-ndjson';
  const value: unknown = isJson ? JSON.parse(text) : {};
  return { status, headers: replied, text, json: isObject(value) ? value : {} };
}

export const get = (address: string, path: string): Promise<Reply> => ask(address, { method: 'GET', path });

export function post(
  address: string,
  path: string,
  { key, type = 'application/json', body }: { key?: string; type?: string; body: string | Buffer },
): Promise<Reply> {
  const headers = {
    'content-type': type,
    'content-length': String(Buffer.byteLength(body)),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
  return ask(address, { method: 'POST', path, headers, body });
}

export function uploadOf(lodgements: readonly Lodgement[]): string {
  return lodgements.map(({ key, body }) => `{"ref":${JSON.stringify(key)},"declaration":${body}}\n`).join('');
}

/** Opens a batch for these bytes and gives its id. */
export async function openBatch(address: string, upload: string, expectedCount: number): Promise<string> {
  const contentDigest = createHash('sha256').update(upload).digest('hex');
  const body = JSON.stringify({ profile: 'cn-goods-declaration', expectedCount, contentDigest });
  const { json } = await post(address, '/v1/batches', { key: randomUUID(), body });
  return String(json['id']);
}

/** Opens a batch, uploads, and gives the answer to the upload. */
export async function lodgeRaw(address: string, lodgements: readonly Lodgement[]): Promise<Reply> {
  const body = uploadOf(lodgements);
  const id = await openBatch(address, body, lodgements.length);
  const path = `/v1/batches/${id}/declarations`;
  return post(address, path, { key: randomUUID(), type: 'application/x-ndjson', body });
}

export function itemsOf({ json }: Reply): readonly JsonObject[] {
  const { items } = json;
  return Array.isArray(items) ? items.filter(isObject) : [];
}

/** The last part of a problem's type. */
export function problemType(reply: Reply): string {
  return String(reply.json['type']).replace('urn:declarant:problem:', '');
}
