/** What `docs/ci.md` promises is so: its commands are understood, and its hook refuses a commit with a flawed manifest. */
import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseWords } from '../../src/commands/parse.ts';
import { commonFlags } from '../../src/commands/specs.ts';
import { freshFolder } from '../cli/run-cli.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

async function commit(folder: string, manifest: string): Promise<string> {
  const git = (...words: string[]) =>
    run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: folder,
        XDG_STATE_HOME: join(folder, 'state'),
        DECLARANT: `${process.execPath} ${join(root, 'bin', 'declarant.js')}`,
      },
    });
  await git('init', '-q');
  await cp(join(root, 'docs', 'pre-commit'), join(folder, '.git', 'hooks', 'pre-commit'));
  await cp(join(root, 'fixtures', 'manifests', manifest), join(folder, '清单 1.csv'));
  await git('add', '清单 1.csv');
  return git('commit', '-qm', 'm').then(
    () => 'committed',
    (error: { stderr: string }) => error.stderr,
  );
}

describe('docs/ci.md', () => {
  it('holds no command that is not understood', async () => {
    const text = await readFile(join(root, 'docs', 'ci.md'), 'utf8');
    const commands = [...text.matchAll(/npx declarant ([^\n>]+)/gu)].map(
      (match) => match[1]?.trim().split(/\s+/u) ?? [],
    );
    expect(commands.length).toBeGreaterThan(1);
    for (const words of commands) expect(parseWords(words).command.name).toBe('check');
  });

  it('names every format for machines', async () => {
    const text = await readFile(join(root, 'docs', 'ci.md'), 'utf8');
    const choices = commonFlags.find(({ name }) => name === 'format')?.choices ?? [];
    const machines = choices.filter((choice) => !['human', 'csv'].includes(choice));
    expect(machines.filter((choice) => !text.includes(`\`${choice}\``))).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('the pre-commit hook', { timeout: 30_000 }, () => {
  it('refuses a commit with a flawed manifest and tells what is wrong', async () => {
    expect(await commit(await freshFolder(), 'flawed-air-imports.csv')).toContain('新加波');
  });

  it('lets a valid one through', async () => {
    expect(await commit(await freshFolder(), 'dalian-air-imports-utf8.csv')).toBe('committed');
  });
});
