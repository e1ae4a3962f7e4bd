/** The receipt codes of a window as a pack's `receipts.json` has them: what each means, and what a person does then. */
import type { FieldPath } from './declaration.ts';
import { isLodgementState, type LodgementState } from './state.ts';
import type { Text } from './text.ts';

/** What happened, in one word for programs: `accepted`, `inspection`, `tax-due`, `manual`, `returned`, `released`, `closed`, `cancelled`, `client-failed`. */
export type ReceiptEvent = string;

export type ReceiptCode = {
  /** Absent: the code moves nothing. */
  readonly state?: LodgementState;
  readonly event?: ReceiptEvent;
  /** A member of `actions`. */
  readonly action?: string;
  readonly meaning: Text;
};

export type ReceiptCodes = {
  /** The field that holds the number of the bill of lading. */
  readonly bill: FieldPath;
  /** The fields that a release notice shows, in order. */
  readonly notice: readonly FieldPath[];
  /** By CHANNEL, in its own case. */
  readonly channel: ReadonlyMap<string, ReceiptCode>;
  readonly imported: ReceiptCode;
  readonly importFailed: ReceiptCode;
  readonly clientFailed: ReceiptCode;
  readonly actions: ReadonlyMap<string, Text>;
  /** Minutes after which a declaration that still stands in this state is overdue. */
  readonly usualMinutes: ReadonlyMap<LodgementState, number>;
};

/** Before the code of a receipt that is no CHANNEL: the answer to the import, and the import client's own failure. */
export const importPrefix = 'ResponseCode=';
export const clientPrefix = 'failCode=';

export function meaningOf(codes: ReceiptCodes, code: string | undefined): ReceiptCode | undefined {
  if (code === undefined) return undefined;
  if (code.startsWith(clientPrefix)) return codes.clientFailed;
  if (!code.startsWith(importPrefix)) return codes.channel.get(code);
  const number = code.slice(importPrefix.length);
  return number === '' ? undefined : Number(number) === 0 ? codes.imported : codes.importFailed;
}

/** Throws `TypeError` naming the member that is wrong. */
export function parseReceiptCodes(json: unknown): ReceiptCodes {
  const file = object(json, 'receipts.json');
  const response = object(file['response'], 'response');
  const codes = Object.entries(object(file['channel'], 'channel'));
  const minutes = Object.entries(object(file['usualMinutes'] ?? {}, 'usualMinutes'));
  const actions = Object.entries(object(file['actions'], 'actions'));
  const notice = file['notice'];
  return {
    bill: parsePath(file['bill']),
    notice: Array.isArray(notice) ? notice.map(parsePath) : [],
    channel: new Map(codes.map(([code, each]) => [code, parseCode(each, `channel.${code}`)])),
    imported: parseCode(response['0'], 'response.0'),
    importFailed: parseCode(response['failed'], 'response.failed'),
    clientFailed: parseCode(file['client'], 'client'),
    actions: new Map(actions.map(([name, each]) => [name, parseText(object(each, name), name)])),
    usualMinutes: new Map(
      minutes.flatMap(([state, each]) =>
        isLodgementState(state) && typeof each === 'number' ? [[state, each] as const] : [],
      ),
    ),
  };
}

function parseCode(json: unknown, where: string): ReceiptCode {
  const found = object(json, where);
  const { state, event, action } = found as { state?: unknown; event?: unknown; action?: unknown };
  if (state !== undefined && !(typeof state === 'string' && isLodgementState(state))) throw wrong(where);
  if (event !== undefined && typeof event !== 'string') throw wrong(where);
  if (action !== undefined && typeof action !== 'string') throw wrong(where);
  return {
    ...(state === undefined ? {} : { state }),
    ...(event === undefined ? {} : { event }),
    ...(action === undefined ? {} : { action }),
    meaning: parseText(found, where),
  };
}

function parseText(
  { zh, en }: Readonly<Record<string, unknown>> & { zh?: unknown; en?: unknown },
  where: string,
): Text {
  if (typeof zh !== 'string' || typeof en !== 'string') throw wrong(where);
  return { zh, en };
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where);
  return Object.fromEntries(Object.entries(value));
}

function wrong(where: string): TypeError {
  return new TypeError(`receipt codes: ${where}`);
}

function parsePath(value: unknown): FieldPath {
  const [segment, tag, ...rest] = typeof value === 'string' ? value.split('.') : [];
  if (segment === undefined || tag === undefined || rest.length > 0) throw wrong('bill or notice');
  return `${segment}.${tag}`;
}
