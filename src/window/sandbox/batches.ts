/** Batches: announced, filled, closed or aborted, and told about. */
import { randomUUID } from 'node:crypto';
import type { LodgementState } from '../../model/state.ts';
import { decodeUtf8, isObject, isText, isWhole, parseJson } from '../json.ts';
import { bounds } from './bounds.ts';
import { json, type Answer, type Call, type Sandbox } from './context.ts';
import { settle } from './feed.ts';
import { once } from './keys.ts';
import { Refusal } from './refusal.ts';
import { textOf, wholeOf, type Row } from './store.ts';

/** `POST /v1/batches` */
export function openBatch(sandbox: Sandbox, call: Call): Answer {
  const { profile, expectedCount, contentDigest } = announcement(call.body);
  const { store } = sandbox;
  return once(sandbox, call, () => {
    const nowMs = sandbox.now().getTime();
    const open = store.get(
      "select count(*) as count from batch where state = 'open' and opened_ms > ?",
      nowMs - bounds.openBatchCountsMs,
    );
    if (wholeOf(open, 'count') >= bounds.openBatches) {
      throw new Refusal('too-many-open-batches', 429, `${bounds.openBatches} batches are open.`, {
        retryAfterS: 1,
      });
    }
    const id = randomUUID();
    const sql = "insert into batch values (?, ?, ?, ?, 'open', 0, ?)";
    store.run(sql, id, profile, expectedCount, contentDigest, nowMs);
    return json(201, { id, state: 'open' });
  });
}

function announcement(body: Uint8Array) {
  const value = parseJson(decodeUtf8(body) ?? '');
  if (!isObject(value)) throw new Refusal('malformed', 400, 'The body is not a JSON object.');
  const { profile, expectedCount, contentDigest } = value;
  if (!isText(profile) || !/^[a-z0-9-]{1,64}$/u.test(profile)) {
    throw new Refusal('malformed', 400, 'profile is not the name of a declaration profile.');
  }
  if (!isWhole(expectedCount) || expectedCount < 1 || expectedCount > 1_000_000) {
    throw new Refusal('malformed', 400, 'expectedCount is not a whole number from 1 to 1000000.');
  }
  if (!isText(contentDigest) || !/^[0-9a-f]{64}$/u.test(contentDigest)) {
    throw new Refusal('malformed', 400, 'contentDigest is not a SHA-256 in lower-case hexadecimal.');
  }
  return { profile, expectedCount, contentDigest };
}

/** `POST /v1/batches/{id}/close` and `/abort`. What was accepted before an abort stays accepted. Doing it again changes nothing. */
export function endBatch(sandbox: Sandbox, call: Call, state: 'closed' | 'aborted'): Answer {
  sandbox.store.commit(() => {
    const batch = findBatch(sandbox, call.id);
    if (batch['state'] !== 'open' && batch['state'] !== state) {
      throw new Refusal('batch-not-open', 409, `The batch is ${textOf(batch, 'state')}.`);
    }
    sandbox.store.run('update batch set state = ? where id = ?', state, call.id);
  });
  return json(202, { id: call.id, state });
}

/** `GET /v1/batches/{id}` */
export function showBatch(sandbox: Sandbox, call: Call): Answer {
  settle(sandbox);
  const batch = findBatch(sandbox, call.id);
  const counts: Partial<Record<LodgementState | 'refused', number>> = {};
  const rows = sandbox.store.all(
    `select e.state, count(*) as count from declaration d join event e on e.seq =
      (select max(seq) from event where serial = d.serial and state is not null)
     where d.batch = ? group by e.state order by e.state`,
    call.id,
  );
  for (const row of rows) Object.assign(counts, { [textOf(row, 'state')]: wholeOf(row, 'count') });
  const refused = sandbox.store.get('select count(*) as count from refusal where batch = ?', call.id);
  if (wholeOf(refused, 'count') > 0) counts.refused = wholeOf(refused, 'count');
  const isWaiting = (counts.received ?? 0) + (counts.registered ?? 0) > 0;
  const kept = textOf(batch, 'state');
  return json(200, {
    id: call.id,
    state: kept === 'closed' ? (isWaiting ? 'processing' : 'complete') : kept,
    profile: textOf(batch, 'profile'),
    expectedCount: wholeOf(batch, 'expected'),
    receivedCount: wholeOf(batch, 'came'),
    counts,
  });
}

export function findBatch(sandbox: Sandbox, id: string): Row {
  const batch = sandbox.store.get('select * from batch where id = ?', id);
  if (batch === undefined) throw new Refusal('not-found', 404, 'There is no such batch.');
  return batch;
}
