/** Runs the program under `strace`: every write, sync and rename in the order in which the kernel saw it, or failures of the disk at the n-th call. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const calls =
  'openat,write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat';

/** Why nothing can be traced here, or nothing. */
export function whyNoTrace(): string | undefined {
  if (process.platform !== 'linux') return 'strace is a tool of Linux';
  const tried = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'trace=none', 'true']);
  if (tried.error !== undefined) return 'strace is not installed';
  return tried.status === 0 ? undefined : 'tracing other processes is not allowed here';
}

export type Traced = { readonly code: number | null; readonly stderr: string };

export type TraceOptions = {
  readonly folder: string;
  /** The words after `node`. */
  readonly words: readonly string[];
  /** Where the trace is written, with all bytes; absent: only failures are injected. */
  readonly trace?: string;
  /** As strace's `-e inject`: `fsync:error=EIO:when=3`. */
  readonly inject?: string;
};

export async function underStrace({ folder, words, trace, inject }: TraceOptions): Promise<Traced> {
  const what =
    trace === undefined
      ? ['-o', '/dev/null', '-e', `trace=${inject?.split(':')[0] ?? 'none'}`]
      : ['-o', trace, '-yy', '-xx', '-s', '8388608', '-e', `trace=${calls}`];
  const failing = inject === undefined ? [] : ['-e', `inject=${inject}`];
  // With its filter in the kernel, strace injects no signals.
  const quick = inject?.includes(':signal=') === true ? [] : ['--seccomp-bpf'];
  const child = spawn('strace', ['-f', ...quick, ...what, ...failing, process.execPath, ...words], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environmentOf(folder),
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((done) => void child.on('close', (code) => done({ code, stderr })));
}

/** Of a user whose home is this folder. */
export function environmentOf(folder: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CONFIG_HOME: join(folder, 'configuration'),
    LANG: 'en_GB.UTF-8',
    // Its renames are none of the program's.
    NODE_DISABLE_COMPILE_CACHE: '1',
  };
}

export type Call =
  | {
      readonly call: 'open';
      readonly fd: number;
      readonly path: string;
      readonly isNew: boolean;
      readonly cuts: boolean;
    }
  | { readonly call: 'write'; readonly fd: number; readonly bytes: Buffer; readonly at: number | undefined }
  | { readonly call: 'cut'; readonly fd: number; readonly length: number }
  | { readonly call: 'sync'; readonly fd: number; readonly path: string }
  | { readonly call: 'rename'; readonly from: string; readonly to: string }
  | { readonly call: 'unlink'; readonly path: string }
  | { readonly call: 'send'; readonly socket: string; readonly bytes: Buffer }
  /** Any of them, where the disk said no. */
  | { readonly call: 'failed'; readonly name: string; readonly path: string };

/**
 * The calls, in an order that favours no one: what changes files or leaves a socket counts from when it was
 * asked for, a sync from when it was answered.
 */
export function callsIn(trace: string, folder: string): readonly Call[] {
  const begun = new Map<string, { readonly text: string; readonly order: number }>();
  const found: { readonly order: number; readonly call: Call }[] = [];
  for (const [order, line] of readFileSync(trace, 'latin1').split('\n').entries()) {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/u.exec(line) ?? [];
    if (rest.endsWith(' <unfinished ...>')) {
      begun.set(pid, { text: rest.slice(0, -' <unfinished ...>'.length), order });
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/u.exec(rest)?.[1];
    const first = resumed === undefined ? undefined : begun.get(pid);
    const text = first === undefined ? rest : first.text + (resumed ?? '');
    const call = callIn(text, folder);
    if (call === undefined) continue;
    const isByEnd = call.call === 'sync' || call.call === 'open';
    found.push({ order: isByEnd ? order : (first?.order ?? order), call });
  }
  return found.toSorted((a, b) => a.order - b.order).map(({ call }) => call);
}

function callIn(text: string, folder: string): Call | undefined {
  const [, name = '', inner = '', result = ''] = /^(\w+)\((.*)\) += (-?\d+)/u.exec(text) ?? [];
  const texts = [...inner.matchAll(/"((?:\\x[0-9a-f]{2})*)"/gu)].map(([, hex = '']) => bytesOf(hex));
  const path = (index: number): string => {
    const named = texts[index]?.toString('utf8') ?? '';
    return named.startsWith('/') ? named : join(folder, named);
  };
  const [, fd = '', kind = ''] = /^(\d+)<([^>]*(?:->[^>]*)?)>/u.exec(inner) ?? [];
  if (name === '') return undefined;
  if (Number(result) < 0)
    return text.endsWith('(INJECTED)')
      ? { call: 'failed', name, path: fd === '' ? path(0) : bytesOf(kind).toString('utf8') }
      : undefined;
  if (name === 'openat')
    return {
      call: 'open',
      fd: Number(result),
      path: path(0),
      isNew: inner.includes('O_CREAT'),
      cuts: inner.includes('O_TRUNC'),
    };
  if (name.startsWith('rename')) return { call: 'rename', from: path(0), to: path(1) };
  if (name.startsWith('unlink')) return { call: 'unlink', path: path(0) };
  const isSocket = kind.startsWith('TCP');
  if (name === 'fsync' || name === 'fdatasync')
    return { call: 'sync', fd: Number(fd), path: bytesOf(kind).toString('utf8') };
  if (name === 'ftruncate')
    return { call: 'cut', fd: Number(fd), length: Number(/(\d+)$/u.exec(inner)?.[1]) };
  const bytes = Buffer.concat(texts).subarray(0, Number(result));
  if (isSocket) return { call: 'send', socket: `${fd} ${kind}`, bytes };
  const at = name.startsWith('pwrite') ? Number(/(\d+)$/u.exec(inner)?.[1]) : undefined;
  return { call: 'write', fd: Number(fd), bytes, at };
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}
