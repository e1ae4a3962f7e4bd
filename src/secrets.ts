/** Secrets from where they may come from: a file of ours alone, standard input, or a command. Never a flag, a variable, or a message. */
import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type ExitCode, exitCode, Stop } from './model/stop.ts';

const mostBytes = 64 * 1024;
const commandMs = 60_000;
const isPosix = process.platform !== 'win32';

/** A secret file's text. Throws `Stop` (exit 2) where anybody else may read or write the file. */
export function readSecretFile(file: string): string {
  return readBounded(file, 'secret/unreadable', checkAlone);
}

/** Text that is no secret but decides whom we trust: others may read it, and must not be able to write it. */
export function readTrustFile(file: string): string {
  return readBounded(file, 'secret/unreadable', () => undefined);
}

type Check = (file: string, found: { readonly mode: number; readonly uid: number }) => void;

function readBounded(file: string, code: 'secret/unreadable', check: Check): string {
  let fd: number;
  try {
    // A pipe without a writer must not hang the run.
    fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw unreadable(code, file, cause);
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) throw new Stop('secret/not-a-file', exitCode.usage, { facts: { file } });
    if (found.size > mostBytes) throw new Stop('secret/too-large', exitCode.usage, { facts: { file } });
    check(file, found);
    const bytes = Buffer.alloc(mostBytes);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, mostBytes, 0));
  } finally {
    closeSync(fd);
  }
}

function checkAlone(file: string, { mode, uid }: { readonly mode: number; readonly uid: number }): void {
  if (!isPosix) return;
  const own = process.getuid?.();
  if ((mode & 0o077) === 0 && (uid === own || uid === 0)) return;
  throw new Stop('secret/open-to-others', exitCode.usage, {
    facts: { file, mode: (mode & 0o777).toString(8).padStart(4, '0') },
    hint: `chmod 600 ${JSON.stringify(file)}`,
  });
}

function unreadable(code: 'secret/unreadable', file: string, cause: unknown): Stop {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new Stop(code, exitCode.usage, { facts: { file, reason } });
}

/** One line of visible ASCII; nothing of it is repeated where it is not. */
export function parseToken(said: string, where: string): string {
  const token = said.replace(/\r?\n$/u, '');
  if (/^[\u0021-\u007e]{1,8192}$/u.test(token)) return token;
  throw new Stop('secret/not-a-token', exitCode.usage, { facts: { where } });
}

/** What a command prints, run by the shell of the system without a terminal. What it says on standard error is dropped: it may be part of a secret. At its limit it is ended with everything that it started. */
export async function readSecretCommand(command: string, limitMs = commandMs): Promise<string> {
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
  // On POSIX a group of its own, so that all of it can be ended.
  const child = spawn(command, { shell: true, stdio, detached: isPosix, windowsHide: true });
  const cut = (): void => {
    endAll(child.pid);
    child.stdout.destroy();
  };
  const timer = setTimeout(cut, limitMs);
  // Ctrl-C reaches our own group only.
  let exit: ExitCode = exitCode.usage;
  const onInterrupt = (): void => {
    exit = exitCode.interrupted;
    cut();
  };
  const onTerminate = (): void => {
    exit = exitCode.terminated;
    cut();
  };
  process.once('SIGINT', onInterrupt).once('SIGTERM', onTerminate);
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) cut();
    else chunks.push(chunk);
  });
  const ended = await new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    child.once('close', (code) => resolve(code === null ? 'killed' : String(code)));
  });
  clearTimeout(timer);
  process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
  if (ended === '0' && bytes <= mostBytes) return Buffer.concat(chunks).toString('utf8');
  throw new Stop('secret/command-failed', exit, { facts: { ended } });
}

function endAll(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    if (isPosix) process.kill(-pid, 'SIGKILL');
    else spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' }).once('error', () => {});
  } catch {
    // It has ended already.
  }
}

let said: Promise<string> | undefined;

/** Standard input can be read once: whoever asks again in this process gets the same. */
export function readSecretStdin(): Promise<string> {
  return (said ??= text(process.stdin));
}
