/** Proving, reading out, copying and purging a ledger. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { backupLedger, exportLedger, purgeLedger, verifyLedger } from '../../src/ledger/maintenance.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import {
  at,
  batchId,
  entryId,
  intent,
  intents,
  key,
  known,
  lodge,
  receipt,
  runOne,
  runStart,
  stateOf,
} from '../conformance/ledger-samples.ts';
import { parseRunId } from '../../src/model/ids.ts';
import { inPlace, now, sandbox, stopOf, type Place } from './places.ts';

/** 1 accepted, 2 rejected, both in a batch of their own; 10 to 12 on their way in another. */
async function makeLedger(place: Place): Promise<void> {
  const ledger = await place.open();
  lodge(ledger, 2);
  ledger.record(
    [
      receipt(1, 'accepted', 'r1', { entryId: entryId(1), text: '王小明 审结' }),
      receipt(2, 'rejected', 'r2', { text: '退单' }),
    ],
    at(3),
  );
  ledger.intend(runOne, { id: batchId(2), pack: 'p', intents: intents(10, 3) }, at(4));
  ledger.record([receipt(10, 'accepted', 'r3'), receipt(77, 'accepted', 'stray')], at(5));
  ledger.endRun(runOne, { endedAt: at(6), exit: 4, summary: '{"files":["进口 清单.xlsx"]}' });
  ledger.close();
}

async function exported(file: string): Promise<{
  readonly lines: readonly string[];
  readonly told: number;
  readonly damaged: readonly string[];
}> {
  const lines: string[] = [];
  const { damaged, lines: told } = await exportLedger(file, (line) => void lines.push(line));
  return { lines, told, damaged };
}

describe('exporting a ledger', () => {
  it('writes every row as a line of JSON, bodies readable', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      const { lines, damaged } = await exported(place.file);
      expect(damaged).toEqual([]);
      const tables = lines.map((line) => String(JSON.parse(line).table));
      expect(tables.filter((table) => table === 'declarations')).toHaveLength(5);
      expect(lines.some((line) => JSON.parse(line).content?.endsWith(`\n${intent(11).body}`))).toBe(true);
      expect(lines.some((line) => line.includes('王小明'))).toBe(true);
    });
  });

  it('writes the tables in their order, bytes as digits, and counts its lines', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      const { lines, told } = await exported(place.file);
      const rows = lines.map((line) => JSON.parse(line));
      const counts = new Map<string, number>();
      for (const { table } of rows) counts.set(table, (counts.get(table) ?? 0) + 1);
      expect([...counts]).toEqual([
        ['meta', 1],
        ['runs', 1],
        ['run_files', 1],
        ['batches', 2],
        ['attempts', 1],
        ['declarations', 5],
        ['versions', 5],
        ['bodies', 5],
        ['receipts', 3],
        ['stray_receipts', 1],
      ]);
      expect([told, lines.every((line) => line.endsWith('}\n'))]).toEqual([25, true]);
      expect(rows.find(({ table }) => table === 'versions').digest).toBe(intent(1).digest);
    });
  });

  it('says what keeps a table from being read, and goes on with the others', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      const db = new DatabaseSync(place.file);
      db.exec("DROP TABLE shipments; UPDATE bodies SET content = X'ff' WHERE id = 1");
      db.close();
      const { lines, damaged } = await exported(place.file);
      const rows = lines.map((line) => JSON.parse(line));
      expect(damaged).toEqual(['shipments']);
      expect(rows.filter(({ table }) => table === 'shipments')).toEqual([
        { table: 'shipments', damage: 'no such table: shipments' },
        { table: 'shipments', damage: 'no such table: shipments' },
      ]);
      expect(rows.find(({ table, id }) => table === 'bodies' && id === 1).content).toBeNull();
      expect(rows.filter(({ table }) => table === 'receipts')).toHaveLength(3);
    });
  });

  it('is told that there is no ledger', async () => {
    await inPlace(async ({ file }) => {
      const stop = await stopOf(() => exported(file));
      expect([stop?.code, stop?.exit, stop?.facts]).toEqual(['ledger/not-found', 2, { file }]);
    });
  });

  it('saves what can be read of a damaged ledger and says where it could not', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      lodge(ledger, 1500);
      ledger.close();
      const bytes = await readFile(place.file);
      const [page] = pagesOf(place.file, 'declarations');
      bytes.fill(0xff, known(page) * 4096, (known(page) + 1) * 4096);
      await writeFile(place.file, bytes);
      expect((await stopOf(place.open))?.code).toBe('ledger/damaged');
      const { lines, damaged } = await exported(place.file);
      const found = lines
        .map((line) => JSON.parse(line))
        .flatMap(({ table, key: of }) => (table === 'declarations' ? (of ?? []) : []));
      const keys = new Set(found);
      expect([damaged, found.length]).toEqual([['declarations'], keys.size]);
      expect(keys.size).toBeGreaterThan(1300);
      expect(keys.size).toBeLessThan(1500);
    });
  });
});

/** A leaf page in the middle of a table, counted from 0. */
function pagesOf(file: string, table: string): readonly number[] {
  const db = new DatabaseSync(file);
  const rows = db
    .prepare(`SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path`)
    .all(table);
  db.close();
  return rows.slice(Math.floor(rows.length / 2)).map(({ pageno }) => Number(pageno) - 1);
}

describe('backing up a ledger', () => {
  it('makes a ledger of the same content, 0600, while a run works with the first', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      const ledger = await place.open();
      const copy = join(place.folder, '备份.sqlite');
      await backupLedger(place.file, copy);
      expect((await stat(copy)).mode & 0o077).toBe(platform === 'win32' ? 0o066 : 0);
      const reader = await openLedger({ mode: 'read', file: copy });
      expect(reader.find([key(1), key(11)])).toEqual(ledger.find([key(1), key(11)]));
      reader.close();
      ledger.close();
      expect((await verifyLedger(copy)).findings).toEqual([]);
    });
  });

  it('makes a copy that a run can go on with', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await inPlace(async (elsewhere) => {
        await backupLedger(place.file, elsewhere.file);
        const ledger = await elsewhere.open();
        ledger.record([receipt(11, 'received', 'r9')], at(9));
        expect(stateOf(ledger, 11)).toBe('received');
        ledger.close();
      });
    });
  });

  it('never writes over anything', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      const taken = join(place.folder, 'taken');
      await writeFile(taken, 'mine');
      expect((await stopOf(() => backupLedger(place.file, taken)))?.code).toBe('ledger/backup-exists');
      expect(await readFile(taken, 'utf8')).toBe('mine');
    });
  });
});

function purge(file: string, minute: number): ReturnType<typeof purgeLedger> {
  return purgeLedger({ file, olderThan: new Date(at(minute)), now });
}

describe('purging a ledger', () => {
  it('removes contents and words of decided declarations from the file, and never what was lodged', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      expect(await purge(place.file, 60)).toEqual({ declarations: 2, receipts: 2, strays: 1 });
      const ledger = await place.open();
      const entry = known(ledger.find([key(1)]).get(key(1)));
      expect([entry.state, entry.digest, entry.entryId, entry.rows[0]]).toEqual([
        'accepted',
        intent(1).digest,
        entryId(1),
        { file: '', line: 2 },
      ]);
      expect(() =>
        ledger.intend(runOne, { id: batchId(5), pack: 'p', intents: [intent(1)] }, at(70)),
      ).toThrow(/not free/u);
      ledger.close();
      const bytes = await readFile(place.file);
      expect(bytes.includes('王小明')).toBe(false);
      expect(bytes.includes(intent(1).body.slice(0, 40))).toBe(false);
    });
  });

  it('leaves no remains in the pages of a ledger of many', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      lodge(ledger, 300);
      const texts = Array.from({ length: 300 }, (_, index) => '王小明 审结'.repeat(1 + ((index * 7) % 40)));
      ledger.record(
        texts.map((text, index) => receipt(index + 1, 'accepted', `r${index}`, { text })),
        at(3),
      );
      ledger.close();
      expect(await purge(place.file, 60)).toEqual({ declarations: 300, receipts: 300, strays: 0 });
      const bytes = await readFile(place.file);
      expect([bytes.includes('王小明'), bytes.includes('大连示例贸易')]).toEqual([false, false]);
      expect((await verifyLedger(place.file)).findings).toEqual([]);
    });
  });

  it('knows a purged receipt when it comes again', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await purge(place.file, 60);
      const ledger = await place.open();
      ledger.record([receipt(1, 'accepted', 'r1')], at(80));
      expect(ledger.find([key(1)]).get(key(1))?.receipts).toHaveLength(1);
      ledger.close();
    });
  });

  it('leaves of a receipt its id, its moment and its state, where it had one', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      lodge(ledger);
      const words = [
        receipt(1, undefined, 'r1', { text: '王小明' }),
        receipt(1, 'accepted', 'r2', { text: '王小明' }),
      ];
      ledger.record(words, at(3));
      ledger.close();
      await purge(place.file, 60);
      const after = await place.open();
      const bare = { key: key(1), at: at(3), problems: [] };
      expect(after.find([key(1)]).get(key(1))?.receipts).toStrictEqual([
        { ...bare, id: 'r1' },
        { ...bare, id: 'r2', state: 'accepted' },
      ]);
      after.close();
    });
  });

  it('takes the files and the results of runs that ended before, and of no others', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      const runs = ['aaaa', 'bbbb', 'cccc'].map((end) => known(parseRunId(`20260105-080000-${end}`)));
      for (const run of runs) {
        ledger.beginRun(runStart(run));
        ledger.keepResults(run, '{"row":1}');
      }
      const [early, edge, open] = runs;
      ledger.endRun(known(early), { endedAt: at(4), exit: 0, summary: '{"rows":1}' });
      ledger.endRun(known(edge), { endedAt: at(5), exit: 0, summary: '{"rows":1}' });
      ledger.close();
      await purge(place.file, 5);
      const after = await place.open();
      const names = new Map(after.runs(9).map((run) => [run.run, [run.files[0]?.file, run.summary]]));
      expect(names).toEqual(
        new Map([
          [early, ['', '']],
          [edge, ['进口 清单.xlsx', '{"rows":1}']],
          [open, ['进口 清单.xlsx', undefined]],
        ]),
      );
      expect(runs.map((run) => [...after.resultsOf(run)].length)).toEqual([0, 1, 1]);
      after.close();
    });
  });

  it('leaves whole a batch with a declaration whose fate is open', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await purge(place.file, 60);
      const ledger = await place.open();
      expect(ledger.openBatches().map((batch) => batch.intents)).toEqual([intents(10, 3)]);
      ledger.close();
    });
  });

  it('leaves whole what an open batch holds in an earlier version', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      lodge(ledger, 2);
      ledger.release([key(1)], at(3));
      ledger.intend(runOne, { id: batchId(2), pack: 'p', intents: [intent(1)] }, at(3));
      ledger.record([receipt(1, 'accepted', 'r1')], at(3));
      ledger.close();
      expect((await purge(place.file, 60)).declarations).toBe(0);
      const after = await place.open();
      expect(after.openBatches().map((batch) => batch.intents)).toEqual([intents(1, 2)]);
      after.close();
    });
  });

  it.each([499, 500, 501, 1_000])('reaches all of %i declarations', async (count) => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      lodge(ledger, count);
      ledger.record(
        intents(1, count).map(({ key: of }, index) => ({ ...receipt(1, 'rejected', `r${index}`), key: of })),
        at(3),
      );
      ledger.close();
      expect(await purge(place.file, 60)).toEqual({ declarations: count, receipts: count, strays: 0 });
    });
  });

  it('takes what was decided before the moment, not at it, and tells what else remembers it', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      lodge(ledger, 3);
      ledger.record([receipt(1, 'rejected', 'r1')], at(3));
      ledger.record([receipt(2, 'rejected', 'r2'), receipt(3, 'received', 'r3')], at(4));
      ledger.setCursor('sandbox', 'c9');
      ledger.close();
      const told: unknown[] = [];
      const { declarations } = await purgeLedger({
        file: place.file,
        olderThan: new Date(at(4)),
        now,
        alongside: ({ window, file, isGone, cursor }) =>
          told.push(window, file, cursor, [1, 2, 3, 4].map(key).map(isGone)),
      });
      expect(declarations).toBe(1);
      expect(told).toEqual([sandbox, place.file, 'c9', [true, false, false, false]]);
    });
  });

  it('takes the words that came since the last time', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await purge(place.file, 60);
      const ledger = await place.open();
      ledger.record([receipt(1, 'released', 'r9', { text: '王小明' })], at(40));
      ledger.close();
      expect(await purge(place.file, 60)).toEqual({ declarations: 1, receipts: 1, strays: 0 });
    });
  });

  it('leaves alone what is younger', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      expect(await purge(place.file, 2)).toEqual({ declarations: 0, receipts: 0, strays: 0 });
    });
  });

  it('leaves a sound ledger, and nothing to do the second time', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await purge(place.file, 60);
      expect(await purge(place.file, 60)).toEqual({ declarations: 0, receipts: 0, strays: 0 });
      expect((await verifyLedger(place.file)).findings).toEqual([]);
    });
  });

  it('refuses while a run works with the ledger', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      expect((await stopOf(() => purge(place.file, 60)))?.exit).toBe(11);
      ledger.close();
    });
  });
});
