/** Runs the real command line in a folder of its own, with state and configuration folders of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
export type Started = {
  readonly stdin: (text: string | Buffer) => void;
  /** As `| head` does once it has enough. */
  readonly closeStdout: () => void;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with all of standard output so far, once it holds `text`. */
  readonly prints: (text: string) => Promise<string>;
  /** Resolves with all of standard error so far, once it holds `text`. */
  readonly tells: (text: string) => Promise<string>;
  readonly finished: Promise<Finished>;
};
export type Place = {
  readonly folder: string;
  readonly start: (words: readonly string[], env?: Record<string, string>) => Started;
};

const program = join(import.meta.dirname, '..', '..', 'bin', 'declarant.js');

/** A fresh folder, removed when the test ends. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'declarant-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function freshPlace(): Promise<Place> {
  return placeIn(await freshFolder());
}

/** For several tests: whoever made the folder removes it. */
export function placeIn(folder: string): Place {
  return { folder, start: (words, env = {}) => start(folder, words, env) };
}

/** Runs to its end and tells all. */
export async function declarant(
  place: Place,
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  const started = place.start(words, env);
  started.stdin('');
  return started.finished;
}

function start(folder: string, words: readonly string[], env: Record<string, string>): Started {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      XDG_STATE_HOME: join(folder, 'state'),
      XDG_CONFIG_HOME: join(folder, 'configuration'),
      // Shared, as it is between the runs of a user: made once, used by all.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache'),
      TMPDIR: folder,
      LANG: 'en_GB.UTF-8',
      ...env,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  return {
    stdin: (text) => child.stdin.end(text),
    closeStdout: () => void child.stdout.destroy(),
    kill: (signal) => void child.kill(signal),
    prints: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (stdout.includes(text)) resolve(stdout);
        };
        child.stdout.on('data', look);
        child.on('close', () => reject(new Error(`ended without printing ${text}: ${stderr}`)));
        look();
      }),
    tells: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (stderr.includes(text)) resolve(stderr);
        };
        child.stderr.on('data', look);
        child.on('close', () => reject(new Error(`ended without telling ${text}: ${stderr}`)));
        look();
      }),
    finished: new Promise((resolve) => {
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    }),
  };
}
