/** The calls of the sandbox window: method and address → what answers. */
import { endBatch, openBatch, showBatch } from './batches.ts';
import { bounds } from './bounds.ts';
import { json, type Answer, type Call, type Sandbox } from './context.ts';
import { showDeclaration, showResults } from './inquiry.ts';
import { cancelDeclaration } from './cancel.ts';
import { lodge } from './lodge.ts';
import { Refusal } from './refusal.ts';

export type Route = {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** Absent: the call takes no body. */
  readonly takes?: { readonly type: string; readonly maxBytes: number };
  /** `events` waits, and is answered by the server itself. */
  readonly answer: ((sandbox: Sandbox, call: Call) => Answer) | 'events';
};

const limits = {
  declarationsPerRequest: bounds.declarationsPerRequest,
  bytesPerRequest: bounds.bytesPerRequest,
  bytesPerDeclaration: bounds.bytesPerDeclaration,
  openBatches: bounds.openBatches,
  keyLifeSeconds: bounds.keyLifeMs / 1000,
};

const small = { type: 'application/json', maxBytes: bounds.smallBodyBytes };
const upload = { type: 'application/x-ndjson', maxBytes: bounds.bytesPerRequest };

const routes: readonly Route[] = [
  { method: 'GET', path: /^\/v1\/limits$/u, answer: () => json(200, limits) },
  { method: 'GET', path: /^\/v1\/events$/u, answer: 'events' },
  { method: 'GET', path: /^\/v1\/declarations\/([^/]+)$/u, answer: showDeclaration },
  { method: 'POST', path: /^\/v1\/declarations\/([^/]+)\/cancel$/u, answer: cancelDeclaration },
  { method: 'POST', path: /^\/v1\/batches$/u, takes: small, answer: openBatch },
  { method: 'GET', path: /^\/v1\/batches\/([^/]+)$/u, answer: showBatch },
  { method: 'GET', path: /^\/v1\/batches\/([^/]+)\/results$/u, answer: showResults },
  { method: 'POST', path: /^\/v1\/batches\/([^/]+)\/declarations$/u, takes: upload, answer: lodge },
  {
    method: 'POST',
    path: /^\/v1\/batches\/([^/]+)\/close$/u,
    answer: (s, call) => endBatch(s, call, 'closed'),
  },
  {
    method: 'POST',
    path: /^\/v1\/batches\/([^/]+)\/abort$/u,
    answer: (s, call) => endBatch(s, call, 'aborted'),
  },
];

/** The route and the decoded variable part of the path. Throws `Refusal` 404, 405 or 400. */
export function routeOf(
  method: string | undefined,
  path: string,
): { readonly route: Route; readonly id: string } {
  const atPath = routes.filter((route) => route.path.test(path));
  if (atPath.length === 0) throw new Refusal('not-found', 404, 'There is no such address.');
  const route = atPath.find((each) => each.method === method);
  if (route === undefined) {
    const allow = atPath.map((each) => each.method).join(', ');
    throw new Refusal('method-not-allowed', 405, `This address takes ${allow}.`, { allow });
  }
  try {
    return { route, id: decodeURIComponent(route.path.exec(path)?.[1] ?? '') };
  } catch {
    throw new Refusal('malformed', 400, 'The address is not percent-encoded UTF-8.');
  }
}
