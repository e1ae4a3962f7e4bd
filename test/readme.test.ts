/** The README's first command does what the README shows, and does nothing the second time. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'declarant-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: readonly string[]): Promise<string> {
  const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: folder, LANG: 'C' };
  const launcher = join(root, 'bin', 'declarant.js');
  const { stdout } = await promisify(execFile)(process.execPath, [launcher, ...args], { cwd: folder, env });
  return stdout;
}

const timeless = (text: string): string => text.replaceAll(/\d+\.\d s/gu, 'N s');

test(
  'the first command shows what the README shows; the second time nothing is sent',
  { timeout: 120_000 },
  async () => {
    const command = /^npm ci && npx declarant (import (\S+))$/mu.exec(readme);
    const shown = /```text\n([\s\S]*?)```/u.exec(readme)?.[1] ?? '';
    copyFileSync(join(root, command?.[2] ?? ''), join(folder, 'manifest.xlsx'));
    expect(timeless(await run(['import', 'manifest.xlsx']))).toContain(timeless(shown));
    expect(await run(['import', 'manifest.xlsx'])).toMatch(
      /60 were lodged before|lodged before.*60|60 .*not sent again/iu,
    );
  },
);

test('the second command is npm cit', () => {
  expect(readme).toMatch(/^npm cit$/mu);
});
