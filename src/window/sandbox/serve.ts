/** One request of the sandbox window, from its first header to its answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { readBody } from './body.ts';
import type { Answer, Call, Sandbox } from './context.ts';
import { problem, Refusal } from './refusal.ts';
import { routeOf } from './routes.ts';
import type { Waiters } from './waiters.ts';

type Exchange = {
  readonly sandbox: Sandbox;
  readonly waiters: Waiters;
  /** Address and key of each keyed request that is under way in this process. */
  readonly running: Set<string>;
  readonly request: IncomingMessage;
};

/** Finds the call, reads the body, answers. Throws `Refusal`. */
export async function serve({ sandbox, waiters, running, request }: Exchange): Promise<Answer> {
  const host = (request.headers.host ?? '').replace(/:\d+$/u, '');
  if (host !== '127.0.0.1' && host !== 'localhost') {
    throw new Refusal('wrong-host', 421, 'Ask for 127.0.0.1 or localhost.');
  }
  const [path = '', search = ''] = (request.url ?? '').split('?', 2);
  const { route, id } = routeOf(request.method, path);
  const keyHeader = request.headers['idempotency-key'];
  const key = typeof keyHeader === 'string' ? keyHeader : undefined;
  const turn = key === undefined ? undefined : `${path} ${key}`;
  if (turn !== undefined && running.has(turn)) {
    throw new Refusal('outstanding', 409, 'Ask again with the same key.', { retryAfterS: 1 });
  }
  if (turn !== undefined) running.add(turn);
  try {
    const body = await readBody(request, route.takes);
    const call: Call = { path, query: new URLSearchParams(search), id, key, body };
    return route.answer === 'events' ? await waiters.read(call) : route.answer(sandbox, call);
  } finally {
    if (turn !== undefined) running.delete(turn);
  }
}

export function send(response: ServerResponse, answer: Answer): void {
  if (answer.isLost === true) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, {
    'content-type': answer.type ?? 'application/json',
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    ...answer.headers,
  });
  response.end(answer.body);
}

/** Anything but a `Refusal` is a 500 that tells nothing. */
export function sendProblem(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const isRefusal = error instanceof Refusal;
  const said = isRefusal ? error.problem : problem('defect', 500, 'What became of the request is not known.');
  const body = JSON.stringify(said);
  response.writeHead(said.status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    // The rest of a body that was not read must not be taken for the next request.
    ...(request.complete ? {} : { connection: 'close' }),
    ...(isRefusal ? error.headers : {}),
  });
  response.end(body);
  request.resume();
}

/** Answers what is not even HTTP, or has too large a head. */
export function sendRawProblem(socket: Duplex, error: NodeJS.ErrnoException): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const isLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const [status, reason] = isLarge
    ? [431, 'Request Header Fields Too Large']
    : isLate
      ? [408, 'Request Timeout']
      : [400, 'Bad Request'];
  const body = JSON.stringify(problem(isLarge ? 'too-large' : 'malformed', status, `${reason}.`));
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
