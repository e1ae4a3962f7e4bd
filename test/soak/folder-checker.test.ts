/** The checker at the import client's folders, tested itself: a run that nobody kills, with documents, and then one thing at a time made false. */
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { zipOf } from '../../src/window/cn-client/zip.ts';
import { campaign } from './campaign.ts';
import { filesOf, type Packed } from './checker/archive.ts';
import { check, checkClientAfterKill } from './checker/check.ts';
import type { Campaign } from './checker/evidence.ts';

let honest: Campaign;
let evidence: Campaign;
/** Where a message with documents lies, and one without. */
let archive: string;
let message: string;

beforeAll(async () => {
  const { folder } = await campaign({ seed: 7, kind: 'cn-client', kills: 0, keep: true });
  honest = JSON.parse(readFileSync(join(folder, 'campaign.json'), 'utf8'));
}, 120_000);
afterAll(() => rmSync(honest.folder, { recursive: true, force: true }));

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-假证-'));
  cpSync(honest.folder, folder, { recursive: true });
  evidence = { ...honest, folder, results: honest.results.replace(honest.folder, folder) };
  archive = sent('.zip');
  message = sent('.xml');
});
afterEach(() => rmSync(evidence.folder, { recursive: true, force: true }));

const at = (...parts: string[]): string => join(evidence.folder, ...parts);
const box = (...parts: string[]): string => at('client', ...parts);

/** One that customs did not reject. */
function sent(ending: string): string {
  const rejected = new Set(evidence.rows.filter(({ fate }) => fate !== 'good').map(({ ref }) => `B${ref}`));
  const files = readdirSync(box('SentBox'), { recursive: true, encoding: 'utf8' });
  const found = files
    .filter((name) => name.endsWith(ending))
    .map((name) => box('SentBox', name))
    .find((path) => ![...rejected].some((bill) => textOf(path).includes(bill)));
  if (found === undefined) throw new Error(`the run sent no ${ending}`);
  return found;
}

const textOf = (path: string): string =>
  (path.endsWith('.zip') ? (packed(path)[0]?.bytes ?? Buffer.alloc(0)) : readFileSync(path)).toString('utf8');

function packed(path: string): readonly Packed[] {
  const files = filesOf(readFileSync(path));
  if (typeof files === 'string') throw new Error(files);
  return files;
}

function changeJournal(sql: string, ...values: readonly (string | Uint8Array)[]): void {
  const [name = ''] = readdirSync(evidence.folder).filter((each) => /^cn-client-.*\.db$/u.test(each));
  const db = new DatabaseSync(at(name));
  db.prepare(sql).run(...values);
  db.close();
}

/** In the folder, and the copy that was kept. */
function replace(path: string, bytes: Buffer): void {
  const stem = /D[0-9A-Z]{17}-[0-9a-f]{12}-\d+/u.exec(path)?.[0] ?? '';
  writeFileSync(path, bytes);
  changeJournal('UPDATE sent SET message = ? WHERE stem = ?', bytes, stem);
}

const invariants = (): readonly string[] => [
  ...new Set(check(evidence).map((each) => each.slice(0, each.indexOf(':')))),
];

test('an honest campaign: nothing is wrong, right after a kill and at the end', () => {
  expect([evidence.exit, check(evidence)]).toEqual([1, []]);
  expect(checkClientAfterKill(evidence.folder, evidence.rows)).toEqual([]);
});

describe('documents, with one lie in them', () => {
  test('I5, one byte of a file of the input is another', () => {
    const files = new Set(
      evidence.rows.filter(({ fate }) => fate === 'good').flatMap((row) => row.documents ?? []),
    );
    const file = [...files].find((name) => !name.includes('共用')) ?? '';
    const bytes = readFileSync(at(file));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(at(file), bytes);
    expect(check(evidence)).toEqual([expect.stringMatching(`^I5: D.* has not the bytes of ${file}$`)]);
  });

  test('I5, an archive is without the last of its documents', () => {
    const [xml, ...documents] = packed(archive);
    replace(archive, zipOf([xml, ...documents.slice(1)].flatMap((file) => file ?? [])));
    expect(check(evidence).join('\n')).toContain(`carries ${documents.length - 1} documents, and not the`);
    expect(invariants()).toEqual(['I5']);
  });

  test('I5, an archive carries a document that its message does not name', () => {
    replace(archive, zipOf([...packed(archive), { name: 'more.pdf', bytes: Buffer.from('%PDF-1.4') }]));
    expect(check(evidence)).toEqual([
      expect.stringMatching(/^I5: D.* documents, and not the \d that it names$/u),
    ]);
  });

  test('I5, a message names none of the documents that belong to it, and goes without', () => {
    const [xml] = packed(archive);
    const bare = textOf(archive).replaceAll(/<EdocRealation>[^]*?<\/EdocRealation>\n/gu, '');
    replace(archive, zipOf([{ name: xml?.name ?? '', bytes: Buffer.from(bare) }]));
    expect(check(evidence).join('\n')).toContain('names 0 documents');
    expect(invariants()).toEqual(['I5']);
  });

  test('I10, a document lies in a folder of the archive', () => {
    const bytes = readFileSync(archive);
    const name = packed(archive)[1]?.name ?? '';
    for (let from = bytes.indexOf(name); from >= 0; from = bytes.indexOf(name, from + 1))
      bytes.write('/', from + 4);
    replace(archive, bytes);
    expect(check(evidence).join('\n')).toContain('lies in a folder');
    // What is in it cannot be read: its declaration is missed, too.
    expect(invariants()).toEqual(['I3', 'I10']);
  });

  test('I10, an archive is cut off', () => {
    replace(archive, readFileSync(archive).subarray(0, -7));
    expect(check(evidence).join('\n')).toContain('is not whole: ');
    expect(invariants()).toEqual(['I3', 'I10']);
  });

  test('I10, the journal still keeps a document whose message is there', () => {
    changeJournal("INSERT INTO document VALUES ('a.pdf', '2026-01-01T00:00:00Z', x'00')");
    expect(invariants()).toEqual(['I10']);
  });
});

describe('folders, with one lie in them', () => {
  test('I2, an archive lies there twice, also right after a kill', () => {
    copyFileSync(archive, archive.replace('.zip', '1.zip'));
    expect(invariants()).toEqual(['I2']);
    expect(checkClientAfterKill(evidence.folder, evidence.rows)).toEqual([
      expect.stringMatching(/^I2: .* was handed over 2 times/u),
    ]);
  });

  test('I3, the archive of an accepted declaration is not there', () => {
    rmSync(archive);
    expect(invariants()).toEqual(['I3']);
  });

  test('I5, a message is not the copy that was kept', () => {
    appendFileSync(message, '\n</DecMessage>\n');
    expect(check(evidence)).toEqual([expect.stringMatching(/^I5: D.* is not the copy that was kept$/u)]);
  });

  test('I6, one number names two declarations', () => {
    const number = /<ClientSeqNo>[^<]*/u;
    replace(message, Buffer.from(textOf(message).replace(number, number.exec(textOf(archive))?.[0] ?? '')));
    expect(invariants()).toEqual(['I6']);
  });

  test('I10, a temporary file of ours was left in OutBox', () => {
    writeFileSync(box('OutBox', 'D0000000000000000A-0123456789ab-1.zip.Temp'), 'PK');
    expect(invariants()).toEqual(['I10']);
  });

  test('I10, a file that is not ours was cut off', () => {
    truncateSync(box('OutBox', '别的程序.zip.Temp'), 1);
    expect(invariants()).toEqual(['I10']);
  });

  test('I13, a message was handed over without an attempt', () => {
    const db = new DatabaseSync(at('ledger.db'), { enableForeignKeyConstraints: false });
    db.exec('DELETE FROM attempts');
    db.close();
    expect(invariants()).toEqual(['I13']);
  });
});
