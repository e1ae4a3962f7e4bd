/** Branded strings: each kind of identifier is made by one parsing function and is never mixed with another. */
import { createHash, hash } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** What makes a declaration the same declaration in every run: the clerk's own reference, or its business numbers. At most 200 characters, none of them a control character or half of a surrogate pair. */
export type DeclarationKey = Branded<'DeclarationKey'>;
/** SHA-256 over canonical JSON, 64 lower-case hexadecimal digits. */
export type Digest = Branded<'Digest'>;
/** The 18-character number that customs gives (海关编号): office, year, direction, serial. Rule R001. */
export type EntryId = Branded<'EntryId'>;
/** `YYYYMMDD-HHMMSS-xxxx`: the moment a run began (UTC) and four random characters. */
export type RunId = Branded<'RunId'>;
/** One batch of declarations, as the ledger numbers it. Also its `Idempotency-Key`. A UUID. */
export type BatchId = Branded<'BatchId'>;

/** Our number of a declaration in the import interface (客户端报关单编号): `D` and 17 digits or capital letters. */
export type ClientSeqNo = Branded<'ClientSeqNo'>;

const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

export function parseDeclarationKey(text: string): DeclarationKey | undefined {
  return text.length > 0 && text.length <= 200 && text.isWellFormed() && !controlCharacter.test(text)
    ? (text as DeclarationKey)
    : undefined;
}

export function parseDigest(text: string): Digest | undefined {
  return /^[0-9a-f]{64}$/u.test(text) ? (text as Digest) : undefined;
}

/** Source: GACC announcement 2018-60, article 2 (rule R001). */
export function parseEntryId(text: string): EntryId | undefined {
  return /^\d{8}[01IE]\d{9}$/u.test(text) ? (text as EntryId) : undefined;
}

export function parseRunId(text: string): RunId | undefined {
  return /^\d{8}-\d{6}-[0-9a-z]{4}$/u.test(text) ? (text as RunId) : undefined;
}

export function parseBatchId(text: string): BatchId | undefined {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(text) ? (text as BatchId) : undefined;
}

export function parseClientSeqNo(text: string): ClientSeqNo | undefined {
  return /^D[0-9A-Z]{17}$/u.test(text) ? (text as ClientSeqNo) : undefined;
}

/** Always the same for a key: 88 bits of its SHA-256 in base 36, so that two of a billion keys meet once in 600 million tries. */
export function clientSeqNoOf(key: DeclarationKey): ClientSeqNo {
  const digest = hash('sha256', `ClientSeqNo ${key}`, 'hex');
  const digits = (BigInt(`0x${digest}`) % 36n ** 17n).toString(36).toUpperCase();
  return `D${digits.padStart(17, '0')}` as ClientSeqNo;
}

/** The digest of a text that is already canonical (see `canonicalJson`). */
export function digestOf(canonical: string): Digest {
  return createHash('sha256').update(canonical, 'utf8').digest('hex') as Digest;
}
