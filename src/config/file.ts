/** Reads a configuration file, and texts from flags and variables, against the configuration's JSON Schema. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { exitCode, Stop } from '../model/stop.ts';
import { checkConfig, type ConfigSchema, expectedBy } from './schema-check.ts';
import { suggest } from './suggest.ts';

/** A configuration is a page, not a database. */
const mostCharacters = 1 << 20;

let schema: ConfigSchema | undefined;

export function configSchema(): ConfigSchema {
  const file = new URL('../../schemas/declarant/config.schema.json', import.meta.url);
  schema ??= JSON.parse(readFileSync(file, 'utf8')) as ConfigSchema;
  return schema;
}

export type FileSettings = { readonly values: ReadonlyMap<string, unknown>; readonly folder: string };

function parseJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new Stop('config/unreadable', exitCode.usage, { facts: { file, reason }, cause });
  }
  if (text.length > mostCharacters)
    throw new Stop('config/unreadable', exitCode.usage, { facts: { file, reason: 'EFBIG' } });
  try {
    return JSON.parse(text.replace(/^\ufeff/u, ''));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : '';
    throw new Stop('config/not-json', exitCode.usage, { facts: { file, detail }, cause });
  }
}

/** The value as it stands there, cut short; what is nested is only hinted at. */
function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}';
  return JSON.stringify(value).slice(0, 200);
}

/** Throws `Stop` (exit 2) at the first key or value that the schema does not allow, with the nearest known key. */
export function readConfigFile(file: string): FileSettings {
  const content = parseJson(file);
  const [fault, ...others] = checkConfig(configSchema(), content);
  if (fault !== undefined) {
    const key = fault.path.join('.') || '(file)';
    const facts = { file, key, others: others.length };
    if (fault.kind === 'unknown-key') {
      const nearest = suggest(fault.path.at(-1) ?? '', fault.known);
      const known = nearest === undefined ? fault.known.filter((name) => name !== '$schema') : [nearest];
      const code = nearest === undefined ? 'config/unknown-key' : 'config/unknown-key-suggested';
      throw new Stop(code, exitCode.usage, { facts: { ...facts, known } });
    }
    if (fault.kind === 'missing-key') throw new Stop('config/missing-key', exitCode.usage, { facts });
    const value = shown(fault.value);
    throw new Stop('config/invalid-value', exitCode.usage, {
      facts: { ...facts, value, expected: fault.expected },
    });
  }
  const folder = dirname(resolve(file));
  return { values: new Map(Object.entries(content as Readonly<Record<string, unknown>>)), folder };
}

const yes = new Set(['1', 'true', 'yes', 'on']);
const no = new Set(['0', 'false', 'no', 'off']);

/** A value typed as text, as its schema wants it. Throws `Stop` (exit 2) where it does not fit; `where` is the flag or the variable. */
export function fromText(own: ConfigSchema, text: string, where: string): unknown {
  const lower = text.toLowerCase();
  let value: unknown = text;
  if (own.type === 'boolean') value = yes.has(lower) ? true : no.has(lower) ? false : text;
  if (own.type === 'number' && /^\d+(?:\.\d+)?$/u.test(text)) value = Number(text);
  if (checkConfig(own, value).length === 0) return value;
  const nearest = suggest(text, own.enum ?? []);
  const expected = expectedBy(own);
  throw new Stop('usage/invalid-value', exitCode.usage, {
    facts: { where, value: text, expected, ...(nearest === undefined ? {} : { candidates: [nearest] }) },
  });
}
