/** What every command line does, whatever the command. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/specs.ts';
import { declarant, freshPlace } from './run-cli.ts';

describe('the command line', () => {
  it('prints its version', async () => {
    const { stdout, code } = await declarant(await freshPlace(), ['--version']);
    expect({ stdout, code }).toEqual({ stdout: '0.1.0\n', code: 0 });
  });

  it('shows examples before anything else in its help', async () => {
    const { stdout, code } = await declarant(await freshPlace(), ['--help']);
    expect(code).toBe(0);
    expect(stdout.indexOf('Examples')).toBeLessThan(stdout.indexOf('Commands'));
    for (const { name } of commands) expect(stdout).toContain(`  ${name}`);
  });

  it('speaks the language of the locale', async () => {
    const { stdout } = await declarant(await freshPlace(), ['import', '-h'], { LANG: 'zh_CN.UTF-8' });
    expect(stdout).toContain('示例：');
    expect(stdout).toContain('--dry-run');
  });

  it('takes --help after any other word', async () => {
    const { stdout, code } = await declarant(await freshPlace(), ['check', 'absent.csv', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('declarant check FILE…');
  });

  it('shows help on stderr and answers 2 where no word is given', async () => {
    const { stdout, stderr, code } = await declarant(await freshPlace(), []);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toContain('Examples');
  });

  it('names the nearest command where one is mistyped', async () => {
    const { stderr, code } = await declarant(await freshPlace(), ['imprt', 'x.csv']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean import?');
  });

  it('names the nearest option where one is mistyped', async () => {
    const { stderr, code } = await declarant(await freshPlace(), ['import', '--dryrun', 'x.csv']);
    expect(code).toBe(2);
    expect(stderr).toContain('--dry-run');
    expect(stderr).toContain('usage/unknown-option-suggested');
  });

  it('takes a file whose name begins with a dash after --', async () => {
    const { stderr, code } = await declarant(await freshPlace(), ['check', '--', '--verbose']);
    expect(code).toBe(3);
    expect(stderr).toContain('--verbose');
  });

  it('tells what to type before a file that stands alone', async () => {
    const place = await freshPlace();
    await writeFile(join(place.folder, '清单 1.csv'), 'a,b\n');
    const { stderr, code } = await declarant(place, ['清单 1.csv']);
    expect(code).toBe(2);
    expect(stderr).toContain('declarant check "清单 1.csv"');
  });

  it('tells with --verbose what the system said, and shows no stack', async () => {
    const words = ['check', 'm.csv', '--config', 'absent.json'];
    const place = await freshPlace();
    const plain = await declarant(place, words);
    const verbose = await declarant(place, [...words, '--verbose']);
    expect([plain.code, verbose.code]).toEqual([2, 2]);
    expect(plain.stderr).not.toContain('no such file or directory');
    expect(verbose.stderr).toContain('no such file or directory');
    expect(verbose.stderr).not.toMatch(/^\s+at /mu);
  });

  it('asks for a missing argument', async () => {
    const { stderr, code } = await declarant(await freshPlace(), ['import']);
    expect(code).toBe(2);
    expect(stderr).toContain('FILE…');
  });

  it('gives a failure to scripts as JSON on stdout, with its code and exit', async () => {
    const { stdout, code } = await declarant(await freshPlace(), ['check', 'absent.csv', '--format', 'json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'error',
      schemaVersion: 1,
      exit: 3,
      code: 'file/not-found',
    });
  });

  it('shows no byte that could drive a terminal from a name typed', async () => {
    const { stderr } = await declarant(await freshPlace(), ['check', 'a\u001b[31m\u202eb.csv']);
    expect(stderr).toContain('\\x1b[31m');
    expect(stderr).not.toMatch(/[\u001b\u202e]/u);
  });

  it('ends cleanly where the reader of its output has gone', async () => {
    const started = (await freshPlace()).start(['codes', 'hs10']);
    started.closeStdout();
    const { stderr, code } = await started.finished;
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('answers a fault of its own with 70 and a report that holds no value', async () => {
    const place = await freshPlace();
    const { stderr, code } = await declarant(place, ['config'], {
      NODE_OPTIONS: `--import ${brokenStringify}`,
    });
    expect(code).toBe(70);
    expect(stderr).not.toMatch(/^\s+at /mu);
    expect(stderr).not.toContain('customer 4711');
    const folder = join(place.folder, 'state', 'declarant', 'faults');
    const [report = ''] = await readdir(folder);
    const text = await readFile(join(folder, report), 'utf8');
    expect(text).toContain('src/commands/');
    expect(text).not.toContain('customer 4711');
  });

  it('ends a server at a safe point, with 70, where something breaks beside it', async () => {
    const started = (await freshPlace()).start(['sandbox'], { NODE_OPTIONS: `--import ${lateThrow}` });
    const { code, stderr } = await started.finished;
    expect(code).toBe(70);
    expect(stderr).toContain('run/defect');
    expect(stderr).not.toContain('customer 4711');
  });
});

const lateThrow = `data:text/javascript,${encodeURIComponent("setTimeout(() => { throw new Error('customer 4711'); }, 50);")}`;
const brokenStringify = `data:text/javascript,${encodeURIComponent("JSON.stringify = () => { throw new TypeError('customer 4711'); };")}`;
