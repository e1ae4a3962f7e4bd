/** Configuration, mapping, manifest and window answers made by an enemy: refused or taken as text, never a fault of ours, and no object of ours changes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parseStrictJson } from '../../src/window/http/strict-json.ts';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import { declarant, freshPlace, type Finished } from '../cli/run-cli.ts';
import { manifestText } from '../commands/sandbox-place.ts';
import { serveScript } from '../window/scripted-server.ts';

// Each test starts several processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const without = { NODE_OPTIONS: '--disable-proto=delete' };

async function check(
  files: Readonly<Record<string, string>>,
  ...flags: readonly string[]
): Promise<Finished> {
  const place = await freshPlace();
  for (const [name, text] of Object.entries({ 'm.csv': await manifestText(), ...files }))
    await writeFile(join(place.folder, name), text);
  return declarant(place, ['check', 'm.csv', '--format', 'json', ...flags], without);
}

const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
const hostile: readonly (readonly [string, string])[] = [
  ['__proto__', '{"__proto__":{"yes":true,"window":"https://evil.example"}}'],
  ['constructor', '{"constructor":{"prototype":{"yes":true}}}'],
  ['a window named __proto__', '{"windows":{"__proto__":{"address":"https://evil.example"}}}'],
  ['toString', '{"toString":"x","hasOwnProperty":"y"}'],
  ['a depth of fifty thousand', `{"wait":${deep}}`],
  ['a depth of fifty thousand under an unknown name', `{"x":${deep}}`],
  ['an array', '[]'],
  ['null', 'null'],
  ['a number beyond all bounds', '{"wait":1e999}'],
  ['controls in a name', '{"\\u001b[2J\\u202e":1}'],
  ['a long name', `{"${'x'.repeat(200_000)}":1}`],
  ['a long value', `{"lang":"${'x'.repeat(200_000)}"}`],
  ['two million characters', `{"pack":"${'x'.repeat(2_000_000)}"}`],
  ['a pack elsewhere', '{"pack":"../../../../etc"}'],
  ['a pack by an absolute path', '{"pack":"/etc/passwd"}'],
  ['NUL in a path', '{"ledger":"a\\u0000b"}'],
];

describe('a hostile configuration', () => {
  it.each(hostile)('with %s never says yes for anybody, and is no fault of ours', async (_what, text) => {
    const { code, stdout, stderr } = await check({ 'declarant.config.json': text });
    expect(code).not.toBe(70);
    expect(stderr).not.toMatch(/\n\s+at /u);
    expect(stderr.length).toBeLessThan(20_000);
    expect(stdout + stderr).not.toMatch(/[\u001b\u202e]/u);
  });
});

describe('a hostile mapping', () => {
  it.each([
    ...hostile,
    ['members from elsewhere', '{"columns":{"__proto__":"DecHead.BillNo","constructor":"x"}}'] as const,
  ])('with %s is no fault of ours', async (_what, text) => {
    const { code, stderr } = await check({ 'mapping.json': text }, '--mapping', 'mapping.json');
    expect([0, 1, 2, 3]).toContain(code);
    expect(stderr).not.toMatch(/\n\s+at /u);
  });
});

describe('a hostile manifest', () => {
  it.each(['__proto__', 'constructor', 'a.__proto__.b', 'toString', 'hasOwnProperty'])(
    'with a column and cells named %s is a table like others',
    async (name) => {
      const text = await manifestText();
      const lines = text.split('\n').map((line) => `${line},"${name}"`);
      const { code } = await check({ 'm.csv': lines.join('\n') });
      expect([0, 1]).toContain(code);
      const bent = await manifestText(undefined, (row) => row.map(() => name));
      expect((await check({ 'm.csv': bent })).code).toBe(1);
    },
  );
});

describe('a hostile window', () => {
  it.each([
    '{"declarationsPerRequest":5,"bytesPerRequest":1000000,"__proto__":{"polluted":1}}',
    '{"__proto__":{"declarationsPerRequest":5,"bytesPerRequest":1000000}}',
    '{"constructor":{"prototype":{"polluted":1}},"declarationsPerRequest":5,"bytesPerRequest":1000000}',
  ])('that answers %s changes no object of ours', async (body) => {
    const server = await serveScript(() => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body,
    }));
    const window = openHttpLodgement({ name: 'w', address: server.address });
    await window.limits(new AbortController().signal).catch(() => undefined);
    await window.close();
    await server.close();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });

  it('inherits nothing from what it sends', () => {
    const value = parseStrictJson('{"__proto__":{"polluted":1}}');
    expect(value !== null && typeof value === 'object' && 'polluted' in value).toBe(false);
  });
});

describe('regular expressions', () => {
  it('are made from what the program ships, never from what a user or a window gives', async () => {
    const root = join(import.meta.dirname, '..', '..', 'src');
    const makers = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && /new RegExp\(/u.test(readFileSync(join(root, name), 'utf8')),
    );
    /** The pattern comes from our own schema, or from a pack, which is as trusted as code. */
    const known = ['config/schema-check.ts', 'pack/code-list.ts', 'pack/rules/checks/pattern.ts'];
    // In `annotated`: our own words around an XML prefix, which holds letters, digits, points and hyphens only.
    expect(makers.filter((name) => !known.includes(name) && !name.startsWith('reports/annotated'))).toEqual(
      [],
    );
  });

  it('cannot come in by a setting: there is none that takes a pattern', async () => {
    const { code, stdout } = await check(
      { 'mapping.json': '{"columns":{"/^(a+)+$/":"DecHead.BillNo"}}' },
      '--mapping',
      'mapping.json',
    );
    expect([1, 2, 3]).toContain(code);
    expect(stdout).not.toContain('run/defect');
  });
});

it('a folder where a file is expected is told as such', async () => {
  const place = await freshPlace();
  await mkdir(join(place.folder, 'declarant.config.json'));
  const { code, stderr } = await declarant(place, ['check', 'm.csv']);
  expect(code).toBe(2);
  expect(stderr).toContain('config/unreadable');
});
