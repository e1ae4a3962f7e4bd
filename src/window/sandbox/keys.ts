/** Idempotency keys: the first answer to a key is kept for fourteen days and given again to the same body. */
import { createHash } from 'node:crypto';
import { bounds } from './bounds.ts';
import type { Answer, Call, Sandbox } from './context.ts';
import { Refusal } from './refusal.ts';
import { textOf, wholeOf } from './store.ts';

/** Runs `work` and keeps its answer in one transaction, or gives the kept answer. A key counts for one address: method and path. Throws `Refusal` where the key is missing or came with another body. */
export function once(sandbox: Sandbox, call: Call, work: () => Answer): Answer {
  const { key, path } = call;
  if (key === undefined || !/^[\x21-\x7e]{1,255}$/u.test(key)) {
    throw new Refusal('key-missing', 400, 'Send an Idempotency-Key of 1 to 255 visible ASCII characters.');
  }
  const fingerprint = createHash('sha256').update(call.body).digest('hex');
  const { store } = sandbox;
  const nowMs = sandbox.now().getTime();
  return store.commit(() => {
    store.run('delete from answer where at_ms < ?', nowMs - bounds.keyLifeMs);
    const kept = store.get('select * from answer where key = ? and path = ?', key, path);
    if (kept !== undefined) {
      if (textOf(kept, 'fingerprint') !== fingerprint) {
        throw new Refusal('key-reused', 422, 'The key belongs to another body; nothing was processed.');
      }
      const headers = { 'idempotency-replayed': 'true' };
      return { status: wholeOf(kept, 'status'), body: textOf(kept, 'body'), headers };
    }
    const answer = work();
    store.run(
      'insert into answer values (?, ?, ?, ?, ?, ?)',
      key,
      path,
      fingerprint,
      answer.status,
      answer.body,
      nowMs,
    );
    return answer;
  });
}
