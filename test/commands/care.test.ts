/** Looking after what was lodged: reconcile, cancel, the log, the limit of errors, and the ledger as a whole. */
import { appendFile, chmod, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';
import { lastRun, manifestText, putManifest } from './sandbox-place.ts';

// Each test starts several processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

async function lodged(word?: string, ...flags: readonly string[]): Promise<Place> {
  const place = await freshPlace();
  await putManifest(join(place.folder, 'm.csv'), word);
  await declarant(place, ['import', 'm.csv', '--wait', word === 'slow' ? '0' : '20', '--quiet', ...flags]);
  return place;
}

async function json(place: Place, ...words: readonly string[]) {
  const { stdout, stderr, code } = await declarant(place, [...words, '--format', 'json']);
  return { code, stderr, told: JSON.parse(stdout) };
}

async function runOf(place: Place): Promise<string> {
  return lastRun((await declarant(place, ['status', '--format', 'json'])).stdout);
}

describe('declarant reconcile', () => {
  it('says that nothing is open where nothing was ever lodged', async () => {
    const { code, stdout } = await declarant(await freshPlace(), ['reconcile']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing is open.\n' });
  });

  it('exits with 9 for that, where it is asked to', async () => {
    expect((await declarant(await freshPlace(), ['reconcile', '--error-on-empty'])).code).toBe(9);
  });

  it('asks about what waits, and exits with 0 while nothing is unknown', async () => {
    const { code, told } = await json(await lodged('slow'), 'reconcile');
    expect(code).toBe(0);
    expect(told).toMatchObject({ type: 'reconcile', unknown: 0, exit: 0 });
    expect(told.declarations).toHaveLength(10);
  });

  it('exits with 5 where the window cannot be reached', async () => {
    const place = await freshPlace();
    await putManifest(join(place.folder, 'm.csv'), 'slow');
    const sandbox = place.start(['sandbox', '--store', 'w.db']);
    const address = (await sandbox.prints('\n')).trim();
    await declarant(place, ['import', 'm.csv', '--window', address, '--yes', '--wait', '0', '--quiet']);
    sandbox.kill('SIGTERM');
    await sandbox.finished;
    expect((await declarant(place, ['reconcile', '--window', address])).code).toBe(5);
  });
});

describe('declarant cancel', () => {
  it('shows the plan, asks nobody where nobody sits there, and cancels nothing', async () => {
    const place = await lodged('held-payment');
    const { code, stdout, stderr } = await declarant(place, ['cancel', '--run', await runOf(place)]);
    expect(code).toBe(2);
    expect(stdout).toContain('10 declarations to cancel');
    expect(stderr).toContain('run/needs-agreement');
    // Some may still be on their way from accepted to held; none is cancelled.
    const { accepted = 0, held = 0, ...others } = (await json(place, 'status')).told.counts;
    expect({ lodged: accepted + held, others }).toEqual({ lodged: 10, others: {} });
  });

  it('cancels what the window allows, once, and says so the second time', async () => {
    const place = await lodged('held-payment');
    const run = await runOf(place);
    const first = await json(place, 'cancel', '--run', run, '--yes');
    expect(first.code).toBe(0);
    expect(first.told.answers.map(({ kind }: { kind: string }) => kind)).toEqual(Array(10).fill('cancelled'));
    expect((await json(place, 'status')).told.counts).toEqual({ cancelled: 10 });
    const again = await json(place, 'cancel', '--run', run, '--yes');
    expect(again).toMatchObject({ code: 0, told: { plan: [], answers: [] } });
    expect(again.told.cannot[0]).toMatchObject({ why: 'cancelled' });
  });

  it('lists what cannot be cancelled, and leaves it as it was', async () => {
    const place = await lodged('reject');
    const { code, told } = await json(place, 'cancel', '--run', await runOf(place), '--yes');
    expect(code).toBe(1);
    expect(told.plan).toEqual([]);
    expect(told.cannot).toHaveLength(10);
    expect(told.cannot[0]).toMatchObject({ state: 'rejected', why: 'rejected' });
    expect((await json(place, 'status')).told.counts).toEqual({ rejected: 10 });
  });

  it('names the runs where the run is not one of this ledger', async () => {
    const { code, stderr } = await declarant(await lodged('slow'), [
      'cancel',
      '--run',
      '20200101-000000-aaaa',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('usage/unknown-run');
  });
});

const wrong = (share: number) =>
  manifestText(undefined, (row, header, index) =>
    index % 4 === 0 && index / 4 < share ? row.with(header.indexOf('启运国（地区）'), '没有的国家') : row,
  );

describe('--max-errors', () => {
  it.each([
    ['1', 2, 1],
    ['10%', 2, 1],
    ['2', 2, undefined],
    ['20%', 2, undefined],
  ])('%s with %i of 10 wrong', async (limit, share, stopped) => {
    const place = await freshPlace();
    const text = await wrong(share);
    await writeFile(join(place.folder, 'm.csv'), text);
    const { told: checked } = await json(place, 'check', 'm.csv');
    expect(checked.summary.byOutcome['set-aside'].declarations).toBe(share);
    const { stderr, code } = await declarant(place, [
      'import',
      'm.csv',
      '--max-errors',
      limit,
      '--wait',
      '20',
    ]);
    expect(code).toBe(1);
    expect(stderr.includes('run/too-many-errors')).toBe(stopped === 1);
    const { counts } = (await json(place, 'status')).told;
    expect(Object.keys(counts).length > 0).toBe(stopped === undefined);
  });

  it('refuses what is neither a number nor a percentage, before anything is read', async () => {
    const { code, stderr } = await declarant(await freshPlace(), ['import', 'm.csv', '--max-errors', '101%']);
    expect(code).toBe(2);
    expect(stderr).toContain('--max-errors');
  });
});

const events = async (file: string) =>
  (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('--log-file', () => {
  it('gets a line for each attempt, between the first and the last, and no value of the manifest', async () => {
    const place = await lodged(undefined, '--log-file', '日志.jsonl');
    const file = join(place.folder, '日志.jsonl');
    const told = await events(file);
    expect(told.map(({ event }) => event)).toEqual([
      'command-start',
      'run-start',
      'attempt',
      'run-end',
      'command-end',
    ]);
    expect(told[2]).toMatchObject({ declarations: 10, answered: 10, notSent: 0, cannotKnow: 0 });
    expect(told[4]).toMatchObject({ exit: 0 });
    const text = await readFile(file, 'utf8');
    const cells = (await manifestText()).split('\n').flatMap((line) => line.slice(1, -1).split('","'));
    expect(cells.filter((cell) => cell.length > 5 && text.includes(cell))).toEqual([]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('is appended to, and may be rotated away between two runs', async () => {
    const place = await lodged(undefined, '--log-file', 'log');
    const file = join(place.folder, 'log');
    await rename(file, `${file}.1`);
    await declarant(place, ['reconcile', '--log-file', 'log']);
    await declarant(place, ['reconcile', '--log-file', 'log']);
    expect(await events(`${file}.1`)).toHaveLength(5);
    expect((await events(file)).map(({ event }) => event)).toEqual([
      'command-start',
      'reconciled',
      'command-end',
      'command-start',
      'reconciled',
      'command-end',
    ]);
  });

  it('tells a run that was stopped by its code', async () => {
    const place = await freshPlace();
    await declarant(place, ['import', 'missing.csv', '--log-file', 'log']);
    const last = (await events(join(place.folder, 'log'))).at(-1);
    expect(last).toMatchObject({ event: 'command-end', code: expect.stringMatching(/^[a-z]+\/[a-z-]+$/u) });
    expect(last.exit).toBeGreaterThan(0);
  });

  it.skipIf(process.platform === 'win32')('is never written through a link', async () => {
    const place = await freshPlace();
    await writeFile(join(place.folder, 'victim'), 'mine');
    await symlink('victim', join(place.folder, 'log'));
    const { code, stderr } = await declarant(place, ['reconcile', '--log-file', 'log']);
    expect(code).toBe(2);
    expect(stderr).toContain('run/cannot-log');
    expect(await readFile(join(place.folder, 'victim'), 'utf8')).toBe('mine');
  });
});

describe('declarant ledger', () => {
  it('proves a sound ledger, and exits with 74 for a damaged one', async () => {
    const place = await lodged('slow');
    const file = join(place.folder, 'state', 'declarant', 'ledger.db');
    expect((await json(place, 'ledger', 'verify')).told).toEqual({ declarations: 10, findings: [] });
    const bytes = await readFile(file);
    const at = bytes.indexOf('DLKQ');
    expect(at).toBeGreaterThan(0);
    bytes[at] = 0x58;
    await writeFile(file, bytes);
    const { code, stdout } = await declarant(place, ['ledger', 'verify']);
    expect(code).toBe(74);
    expect(stdout).toContain('damaged');
  });

  it('exports every row as a line of JSON, to a file or to standard output', async () => {
    const place = await lodged('slow');
    const { stdout, stderr, code } = await declarant(place, ['ledger', 'export']);
    expect(code).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.filter(({ table }) => table === 'declarations')).toHaveLength(10);
    expect(stderr).toContain(`Exported ${rows.length} lines`);
    await declarant(place, ['ledger', 'export', '导出.ndjson']);
    expect(await readFile(join(place.folder, '导出.ndjson'), 'utf8')).toBe(stdout);
  });

  it('backs up into a file that did not exist, and into no other', async () => {
    const place = await lodged('slow');
    expect((await declarant(place, ['ledger', 'backup', 'copy.db'])).code).toBe(0);
    const again = await declarant(place, ['ledger', 'backup', 'copy.db']);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('ledger/backup-exists');
    const verified = await json(place, 'ledger', 'verify', '--ledger', 'copy.db');
    expect(verified.told).toEqual({ declarations: 10, findings: [] });
  });

  it('moves it, and lodges nothing any more with what stays behind', async () => {
    const place = await lodged('slow');
    const old = join(place.folder, 'state', 'declarant', 'ledger.db');
    expect((await declarant(place, ['ledger', 'move', '新家/台账.db'])).code).toBe(0);
    const stopped = await declarant(place, ['import', 'm.csv', '--quiet']);
    expect(stopped.code).toBe(2);
    expect(stopped.stderr).toContain('ledger/moved');
    expect(stopped.stderr).toContain('新家/台账.db');
    const left = await json(place, 'status');
    expect(left).toMatchObject({ code: 0, told: { movedTo: { place: expect.stringContaining('新家') } } });
    expect((await declarant(place, ['status'])).stdout).toContain('moved to');
    expect((await declarant(place, ['report', '--run', await runOf(place)])).code).toBe(0);
    const there = ['--ledger', '新家/台账.db'];
    expect((await json(place, 'reconcile', ...there)).told.declarations).toHaveLength(10);
    expect((await declarant(place, ['ledger', 'move', old, ...there])).code).toBe(0);
    expect((await declarant(place, ['reconcile'])).code).toBe(0);
  });

  it('removes nothing before somebody agreed, and then what is old and decided', async () => {
    const place = await lodged('reject');
    const today = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const unasked = await declarant(place, ['ledger', 'purge', '--older-than', '0d']);
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain('run/needs-agreement');
    const { code, told } = await json(place, 'ledger', 'purge', '--older-than', '0d', '--yes');
    expect(code).toBe(0);
    expect(told).toMatchObject({ declarations: 10 });
    expect((await declarant(place, ['ledger', 'purge', '--older-than', today, '--yes'])).code).toBe(2);
  });

  it.each([['vacuum'], ['purge'], ['backup'], ['move'], ['purge', '--older-than', '3 weeks']])(
    'refuses "%s %s %s" with a hint',
    async (...words) => {
      const { code, stderr } = await declarant(await freshPlace(), ['ledger', ...words.filter(Boolean)]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/usage\/(?:invalid-value|missing-argument)/u);
    },
  );

  it.skipIf(process.platform === 'win32')('is refused where others may write it', async () => {
    const place = await lodged('slow');
    await chmod(join(place.folder, 'state', 'declarant', 'ledger.db'), 0o666);
    const { code, stderr } = await declarant(place, ['reconcile']);
    expect(code).toBe(2);
    expect(stderr).toContain('ledger/open-to-others');
  });
});

describe('one run for each ledger', () => {
  it('lets the second one go at once with 11, and says who holds it since when', async () => {
    const place = await freshPlace();
    await putManifest(join(place.folder, 'm.csv'), 'slow');
    const first = place.start(['import', 'm.csv', '--wait', '600', '--progress', 'plain']);
    await first.tells('waiting');
    await appendFile(join(place.folder, 'm.csv'), '');
    const second = await declarant(place, ['import', 'm.csv', '--quiet']);
    expect(second.code).toBe(11);
    expect(second.stderr).toMatch(/ledger\/locked/u);
    expect(second.stderr).toMatch(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} \+08:00/u);
    first.kill('SIGKILL');
    await first.finished;
    expect((await declarant(place, ['reconcile'])).code).toBe(0);
  });
});
