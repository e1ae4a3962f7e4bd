/** Text as a person meant it: without what cannot be seen. */
import type { Issue } from './pack.ts';

export type CellIssue = Omit<Issue, 'places'>;
export type Parsed = { readonly value: string; readonly issues?: readonly CellIssue[] };

const invisible = /[\u200b-\u200d\u2060\ufeff\u00ad]/gu;
/** Control characters but tab and line breaks; characters that turn the writing direction. */
const forbidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069]/u;
/** What no XML document can hold, beside control characters: halves of surrogate pairs, U+FFFE and U+FFFF. XML 1.0, production 2. */
const notInXml = /[\ud800-\udfff\ufffe\uffff]/u;
const lineBreak = /\s*[\r\n\u0085\u2028\u2029\t]+\s*/gu;
const fullWidth = /[\uff01-\uff5e\u3000]/u;
/** Nothing to do: starts and ends with something visible, and holds nothing invisible. */
const plain =
  /^[!-~\u3400-\u9fff\uff01-\uff5e\u3001-\u303f](?:[ -~\u3400-\u9fff\uff01-\uff5e\u3001-\u303f]*[!-~\u3400-\u9fff\uff01-\uff5e\u3001-\u303f])?$/u;

/** Without zero-width characters and outer spaces; other spaces of any kind stay. */
export function visible(text: string): string {
  return text.replace(invisible, '').trim();
}

function half(text: string): string {
  return text.replaceAll(/[\uff01-\uff5e\u3000]/gu, (letter) => letter.normalize('NFKC'));
}

/** Line breaks and tabs inside become one space, and full-width letters in numbers of documents half width: both are told. */
export function parseText(text: string, isHalfWidth: boolean): Parsed {
  if (plain.test(text) && !(isHalfWidth && fullWidth.test(text))) return { value: text };
  let value = visible(text);
  const control = forbidden.exec(value);
  const odd = control ?? notInXml.exec(value);
  if (odd !== null) {
    const point = (odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const code = control === null ? 'value/not-in-xml' : 'value/control-character';
    return { value, issues: [{ code, severity: 'error', facts: { character: `U+${point}` } }] };
  }
  const codes: CellIssue['code'][] = [];
  if (/[\r\n\t\u0085\u2028\u2029]/u.test(value)) {
    value = value.replace(lineBreak, ' ');
    codes.push('value/line-break-joined');
  }
  if (isHalfWidth && fullWidth.test(value)) {
    value = half(value).trim();
    codes.push('value/half-width');
  }
  if (codes.length === 0) return { value };
  return { value, issues: codes.map((code) => ({ code, severity: 'info', facts: { used: value } })) };
}
