/** Writes the ledger of the present schema version as SQL text: run once for each version, when it is released, and kept for good. */
import { rename, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { migrations } from '../../src/ledger/migrations.ts';
import { at, batchId, entryId, intent, key, lodge, receipt, runOne } from '../conformance/ledger-samples.ts';
import { inPlace, type Place } from './places.ts';

function literal(value: string | number | bigint | Uint8Array | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString('hex')}'`;
  return `'${String(value).replaceAll("'", "''")}'`;
}

function dump(file: string): string {
  const db = new DatabaseSync(file);
  const lines = ['PRAGMA foreign_keys=OFF;'];
  for (const pragma of ['application_id', 'user_version'])
    lines.push(`PRAGMA ${pragma}=${Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {}).join('')};`);
  const objects = db
    .prepare('SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid')
    .all();
  for (const { sql } of objects) lines.push(`${String(sql)};`);
  for (const { name } of objects.filter(({ type }) => type === 'table')) {
    for (const row of db.prepare(`SELECT * FROM ${String(name)}`).all())
      lines.push(`INSERT INTO ${String(name)} VALUES (${Object.values(row).map(literal).join(', ')});`);
  }
  db.close();
  return `${lines.join('\n')}\n`;
}

async function fill(place: Place): Promise<string> {
  const ledger = await place.open();
  lodge(ledger, 40);
  ledger.record(
    [
      receipt(1, 'accepted', 'r1', { entryId: entryId(1), text: '审结' }),
      receipt(2, 'rejected', 'r2'),
      receipt(3, 'received', 'r3'),
      receipt(99, 'received', 'r4'),
    ],
    at(3),
  );
  ledger.intend(runOne, { id: batchId(2), pack: 'p', intents: [intent(2, 'corrected')] }, at(4));
  ledger.endAttempt(batchId(1), 1, { at: at(5), how: 'cannot-know', detail: 'timeout' });
  ledger.markUnknown([key(4)], at(5));
  ledger.keepResults(runOne, '{"n":1}');
  ledger.endRun(runOne, { endedAt: at(6), exit: 4, summary: '{"rows":80}' });
  ledger.setCursor('sandbox', 'c7');
  ledger.close();
  return dump(place.file);
}

const target = fileURLToPath(new URL(`fixtures/version-${migrations.length}.sql`, import.meta.url));
await writeFile(`${target}.new`, await inPlace(fill));
await rename(`${target}.new`, target);
