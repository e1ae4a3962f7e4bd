/** Which setting wins, and what a configuration may hold. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { configSchema } from '../../src/config/file.ts';
import { localeLang } from '../../src/config/locale.ts';
import { flagName } from '../../src/config/names.ts';
import { checkConfig, expectedBy } from '../../src/config/schema-check.ts';
import { suggest } from '../../src/config/suggest.ts';
import { commands, commonFlags } from '../../src/commands/specs.ts';
import { Stop } from '../../src/model/stop.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'declarant-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function load(flags: Record<string, string | true> = {}, env: Record<string, string> = {}) {
  const folders = {
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'configuration'),
    XDG_STATE_HOME: join(folder, 'state'),
  };
  return loadConfig({
    flags: new Map(Object.entries(flags)),
    env: { ...folders, LANG: 'C', ...env },
    cwd: folder,
  });
}

async function project(content: unknown): Promise<void> {
  await writeFile(
    join(folder, 'declarant.config.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
}

async function user(content: unknown): Promise<void> {
  await mkdir(join(folder, 'configuration', 'declarant'), { recursive: true });
  await writeFile(join(folder, 'configuration', 'declarant', 'config.json'), JSON.stringify(content));
}

function stopOf(work: () => unknown): Stop {
  try {
    work();
  } catch (error) {
    if (error instanceof Stop) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the configuration', () => {
  it('takes flags before variables, variables before the project, the project before the user, the user before defaults', async () => {
    await user({ wait: 1, pack: 'user', hidden: 'skip', lang: 'zh' });
    await project({ wait: 2, pack: 'project', hidden: 'error' });
    const { settings, origins } = load({ wait: '4' }, { DECLARANT_WAIT: '3', DECLARANT_PACK: 'variable' });
    expect(settings).toMatchObject({
      wait: 4,
      pack: 'variable',
      hidden: 'error',
      lang: 'zh',
      progress: 'auto',
    });
    const kinds = ['wait', 'pack', 'hidden', 'lang', 'progress'].map((name) => origins.get(name)?.kind);
    expect(kinds).toEqual(['flag', 'environment', 'project', 'user', 'default']);
  });

  it('takes a path in a file from the folder of the file', async () => {
    await user({ mapping: 'office.json' });
    expect(load().settings.mapping).toBe(join(folder, 'configuration', 'declarant', 'office.json'));
  });

  it('keeps the ledger in the state folder of the user', () => {
    expect(load().settings.ledger).toBe(join(folder, 'state', 'declarant', 'ledger.db'));
  });

  it('keeps a ledger for each window: a rehearsal and the real thing never share one', () => {
    const named = (window: string): string => load({ window }).settings.ledger;
    expect(named('https://window.example:8443/x')).toBe(
      join(folder, 'state', 'declarant', 'ledger-window.example-8443-x.db'),
    );
    expect(named('大连')).toBe(join(folder, 'state', 'declarant', 'ledger-大连.db'));
    expect(load({ window: '大连', ledger: 'own.db' }).settings.ledger).toBe(join(folder, 'own.db'));
  });

  it('refuses an unknown key and names the nearest', async () => {
    await project({ windw: 'sandbox' });
    const { code, facts, exit } = stopOf(() => load());
    expect({ code, exit, known: facts['known'], key: facts['key'] }).toEqual({
      code: 'config/unknown-key-suggested',
      exit: 2,
      known: ['window'],
      key: 'windw',
    });
  });

  it('refuses a value of the wrong kind in a file', async () => {
    await project({ wait: 'soon' });
    expect(stopOf(() => load()).code).toBe('config/invalid-value');
  });

  it('refuses a file that is not JSON', async () => {
    await project('{ "wait": 3, }');
    expect(stopOf(() => load()).code).toBe('config/not-json');
  });

  it('refuses a variable that cannot be used, and names it', () => {
    const { code, facts } = stopOf(() => load({}, { DECLARANT_WAIT: '1e3' }));
    expect({ code, where: facts['where'] }).toEqual({ code: 'usage/invalid-value', where: 'DECLARANT_WAIT' });
  });

  it('never lets a file say yes', async () => {
    await project({ yes: true });
    expect(stopOf(() => load()).exit).toBe(2);
    await project({});
    expect(load({}, { DECLARANT_YES: '1' }).settings.yes).toBe(true);
  });

  it('reads the file that --config names instead of the project file', async () => {
    await project({ wait: 2 });
    await writeFile(join(folder, 'other.json'), '{"wait":7}');
    expect(load({ config: 'other.json' }).settings.wait).toBe(7);
  });

  it('has a flag for every setting of a file but the windows', () => {
    const all = [...commonFlags, ...commands.flatMap((command) => command.flags)];
    const flags = new Set(all.map(({ name }) => flagName(name)));
    const settings = Object.keys(configSchema().properties ?? {}).filter(
      (name) => name !== '$schema' && name !== 'windows',
    );
    expect(settings.filter((name) => !flags.has(flagName(name)))).toEqual([]);
  });

  it('tells what is expected of a value with a form by examples that have it', () => {
    const { messageVersion, report, windows } = configSchema().properties ?? {};
    const { additionalProperties: window } = windows ?? {};
    const { address } = (typeof window === 'object' ? window.properties : undefined) ?? {};
    const formed = [messageVersion, report, address].map((schema) => schema ?? {});
    expect(formed.map(expectedBy)).toEqual(['3.1', 'xlsx,html | none', 'https://…']);
    for (const schema of formed)
      for (const example of schema.examples ?? []) expect(checkConfig(schema, example)).toEqual([]);
  });

  it('judges configurations as a full JSON Schema validator does', async () => {
    const text = await readFile(
      new URL('../../schemas/declarant/config.schema.json', import.meta.url),
      'utf8',
    );
    const validate = new Ajv2020({ strict: true }).compile(JSON.parse(text));
    const names = fc.constantFrom(...Object.keys(configSchema().properties ?? {}), 'other', 'toString');
    const value = fc.oneof(
      fc.constantFrom(
        'human',
        'zh',
        'auto',
        'include',
        '',
        '\u{1f600}',
        'x',
        true,
        null,
        -1,
        0,
        10,
        86_400,
        86_401,
        1.5,
      ),
      fc.dictionary(
        fc.constantFrom('a', 'b'),
        fc.oneof(
          fc.constant('x'),
          fc.record(
            { address: fc.constantFrom('https://w', 'w', 1), environment: fc.constantFrom('test', '') },
            { requiredKeys: [] },
          ),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(names, value), value), (content) => {
        expect(checkConfig(configSchema(), content).length === 0).toBe(validate(content));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the language', () => {
  it.each([
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'zh_TW' }, 'zh'],
    [{ LC_ALL: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
    [{ LC_ALL: '', LC_MESSAGES: 'zh_CN', LANG: 'C' }, 'zh'],
    [{ LANG: 'ja_JP.UTF-8' }, 'en'],
  ])('is read from the locale %j as %s', (env, lang) => {
    expect(localeLang(env).lang).toBe(lang);
  });
});

describe('a suggestion', () => {
  it.each([
    ['chekc', 'check'],
    ['IMPORT', 'import'],
    ['zzz', undefined],
  ])('for %s is %s', (typed, expected) => {
    expect(suggest(typed, ['check', 'import', 'status'])).toBe(expected);
  });
});
