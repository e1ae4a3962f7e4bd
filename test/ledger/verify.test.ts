/** What is wrong with a ledger is told row by row, and nothing is told of a sound one. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { Database } from '../../src/ledger/database.ts';
import { verifyLedger } from '../../src/ledger/maintenance.ts';
import { openTables, type Tables } from '../../src/ledger/tables.ts';
import { clientSeqNoOf } from '../../src/model/ids.ts';
import {
  at,
  batchId,
  entryId,
  intents,
  key,
  known,
  lodge,
  receipt,
  runOne,
  runStart,
  runTwo,
} from '../conformance/ledger-samples.ts';
import { inPlace, type Place } from './places.ts';

/** 1 accepted, 2 rejected, 3 free, 4 unknown, all in one batch; 10 to 12 on their way in another; two runs with results. */
async function makeLedger(place: Place): Promise<void> {
  const ledger = await place.open();
  lodge(ledger, 4);
  ledger.record(
    [
      receipt(1, 'accepted', 'r1', { entryId: entryId(1) }),
      receipt(2, 'rejected', 'r2'),
      receipt(2, undefined, 'r2-strange'),
      receipt(4, undefined, 'r4-strange'),
    ],
    at(3),
  );
  ledger.release([key(3)], at(3));
  ledger.markUnknown([key(4)], at(3));
  ledger.keepResults(runOne, '{"n":1}');
  ledger.beginRun(runStart(runTwo));
  ledger.keepResults(runTwo, '{"n":2}');
  ledger.intend(runTwo, { id: batchId(2), pack: 'p', intents: intents(10, 3) }, at(4));
  ledger.record([receipt(10, 'received', 'r3'), receipt(77, 'accepted', 'stray')], at(5));
  ledger.close();
}

async function findingsAfter(damage: (place: Place) => unknown): Promise<readonly string[]> {
  return inPlace(async (place) => {
    await makeLedger(place);
    await damage(place);
    return (await verifyLedger(place.file)).findings;
  });
}

const bySql =
  (sql: string) =>
  ({ file }: Place): void => {
    const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
    db.exec(sql);
    db.close();
  };

/** Written as the ledger itself would write it, with the right sum. */
const byTables =
  (change: (tables: Tables) => void) =>
  ({ file }: Place): void => {
    const db = new Database(file);
    db.transaction(() => change(openTables(db)));
    db.close();
  };

describe('verifying a ledger', () => {
  it('finds nothing in a sound one, also while a run works with it', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      const ledger = await place.open();
      expect(await verifyLedger(place.file)).toEqual({ declarations: 7, findings: [] });
      ledger.close();
    });
  });

  it.each([
    [
      'a receipt that is gone',
      bySql("DELETE FROM receipts WHERE receipt = 'r1'"),
      ['declarations 1: state accepted is not what its receipts say'],
    ],
    ['a text that is gone', bySql('DELETE FROM bodies WHERE id = 1'), ['bodies.content']],
    [
      'a version that is gone',
      bySql('DELETE FROM versions WHERE declaration = 2'),
      ['declarations 2: 0 of 1 versions', 'batches 1: 3 of 4 declarations'],
    ],
    [
      'a changed batch',
      bySql('UPDATE batches SET run = 2 WHERE id = 1'),
      ['batches.sum', 'batches.sum', 'batches.sum', 'batches.sum', 'batches.sum'],
    ],
    ['another attempt number', bySql('UPDATE attempts SET number = 4'), ['attempts.sum']],
    [
      'a changed run',
      bySql("UPDATE runs SET command = 'check' WHERE id = 1"),
      Array.from({ length: 5 }, () => 'runs.sum'),
    ],
    [
      'what points to nothing',
      bySql(
        "INSERT INTO shipments VALUES ('s', 99); UPDATE receipts SET declaration = 98 WHERE receipt = 'r3'",
      ),
      [
        'shipments: points to nothing',
        'receipts 5: points to nothing',
        'declarations 5: state received is not what its receipts say',
      ],
    ],
    ['a changed stray receipt', bySql("UPDATE stray_receipts SET raw = '{}'"), ['stray_receipts.sum']],
    [
      'a changed result of the first run',
      bySql("UPDATE run_results SET content = '{}' WHERE run = 1"),
      ['run_results.sum'],
    ],
    [
      'a changed result of the last run',
      bySql("UPDATE run_results SET content = '{}' WHERE run = 2"),
      ['run_results.sum'],
    ],
  ] as const)('finds %s', async (_what, damage, findings) => {
    expect(await findingsAfter(damage)).toEqual(findings);
  });

  it.each([
    ['accepted', 1, 'released'],
    ['rejected', 2, 'prepared'],
    ['free', 3, 'received'],
    ['received', 5, 'sending'],
  ] as const)('finds a state that its receipts do not give: %s', async (_, id, state) => {
    const change = byTables(({ declarations }) => declarations.update({ ...declarations.get(id), state }));
    expect(await findingsAfter(change)).toEqual([
      `declarations ${id}: state ${state} is not what its receipts say`,
    ]);
  });

  it('finds a number that is not that of its key', async () => {
    const change = byTables(({ declarations }) => {
      const row = declarations.get(1);
      declarations.insert({
        ...row,
        id: 8,
        version: 0,
        state: 'prepared',
        key: key(50),
        clientSeqNo: clientSeqNoOf(key(51)),
      });
    });
    expect(await findingsAfter(change)).toEqual(['declarations 8: client_seq_no is not that of its key']);
  });

  it('finds that commits are lost', async () => {
    expect(
      await findingsAfter(async (place) => {
        const older = `${place.file}.older`;
        await copyFile(place.file, older);
        const ledger = await place.open();
        ledger.release([key(4)], at(20));
        ledger.close();
        await copyFile(older, place.file);
      }),
    ).toEqual(['ledger/rolled-back']);
  });

  it('finds an index that does not hold what its table holds', async () => {
    const findings = await findingsAfter(async ({ file }) => {
      const db = new DatabaseSync(file);
      const page = db.prepare("SELECT pageno FROM dbstat WHERE name = 'declarations_by_state'").get();
      db.close();
      const bytes = await readFile(file);
      const from = (Number(known(page)['pageno']) - 1) * 4096;
      const at = bytes.indexOf('accepted', from);
      bytes.write('accepteX', at);
      await writeFile(file, bytes);
    });
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) expect(finding).toContain('declarations_by_state');
  });

  it('tells no more than a hundred', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      lodge(ledger, 150);
      ledger.close();
      bySql("UPDATE declarations SET changed_at = '2020'")(place);
      // The first ends the reading of them all.
      expect((await verifyLedger(place.file)).findings).toEqual(['declarations.sum']);
      bySql("UPDATE declarations SET changed_at = intended_at; UPDATE versions SET intended_at = '2020'")(
        place,
      );
      expect((await verifyLedger(place.file)).findings).toHaveLength(100);
    });
  });
});
