/** The documents tell the truth: generated pages are up to date, commands and exit codes are all named, links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliDocs } from '../src/commands/make-docs.ts';
import { commands } from '../src/commands/specs.ts';
import { exitCode } from '../src/model/stop.ts';
import { documentSchemas, documentsPage } from '../src/pack/documents/make-docs.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe('the documents', () => {
  test('the command line page is what the commands say', () => {
    expect(read('docs/cli.md')).toBe(cliDocs());
  });

  test('the page of further documents is what their folders say', async () => {
    expect(read('docs/documents.md')).toBe(await documentsPage());
    for (const [file, text] of await documentSchemas()) expect(read(file)).toBe(text);
  });

  test('every command in the README is one, with flags that it has', () => {
    const lines = [...read('README.md').matchAll(/^(?:npm ci && npx )?declarant (\w[\w-]*)(.*)$/gmu)];
    expect(lines.length).toBeGreaterThan(5);
    const cli = read('docs/cli.md');
    for (const [, name = '', rest = ''] of lines) {
      expect(commands.map((spec) => spec.name)).toContain(name);
      for (const [flag] of rest.replace(/#.*/u, '').matchAll(/--[a-z-]+/gu)) expect(cli).toContain(flag);
    }
  });

  test('README and command line page name every exit code', () => {
    for (const page of ['README.md', 'docs/cli.md', 'docs/architecture.md']) {
      const text = read(page);
      for (const code of Object.values(exitCode))
        expect(text, `${page} ${code}`).toMatch(new RegExp(`\\|[^|]*\\b${code}\\b[^|]*\\|`, 'u'));
    }
  });

  test.each(pages)('%s links to files that are there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/gu)].map(
      (match) => match[1] ?? '',
    );
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  test('no page names a path of one machine', () => {
    for (const page of pages) expect(read(page)).not.toMatch(/\/(?:root|home|work|tmp)\/[a-z]/u);
  });
});
