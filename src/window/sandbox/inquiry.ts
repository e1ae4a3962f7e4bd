/** What the sandbox window tells about one declaration, and about all of a batch. */
import { beijingTime } from './numbers.ts';
import { findBatch } from './batches.ts';
import { json, type Answer, type Call, type Sandbox } from './context.ts';
import { historyOf, settle } from './feed.ts';
import { stateAfter, isAccepted, isLodgementState, type LodgementState } from '../../model/state.ts';
import { Refusal } from './refusal.ts';
import { textOf, wholeOf, type Row } from './store.ts';

/** `GET /v1/declarations/{ref}`: every version, oldest first. A reference that never arrived is a problem of the type `unknown-reference` that names it. */
export function showDeclaration(sandbox: Sandbox, call: Call): Answer {
  settle(sandbox);
  const rows = sandbox.store.all('select * from declaration where ref = ? order by version', call.id);
  if (rows.length === 0) {
    throw new Refusal('unknown-reference', 404, 'Nothing was received under this reference.', {
      ref: call.id,
    });
  }
  const versions = rows.map((row) => standing(sandbox, row));
  return json(200, { ref: call.id, askedAt: beijingTime(sandbox.now().getTime()), versions });
}

function standing(sandbox: Sandbox, row: Row) {
  const history = historyOf(sandbox, wholeOf(row, 'serial'));
  const state = stateAfter(history.map(({ type }) => stateOf(type)));
  const mrn = history.find((event) => event.mrn !== undefined)?.mrn;
  return {
    version: wholeOf(row, 'version'),
    state,
    contentDigest: textOf(row, 'digest'),
    windowNumber: textOf(row, 'window_number'),
    ...(mrn === undefined ? {} : { mrn }),
    history,
  };
}

/** Of an event's type; nothing where it tells none. */
export function stateOf(type: string): { readonly state?: LodgementState } {
  const state = type.slice('declaration.'.length);
  return isLodgementState(state) ? { state } : {};
}

const sets = ['succeeded', 'failed', 'unprocessed'] as const;
const pageSize = 500;

/** `GET /v1/batches/{id}/results`: NDJSON, one line a declaration, those taken before those refused. `Next-Cursor` is absent on the last page. */
export function showResults(sandbox: Sandbox, call: Call): Answer {
  findBatch(sandbox, call.id);
  const wanted = (call.query.get('set') ?? sets.join(',')).split(',');
  if (!wanted.every((name) => sets.some((set) => set === name))) {
    throw new Refusal('malformed', 400, `set is made of ${sets.join(', ')}.`);
  }
  settle(sandbox);
  const [, table, after] = /^([dr])-(\d{1,15})$/u.exec(call.query.get('cursor') ?? 'd-0') ?? [];
  if (after === undefined)
    throw new Refusal('malformed', 400, 'The cursor is not one that this window gave.');
  if (table === 'd') {
    const sql = 'select * from declaration where batch = ? and serial > ? order by serial limit ?';
    const rows = sandbox.store.all(sql, call.id, Number(after), pageSize);
    const lines = rows.map((row) => ({ ref: textOf(row, 'ref'), ...standing(sandbox, row) }));
    const next = rows.length === pageSize ? `d-${wholeOf(rows.at(-1), 'serial')}` : 'r-0';
    return page(
      lines.filter(({ state }) => wanted.includes(setOf(state))),
      next,
    );
  }
  const sql = 'select seq, item from refusal where batch = ? and seq > ? order by seq limit ?';
  const rows = sandbox.store.all(sql, call.id, Number(after), pageSize);
  const lines = wanted.includes('failed') ? rows.map((row): unknown => JSON.parse(textOf(row, 'item'))) : [];
  return page(lines, rows.length === pageSize ? `r-${wholeOf(rows.at(-1), 'seq')}` : undefined);
}

function setOf(state: LodgementState): (typeof sets)[number] {
  if (state === 'rejected' || state === 'cancelled') return 'failed';
  return isAccepted(state) ? 'succeeded' : 'unprocessed';
}

function page(lines: readonly unknown[], next: string | undefined): Answer {
  return {
    status: 200,
    type: 'application/x-ndjson',
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    ...(next === undefined ? {} : { headers: { 'next-cursor': next } }),
  };
}
