/** How the sandbox window says no to a request: problem JSON of RFC 9457. */
import type { WindowProblem } from '../../model/receipt.ts';

/** What went wrong, as the last part of the problem's `type`. */
export type ProblemType =
  | 'malformed'
  | 'key-missing'
  | 'key-reused'
  | 'outstanding'
  | 'not-found'
  | 'unknown-reference'
  | 'not-cancellable'
  | 'method-not-allowed'
  | 'wrong-host'
  | 'unsupported-media-type'
  | 'too-large'
  | 'too-many-open-batches'
  | 'too-many-waiting'
  | 'batch-not-open'
  | 'content-mismatch'
  | 'throttled'
  | 'unavailable'
  | 'duplicate-reference'
  | 'validation'
  | 'defect';

export type ProblemJson = {
  readonly type: `urn:declarant:problem:${ProblemType}`;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Of an item's problem: the same complaint about the same content has the same one. */
  readonly instance?: string;
  readonly occurredAt?: string;
  readonly ref?: string;
  readonly errors?: readonly WindowProblem[];
};

const titles: Readonly<Record<ProblemType, string>> = {
  malformed: 'The request is not what this call takes',
  'key-missing': 'An Idempotency-Key is needed',
  'key-reused': 'This Idempotency-Key was used with another body',
  outstanding: 'The request with this Idempotency-Key is still running',
  'not-found': 'There is nothing at this address',
  'unknown-reference': 'No declaration with this reference was ever received',
  'not-cancellable': 'The declaration can no longer be cancelled',
  'method-not-allowed': 'This address does not take this method',
  'wrong-host': 'This server answers only to its loopback address',
  'unsupported-media-type': 'The body has a media type that this call does not take',
  'too-large': 'The request is over a limit: see /v1/limits',
  'too-many-open-batches': 'Too many batches are open',
  'too-many-waiting': 'Too many requests are waiting for events',
  'batch-not-open': 'The batch takes no more declarations',
  'content-mismatch': 'The declarations are not those that the batch announced',
  throttled: 'Too many requests',
  unavailable: 'The window is not available; nothing was processed',
  'duplicate-reference': '此单号已申报过其他内容',
  validation: '报关单未通过校验',
  defect: 'The sandbox window itself failed',
};

export function problem(
  type: ProblemType,
  status: number,
  detail: string,
  more: Partial<Pick<ProblemJson, 'instance' | 'occurredAt' | 'ref' | 'errors'>> = {},
): ProblemJson {
  return { type: `urn:declarant:problem:${type}`, title: titles[type], status, detail, ...more };
}

/** Thrown by whatever finds that a request cannot be taken as a whole; nothing of it was processed. */
export class Refusal extends Error {
  readonly problem: ProblemJson;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    type: ProblemType,
    status: number,
    detail: string,
    more: { readonly retryAfterS?: number; readonly ref?: string; readonly allow?: string } = {},
  ) {
    super(detail);
    this.name = 'Refusal';
    this.problem = problem(type, status, detail, more.ref === undefined ? {} : { ref: more.ref });
    this.headers = {
      ...(more.retryAfterS === undefined ? {} : { 'retry-after': String(more.retryAfterS) }),
      ...(more.allow === undefined ? {} : { allow: more.allow }),
    };
  }
}
