/** The settings of a run, each with where it came from: flags, then `DECLARANT_*`, then the project's file, then the user's, then defaults. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { alsoFrom } from './config/also.ts';
import { accessFiles, refuseSecrets, windowsOf } from './config/windows.ts';
import { configSchema, type FileSettings, fromText, readConfigFile } from './config/file.ts';
import type { ConfigSchema } from './config/schema-check.ts';
import { configFolder, type Environment, stateFolder } from './config/folders.ts';
import { localeLang } from './config/locale.ts';
import { flagName, variableName } from './config/names.ts';
import type { Lang } from './model/text.ts';

/** Where the secrets for a window are, never the secrets themselves. */
export type AccessSetting = {
  readonly tokenFile?: string;
  readonly tokenCommand?: string;
  readonly caFile?: string;
  readonly clientCert?: string;
  readonly clientKey?: string;
};
/** What an import client is told besides. */
export type ClientSetting = { readonly root?: string; readonly operType?: 'draft' | 'declare' };
export type WindowSetting = AccessSetting &
  ClientSetting & {
    readonly protocol?: 'http' | 'cn-client';
    readonly address: string;
    readonly environment?: string;
    /** What the window promises, where it is not what the pack says; times in seconds. */
    readonly kind?: 'key' | 'lookup' | 'duplicate-refusing' | 'none';
    readonly keyLife?: number;
    readonly duplicateWindow?: number;
    readonly settle?: number;
    readonly timeout?: number;
    readonly perSecond?: number;
    /** The origin of the proxy that stands before it. No flag and no variable names one. */
    readonly proxy?: string;
  };

export type Settings = AccessSetting &
  ClientSetting & {
    readonly window: string;
    readonly windows: Readonly<Record<string, WindowSetting>>;
    /** What messages say of themselves; the pack's own where absent. */
    readonly messageVersion?: string;
    readonly messageNamespace?: string;
    readonly ledger: string;
    readonly pack: string;
    readonly mapping?: string;
    /** The office's folder of mappings. */
    readonly mappings?: string;
    /** The folder of the office's own answers to common problems. */
    readonly problems?: string;
    readonly out?: string;
    readonly format: 'human' | 'json' | 'ndjson' | 'csv' | 'sarif' | 'junit' | 'github';
    /** Kinds of reports, joined with commas; `none`: not even the usual one. */
    readonly report?: string;
    /** Further documents, as `--also` says them. */
    readonly also?: string;
    readonly lang: Lang;
    readonly quiet: boolean;
    readonly verbose: boolean;
    readonly noColor: boolean;
    readonly noInput: boolean;
    readonly yes: boolean;
    readonly progress: 'auto' | 'plain' | 'none';
    /** Seconds. */
    readonly wait: number;
    readonly encoding?: string;
    readonly inputFormat?: string;
    readonly hidden: 'include' | 'skip' | 'error';
    readonly errorOnEmpty: boolean;
  };

export type Origin = {
  readonly kind: 'flag' | 'environment' | 'project' | 'user' | 'default';
  /** The flag, the variable or the file. */
  readonly where: string;
};
export type Config = {
  readonly settings: Settings;
  readonly origins: ReadonlyMap<string, Origin>;
  readonly stateFolder: string;
  /** Windows whose address stands in a file that merely lay in the current folder: no secret goes there. */
  readonly foundWindows: ReadonlySet<string>;
};

export type ConfigSources = {
  /** As typed: text, or `true` for a flag without a value. */
  readonly flags: ReadonlyMap<string, string | true>;
  readonly env: Environment;
  readonly cwd: string;
};

const projectFile = 'declarant.config.json';
const pathSettings: ReadonlySet<string> = new Set([
  'ledger',
  'mapping',
  'mappings',
  'out',
  'problems',
  'root',
  ...accessFiles,
]);
/** Never taken from a file: a file that someone left in a folder must not say yes for you. */
const neverInFile = {
  yes: { type: 'boolean', default: false },
  ...Object.fromEntries(
    [...accessFiles, 'tokenCommand'].map((name) => [name, { type: 'string', minLength: 1 }] as const),
  ),
} as const;

/** `https://window.example:8443/x` → `window.example-8443-x`; two that come out alike are told apart by what the ledger is bound to. */
function ledgerName(window: string): string {
  const name = window.replace(/^https?:\/\//iu, '').replace(/[^\p{L}\p{N}.]+/gu, '-');
  return name.replace(/^[-.]+|[-.]+$/gu, '').slice(0, 60) || 'window';
}

/** Throws `Stop` (exit 2) for the first value that cannot be used, naming where it stands. */
export function loadConfig({ flags, env, cwd }: ConfigSources): Config {
  const values = new Map<string, unknown>();
  const origins = new Map<string, Origin>();
  const schemas = new Map<string, ConfigSchema>(
    Object.entries({ ...configSchema().properties, ...neverInFile }),
  );
  const state = stateFolder(env);

  function set(name: string, value: unknown, origin: Origin, base: string): void {
    const isPath = pathSettings.has(name) && typeof value === 'string' && value !== '-';
    values.set(name, isPath ? resolve(base, value) : value);
    origins.set(name, origin);
  }
  function setFile(file: string, kind: 'project' | 'user', content: FileSettings): void {
    for (const [name, value] of content.values) {
      const merged =
        name === 'windows' ? windowsOf(values.get(name), value, { file, folder: content.folder }) : value;
      const found = name === 'also' && typeof merged === 'string' ? alsoFrom(content.folder, merged) : merged;
      set(name, found, { kind, where: file }, content.folder);
    }
  }

  for (const [name, schema] of schemas) {
    if (schema.default !== undefined) set(name, schema.default, { kind: 'default', where: '' }, cwd);
  }
  set('windows', {}, { kind: 'default', where: '' }, cwd);
  set('ledger', join(state, 'ledger.db'), { kind: 'default', where: '' }, cwd);
  const locale = localeLang(env);
  set('lang', locale.lang, { kind: 'default', where: locale.where }, cwd);

  const user = join(configFolder(env), 'config.json');
  if (existsSync(user)) setFile(user, 'user', readConfigFile(user));
  const named = flags.get('config') ?? env['DECLARANT_CONFIG'];
  const project = typeof named === 'string' && named !== '' ? resolve(cwd, named) : join(cwd, projectFile);
  const foundWindows = new Set<string>();
  if (named !== undefined || existsSync(project)) {
    const content = readConfigFile(project);
    if (named === undefined) for (const name of refuseSecrets(project, content)) foundWindows.add(name);
    setFile(project, 'project', content);
  }

  for (const [name, schema] of schemas) {
    const variable = variableName(name);
    const said = env[variable];
    if (schema.type === 'object' || name === '$schema' || said === undefined || said === '') continue;
    set(name, fromText(schema, said, variable), { kind: 'environment', where: variable }, cwd);
  }
  for (const [name, said] of flags) {
    const schema = schemas.get(name);
    if (schema === undefined) continue;
    set(
      name,
      said === true ? true : fromText(schema, said, flagName(name)),
      { kind: 'flag', where: flagName(name) },
      cwd,
    );
  }
  // A rehearsal and the real thing never share a ledger: each window has one of its own, unless one is named.
  const window = String(values.get('window'));
  if (origins.get('ledger')?.kind === 'default' && window !== 'sandbox') {
    set('ledger', join(state, `ledger-${ledgerName(window)}.db`), { kind: 'default', where: '' }, cwd);
  }
  origins.delete('$schema');
  values.delete('$schema');
  // Each value was checked against the schema that `Settings` mirrors (a test compares the two).
  return { settings: Object.fromEntries(values) as Settings, origins, stateFolder: state, foundWindows };
}
