/** Any value of any row that was changed behind the ledger's back is noticed where it is read, by its table and column. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { at, batchId, entryId, intent, key, lodge, receipt, runOne } from '../conformance/ledger-samples.ts';
import { inPlace, stopOf } from './places.ts';

function fill(ledger: SqliteLedger): void {
  lodge(ledger, 2);
  ledger.record(
    [
      receipt(1, 'accepted', 'r1', { entryId: entryId(1), digest: intent(1).digest }),
      receipt(9, 'received', 'r9'),
    ],
    at(3),
  );
  ledger.endAttempt(batchId(1), 1, { at: at(4), how: 'cannot-know', detail: 'timeout' });
  ledger.beginAttempt(batchId(1), at(5), at(65));
  ledger.keepResults(runOne, '{"n":1}');
  ledger.setCursor('sandbox', 'c7');
  ledger.endRun(runOne, { endedAt: at(6), exit: 4, summary: '{}' });
}

function readAll(ledger: SqliteLedger): void {
  ledger.find([key(1), key(2)]);
  ledger.counts();
  ledger.inStates(['accepted', 'sending'], 10);
  ledger.openBatches();
  ledger.runs(10);
  for (const text of ledger.resultsOf(runOne)) expect(text).toBe('{"n":1}');
  ledger.strayReceipts(10);
  ledger.cursor('sandbox');
}

describe('a ledger in which', () => {
  it.each([
    ['meta', "created_at = '2020-01-01T00:00:00.000Z'", 'meta.sum'],
    ['runs', "run = '20260105-080000-zzzz'", 'runs.sum'],
    ['runs', "run = 'x'", 'runs.run'],
    ['runs', "command = 'check'", 'runs.sum'],
    ['runs', 'exit = 0', 'runs.sum'],
    ['runs', "summary = '[]'", 'runs.sum'],
    ['runs', 'ended_at = NULL', 'runs.sum'],
    ['run_files', "file = 'y'", 'run_files.sum'],
    ['run_results', 'position = 5', 'run_results.position'],
    ['run_results', "content = '{}'", 'run_results.sum'],
    ['run_results', "content = X'ff'", 'run_results.content'],
    ['batches', "pack = 'q'", 'batches.sum'],
    ['batches', "batch = 'x'", 'batches.batch'],
    ['batches', "intended_at = '2020'", 'batches.sum'],
    ['attempts', "started_at = '2020'", 'attempts.sum'],
    ['attempts', "detail = 'sign-in' WHERE number = 1", 'attempts.sum'],
    ['attempts', "detail = 'x' WHERE number = 2", 'attempts.sum'],
    ['attempts', "how = 'answered'", 'attempts.sum'],
    ['attempts', "how = 'not-sent'", 'attempts.sum'],
    ['attempts', 'how = NULL', 'attempts.sum'],
    ['attempts', "server_at = '2020' WHERE number = 2", 'attempts.sum'],
    ['attempts', 'server_at = NULL WHERE number = 2', 'attempts.sum'],
    ['declarations', "state = 'rejected'", 'declarations.sum'],
    ['declarations', "entry_id = '12'", 'declarations.entry_id'],
    ['declarations', "entry_id = '090020261000000009' WHERE id = 1", 'declarations.sum'],
    ['declarations', 'entry_id = NULL', 'declarations.sum'],
    ['declarations', "client_seq_no = '' WHERE id = 2", 'declarations.client_seq_no'],
    ['declarations', "changed_at = '2020'", 'declarations.sum'],
    ['versions', 'digest = zeroblob(32)', 'versions.sum'],
    ['versions', "rows = '[]'", 'versions.rows'],
    ['versions', 'rows = NULL', 'versions.rows'],
    ['versions', 'body = NULL', 'versions.sum'],
    ['versions', "intended_at = '2020'", 'versions.sum'],
    ['bodies', "content = X'ff' WHERE id = 2", 'bodies.content'],
    ['bodies', "content = 'x' WHERE id = 2", 'bodies.content'],
    ['bodies', 'sum = sum + 1 WHERE id = 2', 'bodies.sum'],
    ['receipts', "state = 'rejected'", 'receipts.sum'],
    ['receipts', 'state = NULL', 'receipts.sum'],
    ['receipts', "recorded_at = '2020'", 'receipts.sum'],
    ['receipts', "raw = '{}'", 'receipts.sum'],
    ['receipts', "receipt = 'r2'", 'receipts.sum'],
    ['stray_receipts', "recorded_at = '2020'", 'stray_receipts.sum'],
    ['stray_receipts', "raw = '{}'", 'stray_receipts.sum'],
    ['cursors', "cursor = 'c8'", 'cursors.sum'],
  ])('of %s somebody set %s is damaged at %s', async (table, change, where) => {
    await inPlace(async (place) => {
      const made = await place.open();
      fill(made);
      made.close();
      const db = new DatabaseSync(place.file);
      db.exec(`PRAGMA ignore_check_constraints=ON; UPDATE ${table} SET ${change}`);
      db.close();
      const stop = await stopOf(async () => {
        const ledger = await place.open();
        try {
          readAll(ledger);
        } finally {
          ledger.close();
        }
      });
      expect([stop?.code, stop?.exit, stop?.facts['where']]).toEqual(['ledger/damaged', 74, where]);
    });
  });

  it('a member of an open batch is missing is damaged', async () => {
    await inPlace(async (place) => {
      const made = await place.open();
      fill(made);
      made.close();
      const db = new DatabaseSync(place.file);
      db.exec('PRAGMA foreign_keys=OFF; DELETE FROM versions WHERE declaration = 1');
      db.close();
      const ledger = await place.open();
      const stop = await stopOf(() => ledger.openBatches());
      ledger.close();
      expect(stop?.facts['where']).toBe('batches.members');
    });
  });
});
