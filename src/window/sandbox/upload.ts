/** NDJSON of declarations → lines that can be lodged. Refuses what cannot be answered declaration by declaration. */
import { canonicalJson } from '../../model/canonical-json.ts';
import type { DeclarationContent, SegmentContent } from '../../model/declaration.ts';
import { digestOf, parseDeclarationKey, type DeclarationKey, type Digest } from '../../model/ids.ts';
import type { WindowProblem } from '../../model/receipt.ts';
import { decodeUtf8, isObject, isWhole, parseJson } from '../json.ts';
import { bounds } from './bounds.ts';
import { Refusal } from './refusal.ts';

export type UploadLine = {
  readonly ref: DeclarationKey;
  /** Undefined where the declaration is not made of segments. */
  readonly declaration: { readonly content: DeclarationContent; readonly digest: Digest } | undefined;
};

/** Throws `Refusal`, naming the line, where a line is no JSON, has no usable reference, or repeats one. */
export function readUpload(body: Uint8Array): readonly UploadLine[] {
  const text = decodeUtf8(body);
  if (text === undefined)
    throw new Refusal('malformed', 400, 'The body is not UTF-8 without byte order mark.');
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  if (lines.length > bounds.declarationsPerRequest) {
    throw new Refusal('too-large', 413, `More than ${bounds.declarationsPerRequest} declarations.`);
  }
  const refs = new Set<string>();
  return lines.map((line, index) => {
    const read = readLine(line, index + 1);
    if (refs.has(read.ref)) throw new Refusal('malformed', 400, `Line ${index + 1} repeats a reference.`);
    refs.add(read.ref);
    return read;
  });
}

function readLine(line: string, number: number): UploadLine {
  if (Buffer.byteLength(line) > bounds.bytesPerDeclaration) {
    throw new Refusal('too-large', 413, `Line ${number} is over ${bounds.bytesPerDeclaration} bytes.`);
  }
  const value = parseJson(line);
  if (!isObject(value)) throw new Refusal('malformed', 400, `Line ${number} is not a JSON object.`);
  const extra = Object.keys(value).find((name) => !['ref', 'version', 'declaration'].includes(name));
  if (extra !== undefined) throw new Refusal('malformed', 400, `Line ${number} has an unknown member.`);
  const { ref: rawRef, version, declaration } = value;
  const ref = typeof rawRef === 'string' && rawRef.isWellFormed() ? parseDeclarationKey(rawRef) : undefined;
  if (ref === undefined) throw new Refusal('malformed', 400, `Line ${number} has no usable ref.`);
  if (version !== undefined && !(isWhole(version) && version >= 1)) {
    throw new Refusal('malformed', 400, `Line ${number}: version is not a whole number from 1.`);
  }
  if (!isContent(declaration)) return { ref, declaration: undefined };
  return { ref, declaration: { content: declaration, digest: digestOf(canonicalJson(declaration)) } };
}

const name = /^[A-Za-z][A-Za-z0-9_]{0,63}$/u;

function isSegment(value: unknown): value is SegmentContent {
  if (!isObject(value)) return false;
  for (const tag of Object.keys(value)) if (!name.test(tag) || typeof value[tag] !== 'string') return false;
  return true;
}

function isContent(value: unknown): value is DeclarationContent {
  if (!isObject(value)) return false;
  return Object.entries(value).every(
    ([segment, content]) =>
      name.test(segment) && (Array.isArray(content) ? content.every(isSegment) : isSegment(content)),
  );
}

/** Where the declaration goes and which way: what the window itself cannot do without. */
export function routing(
  content: DeclarationContent,
): { readonly office: string; readonly isImport: boolean } | readonly WindowProblem[] {
  const head = content['DecHead'];
  const { CustomMaster: office = '', IEFlag: flag = '' } =
    head === undefined || Array.isArray(head) ? {} : head;
  const problems: WindowProblem[] = [];
  const miss = (tag: string, message: string) =>
    problems.push({ code: 'sandbox-needs', severity: 'error', pointer: `/DecHead/${tag}`, message });
  if (!/^\d{4}$/u.test(office)) miss('CustomMaster', '申报地海关须为4位关区代码');
  if (flag !== 'I' && flag !== 'E') miss('IEFlag', '进出口标志须为 I 或 E');
  return problems.length > 0 ? problems : { office, isImport: flag === 'I' };
}
