/** What every call of the sandbox window works with. */
import type { DeclarationContent } from '../../model/declaration.ts';
import type { WindowProblem } from '../../model/receipt.ts';
import type { Store } from './store.ts';

/** The window's own judgement of a declaration, independent of what the sender found. */
export type Check = (content: DeclarationContent) => readonly WindowProblem[];

export type Sandbox = {
  readonly store: Store;
  readonly check: Check;
  readonly now: () => Date;
  readonly verdictDelayMs: number;
};

/** What a call answers. `body` is sent as JSON text, or as the NDJSON it is. */
export type Answer = {
  readonly status: number;
  readonly body: string;
  readonly type?: 'application/json' | 'application/x-ndjson';
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection is destroyed instead of answered. */
  readonly isLost?: true;
};

export type Call = {
  readonly path: string;
  readonly query: URLSearchParams;
  /** The path's variable part, decoded. */
  readonly id: string;
  readonly key: string | undefined;
  readonly body: Uint8Array;
};

export function json(status: number, value: unknown): Answer {
  return { status, body: JSON.stringify(value) };
}
