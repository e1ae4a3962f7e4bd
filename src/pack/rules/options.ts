/** Reads a rule's data from JSON, naming the member that is not as it should be. */
import type { FieldPath } from '../../model/declaration.ts';
import type { Text } from '../../model/text.ts';

export type Options = { readonly [name: string]: unknown };

function bad(owner: string, name: string, wanted: string): never {
  throw new TypeError(`${owner}: "${name}" must be ${wanted}`);
}

export function isObject(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function owner(options: Options): string {
  const id = options['id'];
  return typeof id === 'string' ? id : JSON.stringify(options);
}

export function readText(options: Options, name: string): string {
  const value = options[name];
  return typeof value === 'string' ? value : bad(owner(options), name, 'a text');
}

export function readCount(options: Options, name: string): number {
  const value = options[name];
  return Number.isSafeInteger(value) ? Number(value) : bad(owner(options), name, 'a whole number');
}

/** Absent: none. */
export function readTexts(options: Options, name: string): readonly string[] {
  const value = options[name] ?? [];
  if (!Array.isArray(value)) return bad(owner(options), name, 'a list of texts');
  return value.map((item: unknown) =>
    typeof item === 'string' ? item : bad(owner(options), name, 'a list of texts'),
  );
}

/** A list of lists of texts. */
export function readTable(options: Options, name: string): readonly (readonly string[])[] {
  const value = options[name];
  if (!Array.isArray(value)) return bad(owner(options), name, 'a list of rows');
  return value.map((row: unknown) => readTexts({ id: owner(options), [name]: row }, name));
}

export function readObject(options: Options, name: string): Options {
  const value = options[name];
  return isObject(value) ? value : bad(owner(options), name, 'an object');
}

export function isFieldPath(text: string): text is FieldPath {
  return /^\w+\.\w+$/u.test(text);
}

export function readField(options: Options, name: string): FieldPath {
  const value = readText(options, name);
  return isFieldPath(value) ? value : bad(owner(options), name, 'a field, Segment.Tag');
}

export function readFields(options: Options, name: string): readonly FieldPath[] {
  return readTexts(options, name).map((value) =>
    isFieldPath(value) ? value : bad(owner(options), name, 'a list of fields, Segment.Tag'),
  );
}

export function readBilingual(options: Options, name: string): Text {
  const value = readObject(options, name);
  return { zh: readText(value, 'zh'), en: readText(value, 'en') };
}
