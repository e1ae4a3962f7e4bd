/** The ledger's care covers the import client's journal: proved, backed up and purged with it. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSimulator } from '../../src/window/cn-client/simulator.ts';
import { declarant as runCli, type Finished, type Place, placeIn } from '../cli/run-cli.ts';

const manifest = join(import.meta.dirname, '../../fixtures/manifests/dalian-air-imports.xlsx');
let place: Place;
let root = '';
let ledger = '';
let copies = 0;

function declarant(...words: readonly string[]): Promise<Finished> {
  return runCli(place, [...words, '--window', 'cn-client', '--root', root, '--lang', 'en']);
}

function lodge(file: string): Promise<Finished> {
  const out = ['--out', join(place.folder, `out${(copies += 1)}`), '--report', 'none'];
  return declarant('import', manifest, '--yes', '--wait', '0', '--ledger', file, ...out);
}

const outBox = (): readonly string[] => readdirSync(join(root, 'OutBox'));
const journalIn = (folder: string): string =>
  join(folder, readdirSync(folder).find((name) => /cn-client-[0-9a-f]{12}\.db$/u.test(name)) ?? 'none');

/** A copy of the ledger with its journal, in a folder of its own. */
async function backup(): Promise<{
  readonly file: string;
  readonly journal: string;
  readonly told: Finished;
}> {
  const folder = mkdtempSync(join(place.folder, 'copy-'));
  const file = join(folder, '备份.db');
  const told = await declarant('ledger', 'backup', file, '--ledger', ledger);
  return { file, journal: journalIn(folder), told };
}

function change(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

const rows = (file: string, sql: string): readonly unknown[] => {
  const db = new DatabaseSync(file, { readOnly: true });
  const found = db.prepare(sql).all();
  db.close();
  return found;
};

beforeAll(async () => {
  place = placeIn(mkdtempSync(join(tmpdir(), 'declarant-test-')));
  root = join(place.folder, 'ImpPath', 'DecCus001');
  ledger = join(place.folder, 'ledger', 'ledger.db');
  let ms = 0;
  const simulator = openSimulator({ root, now: () => new Date(ms), seed: 'one', order: 'wild' });
  await lodge(ledger);
  ms = Date.now() + 1_000;
  for (let second = 0; second < 90; second += 1) {
    simulator.tick();
    ms += 1_000;
  }
  await declarant('watch', '--once', '--ledger', ledger);
}, 120_000);
afterAll(() => rmSync(place.folder, { recursive: true, force: true }));

describe('ledger backup', () => {
  it('copies the journal beside the copy, where it is found by its name', async () => {
    const { file, journal, told } = await backup();
    expect(told.code).toBe(0);
    expect(told.stdout).toContain(journal);
    const verified = await declarant('ledger', 'verify', '--ledger', file, '--format', 'json');
    expect(JSON.parse(verified.stdout)).toMatchObject({
      findings: [],
      client: { file: journal, findings: [], messages: expect.any(Number) },
    });
    expect((await lodge(file)).code).toBe(0);
    expect(outBox()).toEqual([]);
  }, 60_000);

  it('goes back to its usual name when it is moved to its new place', async () => {
    const { file } = await backup();
    const home = join(mkdtempSync(join(place.folder, 'home-')), 'ledger.db');
    const moved = await declarant('ledger', 'move', home, '--ledger', file);
    expect(moved.code).toBe(0);
    expect(journalIn(join(home, '..'))).toMatch(/[/\\]cn-client-[0-9a-f]{12}\.db$/u);
    expect((await declarant('ledger', 'verify', '--ledger', home)).stdout).toContain('journal is sound');
  }, 60_000);
});

describe('ledger verify', () => {
  it.each([
    ['a message that was cut off', 'update sent set message = substr(message, 1, 400) where id = 2'],
    [
      'a message under the number of another',
      'update sent set client_seq_no = (select client_seq_no from sent where id = 2) where id = 1',
    ],
    ['a number that points to nothing', 'delete from sent where id = 3'],
    ['a receipt file that is gone', "insert into waiting (file, word) values ('InBox/none.xml', '{}')"],
    ['a source that is gone', "insert into source values (1, 'none', 'InBox/none.xml')"],
    ['our own word that is gone', "delete from feed where receipt like 'OutBox:%' and sent = 1"],
  ])(
    'finds %s',
    async (_, sql) => {
      const { file, journal } = await backup();
      change(journal, sql);
      const told = await declarant('ledger', 'verify', '--ledger', file);
      expect(told.code).toBe(74);
      expect(told.stdout).toContain("The import client's journal is damaged");
    },
    60_000,
  );

  it('finds that the journal is not there', async () => {
    const { file, journal } = await backup();
    rmSync(journal);
    const told = await declarant('ledger', 'verify', '--ledger', file, '--format', 'json');
    expect(told.code).toBe(74);
    expect(JSON.parse(told.stdout)).toMatchObject({ client: { findings: ['not there'] } });
  }, 60_000);
});

describe('ledger purge', () => {
  const purge = (file: string): Promise<Finished> =>
    declarant('ledger', 'purge', '--older-than', '0d', '--yes', '--ledger', file, '--format', 'json');

  it('removes what messages and receipts said from the file, and nothing is sent or taken twice', async () => {
    const { file, journal } = await backup();
    const kept = 'select key, digest, client_seq_no, stem, batch, phase, at from sent';
    const tables = [
      kept,
      'select * from number',
      'select name from file',
      'select sent, receipt, state from feed',
    ];
    const before = tables.map((sql) => rows(journal, sql));
    const { client } = JSON.parse((await purge(file)).stdout) as { client: Record<string, number> };
    expect(client['messages']).toBe(before[0]?.length);
    expect(client['files']).toBeGreaterThan(0);
    expect(tables.map((sql) => rows(journal, sql))).toEqual(before);
    const bytes = readFileSync(journal);
    expect(
      ['<DecMessage', '<TradeName>', '<NOTE>', 'CHANNEL'].filter((word) => bytes.includes(word)),
    ).toEqual([]);
    expect((await declarant('ledger', 'verify', '--ledger', file)).code).toBe(0);
    expect((await lodge(file)).code).toBe(0);
    expect(outBox()).toEqual([]);
    expect((await declarant('watch', '--once', '--ledger', file)).code).toBe(0);
    expect(tables.map((sql) => rows(journal, sql))).toEqual(before);
    expect(JSON.parse((await purge(file)).stdout)).toMatchObject({
      client: { messages: 0, files: 0, unmatched: 0 },
    });
  }, 60_000);

  it('leaves alone what the ledger does not hold yet, and what is open', async () => {
    const { file, journal } = await backup();
    const other = `${journal}.other`;
    copyFileSync(journal, other);
    change(journal, "update feed set seq = seq + 100000; update sent set at = '2999-01-01T00:00:00+08:00'");
    expect((await purge(file)).code).toBe(0);
    const texts = "select json from feed where json like '%text%' order by seq";
    expect(rows(journal, texts)).toEqual(rows(other, texts));
    expect(rows(journal, 'select message from sent')).toEqual(rows(other, 'select message from sent'));
  }, 60_000);
});
