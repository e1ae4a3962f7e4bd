/** `POST /v1/batches/{id}/declarations`: takes, recognises or refuses each declaration; all of a request in one transaction. */
import { createHash } from 'node:crypto';
import { findBatch } from './batches.ts';
import { json, type Answer, type Call, type Sandbox } from './context.ts';
import { disturb } from './faults.ts';
import { settle } from './feed.ts';
import { takeLine, type Item } from './items.ts';
import { judge } from './judge.ts';
import { once } from './keys.ts';
import { Refusal } from './refusal.ts';
import { textOf, wholeOf, type Row } from './store.ts';
import { readUpload } from './upload.ts';

export function lodge(sandbox: Sandbox, call: Call): Answer {
  findBatch(sandbox, call.id);
  const lines = readUpload(call.body).map((line) => judge(sandbox.check, line));
  if (disturb(sandbox, lines) === 'lost') return { status: 0, body: '', isLost: true };
  settle(sandbox);
  const isAnswerLost = disturb(sandbox, lines, 'lost-answer') === 'lost';
  const answer = once(sandbox, call, () => {
    const batch = findBatch(sandbox, call.id);
    admit(batch, call, lines.length);
    const items: Item[] = lines.map((line) => takeLine(sandbox, call.id, line));
    const came = wholeOf(batch, 'came') + lines.length;
    const state = came === wholeOf(batch, 'expected') ? 'closed' : 'open';
    sandbox.store.run('update batch set came = ?, state = ? where id = ?', came, state, call.id);
    return json(207, { items });
  });
  return isAnswerLost ? { ...answer, isLost: true } : answer;
}

function admit(batch: Row, call: Call, count: number): void {
  const state = textOf(batch, 'state');
  if (state !== 'open') throw new Refusal('batch-not-open', 409, `The batch is ${state}.`);
  const missing = wholeOf(batch, 'expected') - wholeOf(batch, 'came');
  if (count > missing) {
    throw new Refusal('content-mismatch', 422, `The batch expects ${missing} more, and ${count} came.`);
  }
  if (count !== wholeOf(batch, 'expected')) return;
  const digest = createHash('sha256').update(call.body).digest('hex');
  if (digest !== textOf(batch, 'content_digest')) {
    throw new Refusal('content-mismatch', 422, 'The body does not have the contentDigest of the batch.');
  }
}
