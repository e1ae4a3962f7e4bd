/** The 207 answer to an upload, read declaration by declaration: what names ours, once, with the right digest, is believed. */
import type { Receipt } from '../../model/receipt.ts';
import { isListOf, isObject, isText, type JsonObject } from '../json.ts';
import type { Answer, FailureReason, Lodgement } from '../single-window.ts';
import { isDateTime, isWindowProblem, parseProblem } from './answers.ts';

/** One answer a lodgement, in their order. An answer that names a reference that was not sent is another request's: none of it is believed. */
export function readItems(
  value: unknown,
  batch: string,
  lodgements: readonly Lodgement[],
): readonly Answer[] {
  const items: unknown = isObject(value) ? value['items'] : undefined;
  const broken: FailureReason = { cause: 'broken-answer', status: 207 };
  const cannotKnow = ({ key }: Lodgement): Answer => ({ kind: 'cannot-know', key, reason: broken });
  if (!isListOf(items, isObject)) return lodgements.map(cannotKnow);
  const ours = new Set<string>(lodgements.map(({ key }) => key));
  // What is named twice is believed for neither.
  const byRef = new Map<string, JsonObject | undefined>();
  for (const item of items) {
    const { ref } = item;
    if (!isText(ref) || !ours.has(ref)) return lodgements.map(cannotKnow);
    byRef.set(ref, byRef.has(ref) ? undefined : item);
  }
  return lodgements.map((lodgement) => {
    const item = byRef.get(lodgement.key);
    return (item && readItem(item, batch, lodgement)) ?? cannotKnow(lodgement);
  });
}

function readItem(item: JsonObject, batch: string, lodgement: Lodgement): Answer | undefined {
  const { key } = lodgement;
  const { status } = item;
  switch (status) {
    case 200:
    case 202: {
      const receipt = readReceipt(item, { lodgement, batch, isReplay: status === 200 });
      return receipt === undefined ? undefined : { kind: 'answered', key, receipt };
    }
    case 409:
    case 422: {
      const receipt = readRefusal(item, status, lodgement);
      if (receipt === undefined) return undefined;
      return { kind: 'answered', key, receipt, ...(status === 409 ? { isDuplicate: true } : {}) };
    }
    case 413:
      return { kind: 'not-sent', key, reason: { cause: 'too-large', status } };
    case 429:
      return { kind: 'not-sent', key, reason: { cause: 'throttled', status } };
    case 503:
      return { kind: 'not-sent', key, reason: { cause: 'unavailable', status } };
    default:
      return undefined;
  }
}

/** The code of a first receipt: the data was uploaded (CHANNEL 3). */
const receivedCode = '3';

/** The receipt must be for the very content that was sent, and a new one for the batch it was sent in. */
function readReceipt(
  item: JsonObject,
  sent: { readonly lodgement: Lodgement; readonly batch: string; readonly isReplay: boolean },
): Receipt | undefined {
  const { receipt, warnings, replayed } = item;
  if (!isObject(receipt) || !isListOf(warnings, isWindowProblem)) return undefined;
  const { key, digest } = sent.lodgement;
  const { id, ref, batchId, receivedAt, contentDigest, windowNumber, text } = receipt;
  if (ref !== key || contentDigest !== digest || !isText(id) || id === '') return undefined;
  if (!isDateTime(receivedAt) || !isText(text)) return undefined;
  if (windowNumber !== undefined && !isText(windowNumber)) return undefined;
  if (sent.isReplay !== (replayed === true) || (!sent.isReplay && batchId !== sent.batch)) return undefined;
  return {
    key,
    id,
    state: 'received',
    at: receivedAt,
    code: receivedCode,
    text,
    problems: warnings,
    digest,
    ...(windowNumber === undefined ? {} : { windowNumber }),
    ...(sent.isReplay ? { isReplay: true } : {}),
  };
}

/** 409: the window holds another content under this reference. 422: it found the content wrong. */
function readRefusal(item: JsonObject, status: 409 | 422, { key }: Lodgement): Receipt | undefined {
  const problem = parseProblem(item['problem'], status);
  if (problem?.instance === undefined || problem.occurredAt === undefined) return undefined;
  const { type: code, detail, instance: id, occurredAt: at } = problem;
  const whole = { code, severity: 'error', message: detail } as const;
  const problems = problem.errors.length === 0 ? [whole] : problem.errors;
  return { key, id, state: 'rejected', at, code, text: detail, problems };
}
