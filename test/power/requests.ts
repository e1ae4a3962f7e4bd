/** The requests in a trace: each with the call that carried its first byte, and the one after which the window has it whole. */
import type { Call } from './strace.ts';

export type Sent = {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Places in the list of calls. */
  readonly first: number;
  /** Nothing where it was broken off. */
  readonly last: number | undefined;
};

/** Requests follow each other on a socket; one begins where the one before has all its bytes. */
export function requestsIn(calls: readonly Call[]): readonly Sent[] {
  const sent: Sent[] = [];
  const open = new Map<string, { first: number; bytes: Buffer }>();
  for (const [index, call] of calls.entries()) {
    if (call.call !== 'send') continue;
    const before = open.get(call.socket);
    const begun = before ?? { first: index, bytes: Buffer.alloc(0) };
    begun.bytes = Buffer.concat([begun.bytes, call.bytes]);
    const whole = parsed(begun.bytes);
    if (whole === undefined) open.set(call.socket, begun);
    else {
      open.delete(call.socket);
      sent.push({ ...whole, first: begun.first, last: index });
    }
  }
  for (const { first, bytes } of open.values())
    sent.push({ ...headOf(bytes.toString('latin1')), body: bytes, first, last: undefined });
  return sent.toSorted((a, b) => a.first - b.first);
}

function parsed(bytes: Buffer): Omit<Sent, 'first' | 'last'> | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = headOf(bytes.subarray(0, end).toString('latin1'));
  const body = bytes.subarray(end + 4);
  const length = Number(head.headers.get('content-length') ?? 0);
  if (head.headers.has('transfer-encoding')) throw new Error('a request without a length is not followed');
  return body.length < length ? undefined : { ...head, body };
}

function headOf(text: string): Pick<Sent, 'method' | 'target' | 'headers'> {
  const [start = '', ...lines] = text.split('\r\n');
  const [method = '', target = ''] = start.split(' ');
  const headers = new Map(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
    }),
  );
  return { method, target, headers };
}
