/** Reads a request's body within its bound. */
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';
import type { Route } from './routes.ts';

/** Empty where the call takes none. Throws `Refusal` 413 or 415. */
export async function readBody(request: IncomingMessage, takes: Route['takes']): Promise<Uint8Array> {
  if (takes !== undefined) {
    const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
    if (type !== takes.type)
      throw new Refusal('unsupported-media-type', 415, `This call takes ${takes.type}.`);
    if (request.headers['content-encoding'] !== undefined) {
      throw new Refusal('unsupported-media-type', 415, 'This call takes no encoded body.');
    }
  }
  const maxBytes = takes?.maxBytes ?? 0;
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // A request that is too large is still answered: its connection must outlive the loop.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('a body chunk that is no buffer');
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal('too-large', 413, `The body of this call is at most ${maxBytes} bytes.`);
}
