/** What the window's answers must look like to be believed: each parser gives a value, or undefined for anything else. */
import { parseDeclarationKey, parseDigest, parseEntryId } from '../../model/ids.ts';
import type { Receipt, WindowProblem } from '../../model/receipt.ts';
import { isLodgementState } from '../../model/state.ts';
import { isListOf, isObject, isText, isWhole, type JsonObject } from '../json.ts';

/** RFC 9457, with the members of ours. `type` is the last part of the URN. */
export type WindowProblemJson = {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly instance?: string;
  readonly occurredAt?: string;
  readonly ref?: string;
  readonly errors: readonly WindowProblem[];
};

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/u;
const prefix = 'urn:declarant:problem:';

export function parseProblem(value: unknown, status: number): WindowProblemJson | undefined {
  if (!isObject(value) || value['status'] !== status) return undefined;
  const { type, title, detail, instance, occurredAt, ref, errors = [] } = value;
  if (!isText(type) || !type.startsWith(prefix) || !isText(title) || !isText(detail)) return undefined;
  if (!isOptionalText(instance) || !isOptionalText(ref)) return undefined;
  if (occurredAt !== undefined && !isDateTime(occurredAt)) return undefined;
  if (!isListOf(errors, isWindowProblem)) return undefined;
  return {
    type: type.slice(prefix.length),
    status,
    title,
    detail,
    errors,
    ...(instance === undefined ? {} : { instance }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(ref === undefined ? {} : { ref }),
  };
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || isText(value);
}

/** ISO 8601 with an offset. */
export function isDateTime(value: unknown): value is string {
  return isText(value) && dateTime.test(value);
}

export function isWindowProblem(value: unknown): value is WindowProblem {
  if (!isObject(value)) return false;
  const { code, severity, message, pointer } = value;
  return (
    isText(code) &&
    (severity === 'error' || severity === 'warning') &&
    isText(message) &&
    isOptionalText(pointer)
  );
}

/** An event, from the feed, from a declaration's history, or as the answer to a request to cancel. An unknown state or code is kept; a malformed number is not. */
export function parseEvent(value: unknown): Receipt | undefined {
  if (!isObject(value)) return undefined;
  const { id, type, ref, occurredAt, authorityCode, text, windowNumber, contentDigest, problems } = value;
  const key = isText(ref) ? parseDeclarationKey(ref) : undefined;
  const digest = isText(contentDigest) ? parseDigest(contentDigest) : undefined;
  if (key === undefined || digest === undefined || !isText(id) || id === '' || !isDateTime(occurredAt))
    return undefined;
  if (!isText(type) || !type.startsWith('declaration.') || !isText(authorityCode) || !isText(text))
    return undefined;
  if (!isOptionalText(windowNumber) || !isListOf(problems, isWindowProblem)) return undefined;
  const state = type.slice('declaration.'.length);
  const number = entryIdOf(value);
  if (number === undefined) return undefined;
  return {
    key,
    id,
    at: occurredAt,
    code: authorityCode,
    text,
    problems,
    digest,
    ...(isLodgementState(state) ? { state } : {}),
    ...(windowNumber === undefined ? {} : { windowNumber }),
    ...number,
  };
}

function entryIdOf({ mrn }: JsonObject): Pick<Receipt, 'entryId'> | undefined {
  if (mrn === undefined) return {};
  const entryId = isText(mrn) ? parseEntryId(mrn) : undefined;
  return entryId === undefined ? undefined : { entryId };
}

export function parseEvents(value: unknown) {
  if (!isObject(value)) return undefined;
  const { events, nextCursor } = value;
  if (!Array.isArray(events) || !isText(nextCursor) || nextCursor === '') return undefined;
  const receipts = events.map(parseEvent).filter((receipt) => receipt !== undefined);
  return receipts.length === events.length ? { receipts, next: nextCursor } : undefined;
}

/** Everything that the window holds under a reference; `digest` is that of the latest version. */
export function parseDeclaration(value: unknown) {
  if (!isObject(value)) return undefined;
  const { ref, versions } = value;
  if (!isText(ref) || !Array.isArray(versions)) return undefined;
  const receipts: Receipt[] = [];
  for (const version of versions) {
    const history: unknown = isObject(version) ? version['history'] : undefined;
    if (!Array.isArray(history) || history.length === 0) return undefined;
    for (const event of history) {
      const receipt = parseEvent(event);
      if (receipt === undefined || receipt.key !== ref) return undefined;
      receipts.push(receipt);
    }
  }
  const last: unknown = versions.at(-1);
  const contentDigest = isObject(last) ? last['contentDigest'] : undefined;
  const digest = isText(contentDigest) ? parseDigest(contentDigest) : undefined;
  return digest === undefined ? undefined : { ref, receipts, digest };
}

export function parseOpenedBatch(value: unknown): string | undefined {
  if (!isObject(value) || value['state'] !== 'open') return undefined;
  const { id } = value;
  return isText(id) && /^[\w-]{1,100}$/u.test(id) ? id : undefined;
}

export function parseLimits(value: unknown) {
  if (!isObject(value)) return undefined;
  const { declarationsPerRequest: declarations, bytesPerRequest: bytes } = value;
  if (!isWhole(declarations) || declarations < 1 || !isWhole(bytes) || bytes < 1) return undefined;
  return { declarations, bytes };
}
