/** Reads what the import client puts into its InBox, loosely and by local names: what is not understood is kept, never refused. */
import { createHash } from 'node:crypto';
import { clientPrefix, importPrefix } from '../../model/receipt-codes.ts';
import { type Element, readReceiptXml } from './receipt-xml.ts';

export type ReceiptForm = 'import-response' | 'dec-result' | 'client-failure' | 'unknown';

/** One word about one declaration. All but `form` and `id` is absent where the receipt has it not. */
export type ReadReceipt = {
  readonly form: ReceiptForm;
  /** The same words have the same id, in whatever file and however often they come. */
  readonly id: string;
  readonly clientSeqNo?: string;
  /** 统一编号: `SeqNo` of the answer to the import, `CUS_CIQ_NO` of the others. */
  readonly windowNumber?: string;
  readonly entryId?: string;
  /** CHANNEL as it came; `ResponseCode=…` and `failCode=…` for the other two forms. */
  readonly code?: string;
  readonly text?: string;
  /** ISO 8601 with +08:00, whole seconds. */
  readonly at?: string;
};

/** At least one. */
export function readReceipts(bytes: Uint8Array): readonly ReadReceipt[] {
  const root = readReceiptXml(bytes);
  const found = root === undefined ? [] : wordsIn(root);
  if (found.length > 0) return found;
  // A declaration's own message that strayed here is no receipt about it; its bytes tell it apart from every other file.
  const name = root === undefined ? {} : { text: `<${root.name}>` };
  return [
    { form: 'unknown', id: idOf('unknown', [createHash('sha256').update(bytes).digest('hex')]), ...name },
  ];
}

function wordsIn(element: Element): readonly ReadReceipt[] {
  if (element.name === 'DecImportResponse') return [importResponse(element)];
  if (element.name === 'DEC_RESULT') return [decResult(element)];
  if (element.name === 'Root' && hasChild(element, /^(?:resultFlag|failCode|failInfo)$/iu))
    return [clientFailure(element)];
  return element.children.flatMap(wordsIn);
}

function importResponse(element: Element): ReadReceipt {
  const code = valueOf(element, 'ResponseCode');
  return made('import-response', {
    clientSeqNo: valueOf(element, 'ClientSeqNo'),
    windowNumber: valueOf(element, 'SeqNo'),
    code: code === undefined ? undefined : importPrefix + code,
    text: valueOf(element, 'ErrorMessage') ?? valueOf(element, 'ResponseMessage'),
  });
}

function decResult(element: Element): ReadReceipt {
  return made('dec-result', {
    clientSeqNo: valueOf(element, 'CLIENT_SEQ_NO') ?? valueOf(element, 'ClientSeqNo'),
    windowNumber:
      valueOf(element, 'CUS_CIQ_NO') ?? valueOf(element, 'SEQ_NO') ?? valueOf(element, 'EPORT_NO'),
    entryId: valueOf(element, 'ENTRY_ID') ?? valueOf(element, 'ENTRY_NO'),
    code: valueOf(element, 'CHANNEL'),
    text: valueOf(element, 'NOTE'),
    at: momentIn(valueOf(element, 'NOTICE_DATE') ?? ''),
  });
}

function clientFailure(element: Element): ReadReceipt {
  return made('client-failure', {
    clientSeqNo: valueOf(element, 'ClientSeqNo'),
    code: clientPrefix + (valueOf(element, 'failCode') ?? ''),
    text: valueOf(element, 'failInfo') ?? valueOf(element, 'Value'),
  });
}

type Words = { readonly [Name in Exclude<keyof ReadReceipt, 'form' | 'id'>]: ReadReceipt[Name] | undefined };

function made(form: ReceiptForm, words: Partial<Words>): ReadReceipt {
  const known = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
  const { clientSeqNo, windowNumber, entryId, code, text, at } = words;
  return { form, id: idOf(form, [clientSeqNo, windowNumber, entryId, code, text, at]), ...known };
}

function idOf(form: ReceiptForm, parts: readonly (string | undefined)[]): string {
  return `${form}:${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}

/** The text of the nearest element of that name, in any case; undefined where it is empty. */
function valueOf(element: Element, name: string): string | undefined {
  for (const child of element.children) {
    const text = child.name.toLowerCase() === name.toLowerCase() ? child.text.trim() : '';
    if (text !== '') return text;
  }
  for (const child of element.children) {
    const inner = valueOf(child, name);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function hasChild(element: Element, name: RegExp): boolean {
  return element.children.some((child) => name.test(child.name));
}

/** The first 14 digits, as Beijing time; undefined where they are no moment. Of 17–23 digits the rest is fractions and counters. */
export function momentIn(text: string): string | undefined {
  const digits = /^\d{14,23}$/u.test(text) ? text : text.replace(/\D/gu, '');
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/u.exec(digits) ?? [];
  if (second === undefined) return undefined;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const ms = Date.parse(`${iso}+08:00`);
  // The 31st of February would be another day.
  const isReal = !Number.isNaN(ms) && new Date(ms + 8 * 3_600_000).toISOString().startsWith(iso);
  return isReal ? `${iso}+08:00` : undefined;
}
