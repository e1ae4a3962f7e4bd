/** Events: plans that have come due become numbered events, and requests wait for them. */
import { bounds } from './bounds.ts';
import { json, type Answer, type Call, type Sandbox } from './context.ts';
import { cancelledStep, complaintsOf, noteOf, receivedCode, withdrawnNote } from './notices.ts';
import { beijingTime } from './numbers.ts';
import { Refusal } from './refusal.ts';
import { textOf, wholeOf, type Row } from './store.ts';

const settledAtOnce = 20_000;

/** Moves what is due into the feed. Numbers are given inside the writing transaction, so no number appears below one that was already read, whichever process writes. */
export function settle({ store, now }: Pick<Sandbox, 'store' | 'now'>): void {
  const nowMs = now().getTime();
  const dueSql = 'select due_ms from plan where due_ms <= ? order by due_ms limit 1 offset ?';
  while (store.get(dueSql, nowMs, 0) !== undefined) {
    store.commit(() => {
      const cut = store.get(dueSql, nowMs, settledAtOnce);
      const untilMs = cut === undefined ? nowMs : wholeOf(cut, 'due_ms');
      store.run(
        `insert into event (serial, step, code, state, at_ms)
         select serial, step, code, state, due_ms from plan where due_ms <= ? order by due_ms, serial, step`,
        untilMs,
      );
      store.run('delete from plan where due_ms <= ?', untilMs);
    });
  }
}

const columns = `e.seq, e.step, e.code, e.state, e.at_ms, d.ref, d.version, d.digest, d.batch, d.window_number,
  d.entry_id, d.problems from event e join declaration d on d.serial = e.serial`;

/** All events of one declaration, oldest first. */
export function historyOf(sandbox: Sandbox, serial: number): readonly EventJson[] {
  return sandbox.store.all(`select ${columns} where e.serial = ? order by e.seq`, serial).map(eventOf);
}

export type EventJson = ReturnType<typeof eventOf>;

const withoutEntryId = new Set([receivedCode, '7', 'E', 'Z']);

function eventOf(row: Row) {
  const code = textOf(row, 'code');
  const step = wholeOf(row, 'step');
  const state = row['state'];
  const windowNumber = textOf(row, 'window_number');
  const problems: unknown = code === receivedCode ? JSON.parse(textOf(row, 'problems')) : complaintsOf(code);
  return {
    id: `${windowNumber}-${step}`,
    type: typeof state === 'string' ? `declaration.${state}` : 'declaration.notice',
    ref: textOf(row, 'ref'),
    version: wholeOf(row, 'version'),
    occurredAt: beijingTime(wholeOf(row, 'at_ms')),
    authorityCode: code,
    text: step === cancelledStep ? withdrawnNote : noteOf(code),
    windowNumber,
    ...(withoutEntryId.has(code) || step === cancelledStep ? {} : { mrn: textOf(row, 'entry_id') }),
    batchId: textOf(row, 'batch'),
    contentDigest: textOf(row, 'digest'),
    problems,
  };
}

export type NumberedEvent = { readonly seq: number; readonly event: EventJson };

/** In the order of the feed. */
export function eventsAfter(
  { store }: Pick<Sandbox, 'store'>,
  since: number,
  most: number,
): readonly NumberedEvent[] {
  return store
    .all(`select ${columns} where e.seq > ? order by e.seq limit ?`, since, most)
    .map((row) => ({ seq: wholeOf(row, 'seq'), event: eventOf(row) }));
}

/** `GET /v1/events`. Undefined: nothing yet, and the request may still wait. */
export function readEvents(sandbox: Sandbox, call: Call, mayWait: boolean): Answer | undefined {
  const { store } = sandbox;
  const limit = wholeParameter(call.query, 'limit', { least: 1, most: bounds.eventsPerPage, absent: 500 });
  const since = readCursor(call.query.get('cursor') ?? '', store.id);
  settle(sandbox);
  const found = eventsAfter(sandbox, since, limit);
  if (found.length === 0 && mayWait) return undefined;
  const next = found.at(-1)?.seq ?? since;
  return json(200, { events: found.map(({ event }) => event), nextCursor: `${store.id}-${next}` });
}

/** Milliseconds for which the request would wait. */
export function waitOf(query: URLSearchParams): number {
  return wholeParameter(query, 'wait', { least: 0, most: bounds.waitMs, absent: 0 });
}

/** The number after which to read. A cursor of another store begins at the beginning: at least once, never a gap. */
function readCursor(cursor: string, store: string): number {
  if (cursor === '') return 0;
  const [, owner, seq] = /^([0-9a-f]{12})-(\d{1,15})$/u.exec(cursor) ?? [];
  if (owner === undefined)
    throw new Refusal('malformed', 400, 'The cursor is not one that this window gave.');
  return owner === store ? Number(seq) : 0;
}

function wholeParameter(
  query: URLSearchParams,
  name: string,
  range: { readonly least: number; readonly most: number; readonly absent: number },
): number {
  const text = query.get(name);
  if (text === null) return range.absent;
  const value = /^\d{1,9}$/u.test(text) ? Number(text) : -1;
  if (value < range.least)
    throw new Refusal('malformed', 400, `${name} is not a whole number from ${range.least}.`);
  return Math.min(value, range.most);
}
