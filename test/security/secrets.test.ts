/** A secret goes to the one window that it is for, and into nothing else. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';
import { putManifest } from '../commands/sandbox-place.ts';
import { startFaultWindow } from '../soak/place.ts';
import { json, serveScript } from '../window/scripted-server.ts';

// Each test starts several processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const canary = 'kanarie-7f3d51c2e9';
const never = new AbortController().signal;
const isPosix = process.platform !== 'win32';
let place: Place;
beforeEach(async () => {
  place = await freshPlace();
  await putManifest(join(place.folder, 'm.csv'), 'slow');
  await writeFile(join(place.folder, 'token'), `${canary}\n`, { mode: 0o600 });
});

/** Files that hold the canary, but for the one that it is read from. */
async function leaks(): Promise<string[]> {
  const names = await readdir(place.folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const each of names) {
    if (!each.isFile() || each.name === 'token') continue;
    const path = join(each.parentPath, each.name);
    if ((await readFile(path)).includes(canary)) found.push(path);
  }
  return found;
}

/** What `ps` shows of every process, where the system tells it as files. */
function shownByPs(): string {
  if (process.platform !== 'linux') return '';
  const all = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  return all
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}

/** What runs in a process group; who has ended and was not buried yet does not. */
function running(group: number): readonly string[] {
  const all = execFileSync('ps', ['-A', '-o', 'pgid=,stat=,comm='], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => new RegExp(`^\\s*${group}\\s+[^Z]`, 'u').test(line));
}

/** The number in a file, once it stands there. */
async function written(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

const lodging = ['import', 'm.csv', '--yes', '--verbose', '--log-file', 'log', '--out', 'out', '--wait', '0'];

async function writeLedger(): Promise<void> {
  const folder = join(place.folder, 'state', 'declarant');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await declarant(place, [...lodging, '--window', 'https://window.invalid']);
}

describe('a token', () => {
  it.skipIf(!isPosix).each([
    ['a file', ['--token-file', 'token']],
    ['a command', ['--token-command', 'cat token']],
    ['standard input', ['--token-file', '-']],
  ])('from %s goes out as Bearer with every request, and into nothing else', async (_from, flags) => {
    const sandbox = place.start(['sandbox', '--store', 'w.db']);
    const address = (await sandbox.prints('\n')).trim();
    const seen = new Set<string | undefined>();
    const between = await serveScript(({ headers }) => {
      seen.add(headers.authorization);
      return json(503, {});
    });
    const told: string[] = [];
    for (const window of [between.address, address]) {
      const started = place.start([
        ...lodging,
        '--window',
        window,
        ...flags,
        '--format',
        'json',
        '--ledger',
        `${window.slice(-4)}.db`,
      ]);
      started.stdin(flags[1] === '-' ? canary : '');
      const { stdout, stderr } = await started.finished;
      told.push(stdout, stderr, shownByPs());
    }
    await between.close();
    sandbox.kill('SIGTERM');
    await sandbox.finished;
    expect([...seen]).toEqual([`Bearer ${canary}`]);
    expect(told.join('\n')).not.toContain(canary);
    expect(await leaks()).toEqual([]);
  });

  it.skipIf(!isPosix).each([
    ['and is renewed by its command', `n=$(cat n || echo 0); echo $((n+1)) > n; echo $token-$n`, 0],
    [
      'and whose command then fails',
      `test -e n && { cat token; cat token >&2; exit 1; }; touch n; cat token`,
      6,
    ],
  ])('that expires in the run %s is in nothing else', async (_how, command, exit) => {
    const log = join(place.folder, 'window.jsonl');
    const window = await startFaultWindow({
      kind: 'key',
      log,
      seed: 1,
      faults: 0,
      lateMs: 0,
      perRequest: 50,
      tokenLife: 2,
    });
    await putManifest(join(place.folder, 'm.csv'));
    const words = [
      'import',
      'm.csv',
      '--yes',
      '--verbose',
      '--log-file',
      'log',
      '--out',
      'out',
      '--window',
      window.address,
    ];
    const script = `token=$(cat token); ${command}`;
    const { code, stdout, stderr } = await declarant(place, [...words, '--token-command', script]);
    await window.close();
    expect(await readFile(log, 'utf8')).toContain('"type":"refused"');
    expect(code).toBe(exit);
    expect(stdout + stderr).not.toContain(canary);
    expect(await leaks()).toEqual([]);
    expect(await readFile(join(place.folder, 'log'), 'utf8')).toContain('"cause":"sign-in"');
  });

  it.each([
    ['refused (401)', 401, 6],
    ['out of reach', 0, 5],
  ])('is told to nobody where the window is %s', async (_how, status, exit) => {
    const server = await serveScript(() => json(status, { token: 'x' }));
    if (status === 0) await server.close();
    const words = [...lodging, '--window', server.address, '--token-file', 'token', '--format', 'json'];
    // What Node tells for finding faults is told about other things.
    const env = { NODE_DEBUG: 'child_process,fetch,http,https,net,stream,tls,undici' };
    const { code, stdout, stderr } = await declarant(place, words, env);
    if (status !== 0) await server.close();
    expect(code).toBe(exit);
    expect(stdout + stderr).not.toContain(canary);
    expect(await leaks()).toEqual([]);
  });

  it.skipIf(!isPosix).each([0o640, 0o604, 0o666])('is refused from a file of mode %o', async (mode) => {
    await chmod(join(place.folder, 'token'), mode);
    const words = ['reconcile', '--window', 'https://window.invalid', '--token-file', 'token'];
    await writeLedger();
    const { code, stderr } = await declarant(place, words);
    expect(code).toBe(2);
    expect(stderr).toContain('secret/open-to-others');
    expect(stderr).toContain('chmod 600');
  });

  it.each([
    ['two lines', 'a\nb\n'],
    ['a line break that would begin a header', `${canary}\r\nX-Evil: 1`],
    ['nothing', ''],
    ['letters that no header holds', '令牌'],
  ])('of %s is refused, and not repeated', async (_what, text) => {
    await writeFile(join(place.folder, 'token'), text, { mode: 0o600 });
    const words = [...lodging, '--window', 'https://window.invalid', '--token-file', 'token'];
    const { code, stdout, stderr } = await declarant(place, words);
    expect(code).toBe(2);
    expect(stderr).toContain('secret/not-a-token');
    expect(stdout + stderr).not.toContain(canary);
  });

  it.skipIf(!isPosix)('whose command fails is told without what the command printed', async () => {
    const command = `cat token; cat token >&2; exit 7`;
    const words = [...lodging, '--window', 'https://window.invalid', '--token-command', command];
    const { code, stdout, stderr } = await declarant(place, words);
    expect(code).toBe(2);
    expect(stderr).toContain('secret/command-failed');
    expect(stdout + stderr).not.toContain(canary);
  });

  it.skipIf(!isPosix)(
    'whose command hangs is given up with Ctrl-C, and all that it started ends',
    async () => {
      const command = "trap '' TERM INT; echo $$ > pid; sleep 1000; true";
      const started = place.start([
        ...lodging,
        '--window',
        'https://window.invalid',
        '--token-command',
        command,
      ]);
      const pid = await written(join(place.folder, 'pid'));
      started.kill('SIGINT');
      const { code } = await started.finished;
      expect(code).toBe(130);
      expect(running(pid)).toEqual([]);
    },
  );

  it('from standard input is known for as long as `watch` runs', async () => {
    const seen: (string | undefined)[] = [];
    const enough = Promise.withResolvers<void>();
    const server = await serveScript(({ headers }) => {
      seen.push(headers.authorization);
      if (seen.length === 3) enough.resolve();
      return json(503, {});
    });
    await declarant(place, [...lodging, '--window', server.address, '--token-file', 'token']);
    seen.length = 0;
    const words = ['watch', '--window', server.address, '--token-file', '-', '--every', '1'];
    const watch = place.start(words);
    watch.stdin(`${canary}\n`);
    await enough.promise;
    watch.kill('SIGTERM');
    const { code, stdout, stderr } = await watch.finished;
    await server.close();
    expect(code).toBe(143);
    expect(new Set(seen)).toEqual(new Set([`Bearer ${canary}`]));
    expect(stdout + stderr).not.toContain(canary);
  });

  it.skipIf(!isPosix).each([
    ['a folder', 'mkdir token2', 'secret/not-a-file'],
    ['a pipe that nobody writes to', 'mkfifo token2', 'secret/not-a-file'],
    ['nothing', 'true', 'secret/unreadable'],
    ['a file without end', 'ln -s /dev/zero token2', 'secret/not-a-file'],
    ['a large file', 'head -c 70000 /dev/zero > token2; chmod 600 token2', 'secret/too-large'],
  ])('is not read from %s, and nothing hangs', async (_what, make, code) => {
    execFileSync('/bin/sh', ['-c', make], { cwd: place.folder });
    const words = [...lodging, '--window', 'https://window.invalid', '--token-file', 'token2'];
    const told = await declarant(place, words);
    expect([told.code, told.stderr.includes(code)]).toEqual([2, true]);
  });

  it('is no flag', async () => {
    const { code, stderr } = await declarant(place, ['import', 'm.csv', '--token', 'x']);
    expect(code).toBe(2);
    expect(stderr).toContain('usage/unknown-option');
  });

  it('follows no redirect', async () => {
    const asked: unknown[] = [];
    const other = await serveScript(({ headers }) => {
      asked.push(headers);
      return json(200, {});
    });
    const server = await serveScript(({ path }) => ({
      status: 307,
      headers: { location: `${other.address}${path}` },
      body: '',
    }));
    const window = openHttpLodgement({ name: 'w', address: server.address, access: { token: canary } });
    const stop: unknown = await window.limits(never).catch((error: unknown) => error);
    await window.close();
    await server.close();
    await other.close();
    expect(stop).toMatchObject({ name: 'Stop', exit: 5 });
    expect(asked).toEqual([]);
  });

  it('in the address of a window is refused before anything is opened', async () => {
    const words = [...lodging, '--window', `https://user:${canary}@window.invalid`];
    const { code, stdout, stderr } = await declarant(place, words);
    expect(code).toBe(2);
    expect(stderr).toContain('window/address-unusable');
    expect(stdout + stderr).not.toContain(canary);
    expect(await leaks()).toEqual([]);
  });
});

const config = (content: unknown) =>
  writeFile(join(place.folder, 'declarant.config.json'), JSON.stringify(content));

describe('what lies in the current folder', () => {
  const address = 'https://window.invalid';

  it.each(['tokenFile', 'tokenCommand', 'clientKey'])('may not say where a secret is (%s)', async (key) => {
    await config({ windows: { office: { address, [key]: 'touch ran' } } });
    const { code, stderr } = await declarant(place, ['check', 'm.csv']);
    expect(code).toBe(2);
    expect(stderr).toContain('config/secret-in-found-file');
    expect((await readdir(place.folder)).includes('ran')).toBe(false);
  });

  it('may say so where --config names it', async () => {
    await config({ windows: { office: { address, tokenFile: 'token' } } });
    const { settings } = loadConfig({
      flags: new Map([['config', 'declarant.config.json']]),
      env: { HOME: place.folder },
      cwd: place.folder,
    });
    expect(settings.windows['office']?.tokenFile).toBe(join(place.folder, 'token'));
  });

  it.each([
    ['a window of its own', { windows: { office: { address } } }, ['--window', 'office']],
    ['an address', { window: address }, []],
  ])('does not get a token for %s', async (_what, content, words) => {
    await config(content);
    const { code, stderr } = await declarant(place, [...lodging, ...words], {
      DECLARANT_TOKEN_FILE: 'token',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('secret/found-address');
  });

  it('does not mix its address with the secrets of a window that the user has', () => {
    const user = join(place.folder, '.config', 'declarant');
    const load = async () => {
      await mkdir(user, { recursive: true });
      const own = { address: 'https://real.example', tokenCommand: 'cat token' };
      await writeFile(join(user, 'config.json'), JSON.stringify({ windows: { office: own } }));
      await config({ windows: { office: { address } } });
      return loadConfig({ flags: new Map(), env: { HOME: place.folder }, cwd: place.folder });
    };
    return expect(load().then(({ settings }) => settings.windows['office'])).resolves.toEqual({ address });
  });
});

describe('the environment', () => {
  it('cannot switch verification off', async () => {
    const words = [...lodging, '--window', 'https://window.invalid'];
    const { code, stderr } = await declarant(place, words, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(code).toBe(2);
    expect(stderr).toContain('secret/verification-off');
  });

  it('cannot put a proxy between', async () => {
    const asked: string[] = [];
    const proxy = await serveScript(({ path }) => {
      asked.push(path);
      return json(200, {});
    });
    const { address } = proxy;
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
    const { code } = await declarant(
      place,
      ['import', 'm.csv', '--wait', '0', '--quiet'],
      Object.fromEntries([...names.map((name) => [name, address]), ['NODE_USE_ENV_PROXY', '1']]),
    );
    await proxy.close();
    expect(code).toBe(0);
    expect(asked).toEqual([]);
  });
});

it.skipIf(!isPosix).each([
  ['000', 0o000],
  ['022', 0o022],
  ['077', 0o077],
])('keeps everything that is remembered to its owner, under the umask %s', async (_, umask) => {
  const inClient = ['--window', 'cn-client', '--root', 'client', '--yes'];
  const folders = ['OutBox', 'SentBox', 'InBox', 'FailBox'].map((name) => join(place.folder, 'client', name));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const before = process.umask(umask);
  try {
    const lodging = ['import', 'm.csv', '--wait', '0', '--quiet', '--log-file', 'log'];
    expect((await declarant(place, lodging)).code).toBe(0);
    expect((await declarant(place, [...lodging, ...inClient])).code).toBe(0);
    for (const words of [
      ['watch', '--once'],
      ['ledger', 'backup', 'copy.db'],
    ])
      await declarant(place, words);
  } finally {
    process.umask(before);
  }
  const state = join(place.folder, 'state', 'declarant');
  const files = readdirSync(state).map((name) => join(state, name));
  expect(files.map((file) => basename(file).replace(/-[0-9a-f]{12}/u, ''))).toEqual(
    expect.arrayContaining([
      'cn-client.db',
      'ledger.db',
      'ledger.db.guard',
      'sandbox-window.db',
      'watched.ndjson',
    ]),
  );
  expect(statSync(state).mode & 0o777).toBe(0o700);
  const kept = [...files, join(place.folder, 'log'), join(place.folder, 'copy.db')];
  expect(kept.filter((file) => (statSync(file).mode & 0o077) !== 0)).toEqual([]);
});
