/** A mapping file: what the clerk or the office fixed about columns, constants, defaults and look-ups. */
import type { FieldPath } from '../model/declaration.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Pack } from '../pack/pack.ts';

/** The JSON Schema is `schemas/declarant/mapping.schema.json`. */
export type Mapping = {
  readonly version: 1;
  readonly pack?: string;
  /** By sheet name, or `*` for every sheet without an entry of its own. */
  readonly sheets?: Readonly<Record<string, SheetMapping>>;
  /** The same value for every declaration, whatever the file says; a cell that differs is a problem. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Filled where the cell is empty. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Cell text → value, for one field: the office's own words. */
  readonly lookups?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

export type SheetMapping = {
  /** Leave this sheet out. */
  readonly skip?: boolean;
  /** The line of the header, from 1, as the spreadsheet shows it. */
  readonly headerLine?: number;
  /** The last line of the table: what stands below it, such as a second table, is left out. */
  readonly lastLine?: number;
  /** Header text as it stands in the file → field, several fields for one column, or `null` for a column that is not declared. */
  readonly columns?: Readonly<Record<string, FieldPath | readonly FieldPath[] | null>>;
};

/** Parses a mapping file's JSON. Throws `Stop` (exit 2) naming the member that is wrong; fields must be the pack's. */
export function parseMapping(json: unknown, { file, pack }: { file: string; pack: Pack }): Mapping {
  const refuse = (where: string, found: unknown, expected: string): never => {
    throw new Stop('mapping/not-valid', exitCode.usage, {
      facts: { file, where, found: (JSON.stringify(found) ?? 'nothing').slice(0, 100), expected },
    });
  };
  const object = (value: unknown, where: string): Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value))
      : refuse(where, value, '{…}');
  const only = (value: Record<string, unknown>, where: string, names: readonly string[]): void => {
    for (const name of Object.keys(value))
      if (!names.includes(name)) refuse(`${where}${name}`, name, names.join(' | '));
  };
  const isField = (path: unknown): path is FieldPath =>
    typeof path === 'string' && pack.fields.has(path as FieldPath);
  const field = (path: unknown, where: string): FieldPath =>
    isField(path) ? path : refuse(where, path, nearFields(String(path), pack));
  const texts = (value: unknown, where: string): Record<string, string> => {
    const entries = Object.entries(object(value, where));
    return Object.fromEntries(
      entries.map(([name, text]) => [
        name,
        typeof text === 'string' ? text : refuse(`${where}.${name}`, text, '"…"'),
      ]),
    );
  };
  const byField = (value: unknown, where: string): Record<string, string> => {
    const found = texts(value, where);
    for (const path of Object.keys(found)) field(path, `${where}.${path}`);
    return found;
  };
  const sheet = (value: unknown, where: string): SheetMapping => {
    const found = object(value, where);
    only(found, `${where}.`, ['skip', 'headerLine', 'lastLine', 'columns']);
    const { skip, columns } = found;
    if (skip !== undefined && typeof skip !== 'boolean') refuse(`${where}.skip`, skip, 'true | false');
    const line = (name: 'headerLine' | 'lastLine'): { readonly [name: string]: number } => {
      const value = found[name];
      if (value === undefined) return {};
      const isLine = typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
      return { [name]: isLine ? value : refuse(`${where}.${name}`, value, '1, 2, 3 …') };
    };
    const targets = Object.entries(columns === undefined ? {} : object(columns, `${where}.columns`)).map(
      ([header, target]) => {
        const at = `${where}.columns.${header}`;
        if (target === null) return [header, null] as const;
        return [
          header,
          Array.isArray(target) ? target.map((path) => field(path, at)) : field(target, at),
        ] as const;
      },
    );
    return {
      ...(skip === true ? { skip } : {}),
      ...line('headerLine'),
      ...line('lastLine'),
      columns: Object.fromEntries(targets),
    };
  };

  const root = object(json, '(file)');
  only(root, '', ['$schema', 'version', 'pack', 'sheets', 'constants', 'defaults', 'lookups']);
  if (root['version'] !== 1) refuse('version', root['version'], '1');
  if (root['pack'] !== undefined && root['pack'] !== pack.name) refuse('pack', root['pack'], pack.name);
  const sheets = Object.entries(root['sheets'] === undefined ? {} : object(root['sheets'], 'sheets'));
  const lookups = Object.entries(root['lookups'] === undefined ? {} : object(root['lookups'], 'lookups'));
  for (const [path] of lookups) field(path, `lookups.${path}`);
  return {
    version: 1,
    sheets: Object.fromEntries(sheets.map(([name, value]) => [name, sheet(value, `sheets.${name}`)])),
    constants: root['constants'] === undefined ? {} : byField(root['constants'], 'constants'),
    defaults: root['defaults'] === undefined ? {} : byField(root['defaults'], 'defaults'),
    lookups: Object.fromEntries(lookups.map(([path, words]) => [path, texts(words, `lookups.${path}`)])),
  };
}

function nearFields(path: string, pack: Pack): string {
  const tag = (path.split('.').at(-1) ?? '').toLowerCase();
  const near = [...pack.fields.values()]
    .filter((each) => tag.length > 1 && each.tag.toLowerCase().includes(tag))
    .map((each) => each.path);
  return near.slice(0, 3).join(' | ') || 'DecHead.BillNo | DecLists.CodeTS | …';
}
