/** What a trial of the whole program against a failing window needs: a manifest, a configuration, the window's process, and the program's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultOptions } from './fault-window.ts';
import type { Campaign } from './checker.ts';

const root = join(import.meta.dirname, '../..');
const fixture = readFileSync(join(root, 'fixtures/manifests/dalian-air-imports-utf8.csv'), 'utf8').replace(
  /^\ufeff/u,
  '',
);
const [header = '', ...bodyLines] = fixture.split(/\r?\n/u).filter((line) => line !== '');
const columns = header.split(',');
const weightColumn = columns.indexOf('毛重（千克）');

/** The rows of one declaration of the fixture, the shortest there is, without its reference. No cell of it holds a quote. */
const template: readonly string[] = (() => {
  const groups = new Map<string, string[]>();
  for (const line of bodyLines) {
    const at = line.indexOf(',');
    const ref = line.slice(0, at);
    groups.set(ref, [...(groups.get(ref) ?? []), line.slice(at)]);
  }
  const plain = [...groups.values()].filter((lines) => lines.every((line) => !line.includes('"')));
  return plain.toSorted((a, b) => a.length - b.length)[0] ?? [];
})();

export type Manifest = { readonly csv: string; readonly rows: Campaign['rows'] };

/** As many declarations as asked for; each `flawedEvery`th weighs less gross than net, which the program must see. */
export function manifest(declarations: number, { prefix = 'SOAK', flawedEvery = 0 } = {}): Manifest {
  const lines: string[] = [];
  const rows: Campaign['rows'][number][] = [];
  for (let index = 0; index < declarations; index += 1) {
    const ref = `${prefix}${String(index).padStart(6, '0')}`;
    const isFlawed = flawedEvery > 0 && index % flawedEvery === flawedEvery - 1;
    for (const line of template) {
      rows.push({ line: lines.length + 2, ref, isFlawed });
      const cells = line.split(',');
      if (isFlawed) cells[weightColumn] = '0.01';
      lines.push(ref + cells.join(','));
    }
  }
  return { csv: `${[header, ...lines].join('\n')}\n`, rows };
}

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
  readonly close: () => Promise<void>;
};

/** The window's own process; `port` 0 takes any. */
export async function startFaultWindow(options: FaultOptions, port = 0): Promise<FaultWindow> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'fault-window.ts'), JSON.stringify(options), String(port)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const window: { address: string; onSeen: (what: string) => void } = {
    address: '',
    onSeen: () => undefined,
  };
  await new Promise<void>((resolve, reject) => {
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const listening = /^listening (\d+)$/u.exec(line)?.[1];
        if (listening === undefined) window.onSeen(line);
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
    mend: () => void child.kill('SIGUSR2'),
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
};

/** Writes manifest and configuration into the folder. */
export function setUp({ folder, address, kind, promises }: Setting, { csv }: Manifest): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'manifest.csv'), csv);
  const trial = { address, environment: 'test', kind, perSecond: 0, ...promises };
  writeFileSync(
    join(folder, 'declarant.config.json'),
    JSON.stringify({ window: 'trial', windows: { trial }, ledger: 'ledger.db' }),
  );
}

export type Started = {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
};

/** `declarant import manifest.csv`; `program` is the launcher, ours or a planted copy. */
export function startImport(
  folder: string,
  {
    results,
    program = join(root, 'bin/declarant.js'),
    wait = 3,
    words = [] as readonly string[],
  }: { results: string; program?: string; wait?: number; words?: readonly string[] },
): Started {
  appendFileSync(join(folder, 'window.jsonl'), `${JSON.stringify({ at: Date.now(), type: 'run' })}\n`);
  const args = [
    program,
    'import',
    'manifest.csv',
    '--yes',
    '--quiet',
    '--wait',
    String(wait),
    '--out',
    results,
    ...words,
  ];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      XDG_STATE_HOME: join(folder, 'state'),
      XDG_CONFIG_HOME: join(folder, 'configuration'),
      NODE_COMPILE_CACHE: join(tmpdir(), 'declarant-soak-cache'),
      LANG: 'en_GB.UTF-8',
    },
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<{ code: number | null; stderr: string }>(
    (resolve) => void child.on('close', (code) => resolve({ code, stderr })),
  );
  return { child, ended };
}
