/** The question before anything goes to a real window. */
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { freshPlace, type Finished } from '../cli/run-cli.ts';

const manifest = join(import.meta.dirname, '../../fixtures/manifests/shanghai-air-exports.csv');
const terminal = pathToFileURL(join(import.meta.dirname, '..', 'cli', 'at-a-terminal.ts')).href;

async function answered(
  answer: string,
  ...words: readonly string[]
): Promise<Finished & { readonly sent: number }> {
  const { folder, start } = await freshPlace();
  const boxes = ['OutBox', 'SentBox', 'InBox', 'FailBox'].map((box) => join(folder, 'client', box));
  for (const box of boxes) await mkdir(box, { recursive: true });
  await copyFile(manifest, join(folder, 'm.csv'));
  const started = start(
    [
      'import',
      'm.csv',
      '--window',
      'cn-client',
      '--root',
      'client',
      '--wait',
      '0',
      '--report',
      'none',
      ...words,
    ],
    { NODE_OPTIONS: `--import ${terminal}`, CI: '', LANG: 'en_GB.UTF-8' },
  );
  await started.tells('Type yes to go on: ');
  started.stdin(answer);
  const finished = await started.finished;
  return { ...finished, sent: (await readdir(boxes[0] ?? '')).length };
}

describe('the question before lodging', () => {
  it('names the folder, how many declarations go there, and whether the client only saves drafts', async () => {
    const { stderr, code, sent } = await answered('yes\n');
    expect(stderr).toMatch(
      /6 declarations .* will be put into the import client's folder .*client, which saves drafts and declares nothing/u,
    );
    expect({ code, sent }).toEqual({ code: 0, sent: 6 });
  });

  it('is not put where the folders of the client are missing', async () => {
    const { folder, start } = await freshPlace();
    await copyFile(manifest, join(folder, 'm.csv'));
    const started = start(['import', 'm.csv', '--window', 'cn-client', '--root', 'nowhere'], {
      NODE_OPTIONS: `--import ${terminal}`,
      CI: '',
    });
    const { code, stderr } = await started.finished;
    expect(code).toBe(5);
    expect(stderr).toContain('cn-client/folder-missing');
    expect(stderr).not.toContain('Type yes');
  });

  it('says where they are declared at once', async () => {
    expect((await answered('no\n', '--oper-type', 'declare')).stderr).toContain('which declares at once');
  });

  it.each([
    ['no', 'no\n'],
    ['nothing', '\n'],
    ['Ctrl-C', '\u0003'],
  ])('takes %s for a no, and nothing is sent', async (_, answer) => {
    const { code, stderr, sent } = await answered(answer);
    expect({ code, sent }).toEqual({ code: 2, sent: 0 });
    expect(stderr).toContain('run/not-confirmed');
  });
});
