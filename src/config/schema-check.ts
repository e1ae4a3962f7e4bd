/** Checks a configuration file against its JSON Schema: the few keywords that the schema uses, without loading a validator. */

/** The keywords that `schemas/declarant/config.schema.json` may use; a test holds it to that, and to the full validator's verdict. */
export type ConfigSchema = {
  readonly type?: 'object' | 'string' | 'number' | 'boolean';
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly pattern?: string;
  /** Each fits the pattern: what is expected is told by them. */
  readonly examples?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, ConfigSchema>>;
  readonly additionalProperties?: boolean | ConfigSchema;
};

export type ConfigFault =
  | { readonly kind: 'unknown-key'; readonly path: readonly string[]; readonly known: readonly string[] }
  | {
      readonly kind: 'invalid-value';
      readonly path: readonly string[];
      readonly value: unknown;
      readonly expected: string;
    }
  | { readonly kind: 'missing-key'; readonly path: readonly string[] };

/** Every fault, in the order of the file. */
export function checkConfig(
  schema: ConfigSchema,
  value: unknown,
  path: readonly string[] = [],
): ConfigFault[] {
  if (!fits(schema, value)) return [{ kind: 'invalid-value', path, value, expected: expectedBy(schema) }];
  if (schema.type !== 'object' || typeof value !== 'object' || value === null) return [];
  const properties = new Map(Object.entries(schema.properties ?? {}));
  const members = new Map<string, unknown>(Object.entries(value));
  const faults: ConfigFault[] = [];
  for (const name of schema.required ?? []) {
    if (!members.has(name)) faults.push({ kind: 'missing-key', path: [...path, name] });
  }
  for (const [name, member] of members) {
    const own = properties.get(name) ?? schema.additionalProperties ?? true;
    if (own === false)
      faults.push({ kind: 'unknown-key', path: [...path, name], known: [...properties.keys()] });
    else if (own !== true) faults.push(...checkConfig(own, member, [...path, name]));
  }
  return faults;
}

function fits(schema: ConfigSchema, value: unknown): boolean {
  if (schema.enum !== undefined) return typeof value === 'string' && schema.enum.includes(value);
  if (schema.type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (schema.type === 'boolean') return typeof value === 'boolean';
  if (schema.type === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return false;
    return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  }
  if (typeof value !== 'string') return false;
  const isLongEnough = Array.from(value).length >= (schema.minLength ?? 0);
  return isLongEnough && (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value));
}

/** In words that stand in both languages: what the value may be. */
export function expectedBy(schema: ConfigSchema): string {
  if (schema.enum !== undefined) return schema.enum.join(' | ');
  if (schema.type === 'boolean') return 'true | false';
  if (schema.type === 'number') return `${schema.minimum ?? ''}–${schema.maximum ?? ''}`;
  if (schema.type === 'object') return '{ … }';
  return (schema.examples ?? ['text']).join(' | ');
}
