/** Classifies, once, whatever was not the answer hoped for: certainly not processed, or cannot know. */
import { exitCode, Stop } from '../../model/stop.ts';
import type { FailureReason } from '../single-window.ts';
import { parseProblem } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { parseStrictJson } from './strict-json.ts';

export type Failed = { readonly kind: 'not-sent' | 'cannot-know'; readonly reason: FailureReason };

const refusals = new Set([400, 404, 405, 409, 415, 421, 422]);

/**
 * Not sent: no byte of the body went out; 429; 503 that names a time to come back; 413; a refusal in the protocol's own
 * problem JSON. Everything else after the first byte: cannot know. Throws `Stop` where the sign-in is refused (401) or does
 * not allow this (403), where the server's certificate is not trusted, and where our key belongs to another body, which is a defect of ours.
 */
export function classify(exchange: Exchange): Failed {
  if (exchange.kind === 'failure') {
    const { cause, hasBegun, status, error } = exchange;
    const distrust = distrustOf(error);
    if (distrust !== undefined) {
      throw new Stop('window/not-trusted', exitCode.usage, { facts: { reason: distrust }, cause: error });
    }
    const reason = { cause, ...(status === undefined ? {} : { status }) };
    return { kind: hasBegun ? 'cannot-know' : 'not-sent', reason };
  }
  const { status, retryAfterMs } = exchange;
  const failed = (kind: Failed['kind'], cause: FailureReason['cause']): Failed => ({
    kind,
    reason: { cause, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  });
  if (status === 401) throw new Stop('window/sign-in-refused', exitCode.signIn, { facts: { status } });
  if (status === 403) throw new Stop('window/forbidden', exitCode.signIn, { facts: { status } });
  if (status === 429) return failed('not-sent', 'throttled');
  if (status === 413) return failed('not-sent', 'too-large');
  if (status === 503) return failed(retryAfterMs === undefined ? 'cannot-know' : 'not-sent', 'unavailable');
  // Not implemented: neither this request nor another like it is processed.
  if (status === 501) return failed('not-sent', 'refused');
  if (status >= 500) return failed('cannot-know', 'unavailable');
  const type = refusals.has(status) ? problemOf(exchange)?.type : undefined;
  if (type === undefined) return failed('cannot-know', 'broken-answer');
  if (type === 'outstanding') return failed('cannot-know', 'unavailable');
  if (type === 'key-reused') throw new Stop('window/key-reused', exitCode.defect);
  return failed('not-sent', 'refused');
}

/** OpenSSL's and Node's name for why TLS failed; undefined where it was not TLS. */
function distrustOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return tlsFailure.test(code) ? code : undefined;
}

/** A server that speaks no TLS at all is out of reach, not distrusted. */
const tlsFailure =
  /^(?:ERR_TLS_|ERR_SSL_(?!WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)|ERR_OSSL_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_|HOSTNAME_)/u;

type Answered = Extract<Exchange, { kind: 'answer' }>;

/** Undefined where the answer is no problem of this protocol: a proxy's page, for instance. */
export function problemOf(exchange: Answered) {
  if (exchange.type !== 'application/problem+json') return undefined;
  return parseProblem(parseStrictJson(exchange.text), exchange.status);
}
