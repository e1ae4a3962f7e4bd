/** What a trial of the whole program against a failing window needs: a configuration, the window's process, and the program's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onHost } from './other-host.ts';
import type { FaultOptions } from './fault-window.ts';
import type { Manifest } from './manifest.ts';

const root = join(import.meta.dirname, '../..');

export type Promises = {
  readonly settle: number;
  readonly timeout: number;
  readonly keyLife?: number;
  readonly duplicateWindow?: number;
  readonly perSecond?: number;
};

export type FaultWindow = {
  readonly address: string;
  /** Called for each thing that the window saw, by its name. */
  onSeen: (what: string) => void;
  /** From now on few requests fail. */
  readonly mend: () => void;
  /** Resolves once nothing that has arrived is still to be committed. */
  readonly drain: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** The window's own process; `port` 0 takes any. */
export async function startFaultWindow(options: FaultOptions, port = 0): Promise<FaultWindow> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'fault-window.ts'), JSON.stringify(options), String(port)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const window: { address: string; onSeen: (what: string) => void } = {
    address: '',
    onSeen: () => undefined,
  };
  let drained = (): void => undefined;
  await new Promise<void>((resolve, reject) => {
    let rest = '';
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const listening = /^listening (\d+)$/u.exec(line)?.[1];
        if (line === 'drained') drained();
        else if (listening === undefined) window.onSeen(line);
        else {
          window.address = `http://127.0.0.1:${listening}`;
          resolve();
        }
      }
    });
    child.on('exit', () => reject(new Error('the window did not start')));
  });
  const ended = new Promise<void>((resolve) => void child.on('exit', () => resolve()));
  return Object.assign(window, {
    mend: () => void child.stdin.write('mend\n'),
    drain: () =>
      new Promise<void>((resolve) => {
        drained = resolve;
        child.stdin.write('drain\n');
      }),
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  });
}

export type Setting = {
  readonly folder: string;
  readonly address: string;
  readonly kind: FaultOptions['kind'];
  readonly promises: Promises;
  /** The window's token; it lies in a file of its own. */
  readonly canary?: string;
};

/** Writes manifest, token and configuration into the folder. */
export function setUp({ folder, address, kind, promises, canary }: Setting, manifest: Manifest): void {
  const token = canary === undefined ? {} : { tokenFile: 'token' };
  setUpWindow(folder, { address, environment: 'test', kind, perSecond: 0, ...promises, ...token }, manifest, {
    isNamed: canary !== undefined,
  });
  if (canary !== undefined) writeFileSync(join(folder, 'token'), `${canary}\n`, { mode: 0o600 });
}

/** As `windows` of the configuration has it. */
export function setUpWindow(
  folder: string,
  trial: object,
  { files }: Manifest,
  { isNamed = false } = {},
): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, csv } of files) writeFileSync(join(folder, name), csv);
  writeFileSync(
    join(folder, isNamed ? named : 'declarant.config.json'),
    JSON.stringify({ window: 'trial', windows: { trial }, ledger: 'ledger.db' }),
  );
}

/** A configuration that is merely found may name no secret: this one is named on the command line. */
const named = 'trial.config.json';

export type Ended = {
  readonly code: number | null;
  readonly stderr: string;
  /** Both of its streams. */
  readonly printed: string;
};

export type Started = {
  readonly child: ChildProcess;
  /** No code: it was killed. */
  readonly ended: Promise<Ended>;
};

export type StartOptions = {
  readonly results: string;
  readonly files?: readonly string[];
  /** The launcher, ours or a planted copy. */
  readonly program?: string;
  readonly wait?: number;
  /** Besides. */
  readonly words?: readonly string[];
  /** The kernel refuses to let any file grow beyond so many blocks of 512 bytes: a full disk. Not on Windows. */
  readonly fileBlocks?: number | undefined;
  /** Where it believes to be; absent: here. */
  readonly host?: string | undefined;
};

/** `declarant import` of the folder's manifest. */
export function startImport(
  folder: string,
  {
    results,
    files = ['manifest.csv'],
    program = join(root, 'bin/declarant.js'),
    wait = 3,
    words = [],
    fileBlocks,
    host,
  }: StartOptions,
): Started {
  appendFileSync(join(folder, 'window.jsonl'), `${JSON.stringify({ at: Date.now(), type: 'run' })}\n`);
  const flags = ['--yes', '--quiet', '--wait', String(wait), '--out', results, ...words];
  if (existsSync(join(folder, named))) flags.push('--config', named);
  const args = [program, 'import', ...files, ...flags];
  const limited = ['-c', `ulimit -f ${fileBlocks}; exec "$0" "$@"`, process.execPath, ...args];
  const [command, all] = fileBlocks === undefined ? [process.execPath, args] : ['/bin/sh', limited];
  const [started, itsWords] = host === undefined ? [command, all] : onHost(host, command, all);
  const child = spawn(started, itsWords, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      XDG_STATE_HOME: join(folder, 'state'),
      XDG_CONFIG_HOME: join(folder, 'configuration'),
      NODE_COMPILE_CACHE: join(tmpdir(), 'declarant-soak-cache'),
      LANG: 'en_GB.UTF-8',
    },
  });
  let printed = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    stderr += text;
  });
  const ended = new Promise<Ended>(
    (resolve) => void child.on('close', (code) => resolve({ code, stderr, printed })),
  );
  return { child, ended };
}
