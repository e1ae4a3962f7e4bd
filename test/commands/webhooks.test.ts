/** Webhooks from end to end: the sandbox window tells, `declarant watch --listen` hears, looks, and prints. */
import { chmod, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';
import { secretText } from '../window/webhook-receiver.ts';
import { manifestText, putManifest } from './sandbox-place.ts';

vi.setConfig({ testTimeout: 120_000 });

const isPosix = process.platform !== 'win32';
const signed = ['--webhook-secret-file', 'secret'];

async function place(): Promise<Place> {
  const made = await freshPlace();
  await writeFile(join(made.folder, 'secret'), `${secretText}\n`, { mode: 0o600 });
  return made;
}

it('an event is printed when it happens, long before the next look is due, and the secret stands nowhere', async () => {
  const here = await place();
  await putManifest(join(here.folder, 'first.csv'), 'held-payment');
  const later = await manifestText('held-payment', (row, header) =>
    row.with(header.indexOf('业务编号'), `L${row[header.indexOf('业务编号')] ?? ''}`),
  );
  await writeFile(join(here.folder, 'later.csv'), later);
  const plain = here.start(['sandbox', '--store', 'w.db']);
  const address = (await plain.prints('\n')).trim();
  const lodging = ['--window', address, '--yes', '--wait', '0', '--ledger', 'l.db'];
  await declarant(here, ['import', 'first.csv', ...lodging]);
  plain.kill('SIGTERM');
  await plain.finished;

  const watching = [
    'watch',
    '--window',
    address,
    '--ledger',
    'l.db',
    '--every',
    '86400',
    '--format',
    'ndjson',
  ];
  const watch = here.start([...watching, '--listen', '0', ...signed], { LANG: 'en_GB.UTF-8' });
  const listening =
    /http:\/\/127\.0\.0\.1:\d+/u.exec(await watch.tells('hearing webhooks at http'))?.[0] ?? '';
  const port = new URL(address).port;
  const sandbox = here.start([
    'sandbox',
    '--store',
    'w.db',
    '--port',
    port,
    '--webhook',
    listening,
    ...signed,
  ]);
  await sandbox.prints('\n');
  // The watcher may have the ledger just then: run again, as the message says.
  let lodged = 11;
  while (lodged === 11) lodged = (await declarant(here, ['import', 'later.csv', ...lodging])).code ?? 1;
  expect(lodged).toBe(0);
  const printed = await watch.prints('"event":"tax');
  expect(printed).toContain('"event":"accepted"');
  for (const each of [watch, sandbox]) each.kill('SIGTERM');
  const told = await Promise.all([watch.finished, sandbox.finished]);
  expect(told.map(({ code }) => code)).toEqual([143, 143]);
  const secret = secretText.slice('whsec_'.length);
  for (const { stdout, stderr } of told) expect(stdout + stderr).not.toContain(secret);
  expect(await holding(here.folder, secret)).toEqual([]);
});

/** Files that hold a text, but for the one that it is read from. */
async function holding(folder: string, text: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile() && each.name !== 'secret');
  const paths = files.map((each) => join(each.parentPath, each.name));
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  return paths.filter((_, index) => contents[index]?.includes(text) === true);
}

it.each([
  [['sandbox', '--webhook', 'http://127.0.0.1:9'], 'secret/no-webhook-secret'],
  [['sandbox', '--webhook', 'http://elsewhere.invalid', ...signed], 'window/webhook-unusable'],
  [['watch', '--listen', '0'], 'secret/no-webhook-secret'],
  [['watch', '--listen', '70000', ...signed], 'usage/invalid-value'],
])('%j is refused: %s', async (words, code) => {
  const told = await declarant(await place(), words);
  expect([told.code, told.stderr.includes(code)]).toEqual([2, true]);
});

it('a secret that is none is refused, and not repeated', async () => {
  const here = await place();
  await writeFile(join(here.folder, 'secret'), 'kanarie-words');
  const { code, stdout, stderr } = await declarant(here, ['watch', '--listen', '0', ...signed]);
  expect([code, stderr.includes('secret/not-a-webhook-secret')]).toEqual([2, true]);
  expect(stdout + stderr).not.toContain('kanarie');
});

it.skipIf(!isPosix)('a secret that others may read is refused', async () => {
  const here = await place();
  await chmod(join(here.folder, 'secret'), 0o644);
  const { code, stderr } = await declarant(here, ['sandbox', '--webhook', 'http://127.0.0.1:9', ...signed]);
  expect([code, stderr.includes('secret/open-to-others')]).toEqual([2, true]);
});
