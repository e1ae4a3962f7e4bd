/** The sandbox window answers by the contract's status table. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WindowProblem } from '../../src/model/receipt.ts';
import { lodgement, marked } from './lodgements.ts';
import { get, itemsOf, lodgeRaw, openBatch, post, problemType, uploadOf } from './raw-client.ts';
import { sandboxOnTrial, type SandboxOnTrial } from './trial.ts';

const ndjson = 'application/x-ndjson';
const wrong: WindowProblem = {
  code: 'pack/x',
  severity: 'error',
  message: '毛重小于净重',
  pointer: '/DecHead/GrossWt',
};
const odd: WindowProblem = { code: 'pack/y', severity: 'warning', message: '请确认' };

let trial: SandboxOnTrial;
let address: string;
beforeEach(async () => {
  trial = await sandboxOnTrial((content) => {
    const head = content['DecHead'];
    const remarks = head === undefined || Array.isArray(head) ? undefined : head['NoteS'];
    return remarks === 'wrong' ? [wrong, odd] : remarks === 'odd' ? [odd] : [];
  });
  ({ address } = trial.sandbox);
});
afterEach(() => trial.close());

describe('an upload', () => {
  it('is answered with 202 for a new reference and 200 for the same content', async () => {
    expect(itemsOf(await lodgeRaw(address, [lodgement('A')]))[0]).toMatchObject({ ref: 'A', status: 202 });
    const [again] = itemsOf(await lodgeRaw(address, [lodgement('A')]));
    expect(again).toMatchObject({ ref: 'A', status: 200, replayed: true });
  });

  it('is answered declaration by declaration when only some can be taken', async () => {
    await lodgeRaw(address, [lodgement('A')]);
    const mixed = [lodgement('B'), lodgement('A', { NoteS: '改' }), lodgement('C', { NoteS: 'wrong' })];
    const reply = await lodgeRaw(address, mixed);
    expect(reply.status).toBe(207);
    expect(itemsOf(reply).map(({ ref, status }) => [ref, status])).toEqual([
      ['B', 202],
      ['A', 409],
      ['C', 422],
    ]);
  });

  it('is refused with all complaints of the check, and not received', async () => {
    const [item] = itemsOf(await lodgeRaw(address, [lodgement('A', { NoteS: 'wrong' })]));
    expect(item).toMatchObject({ status: 422, problem: { errors: [wrong, odd] } });
    expect((await get(address, '/v1/declarations/A')).status).toBe(404);
  });

  it('is taken with the warnings of the check', async () => {
    const [item] = itemsOf(await lodgeRaw(address, [lodgement('A', { NoteS: 'odd' })]));
    expect(item).toMatchObject({ status: 202, warnings: [odd] });
  });

  it('warns of the same content under another reference', async () => {
    const first = lodgement('A');
    const second = { ...lodgement('B'), body: first.body, digest: first.digest };
    await lodgeRaw(address, [first]);
    const [item] = itemsOf(await lodgeRaw(address, [second]));
    expect(item).toMatchObject({ status: 202, warnings: [{ code: 'possible-duplicate' }] });
  });

  it('without customs district or direction is refused, whatever the check says', async () => {
    const [item] = itemsOf(await lodgeRaw(address, [lodgement('A', { CustomMaster: '大连', IEFlag: '' })]));
    const pointers = [{ pointer: '/DecHead/CustomMaster' }, { pointer: '/DecHead/IEFlag' }];
    expect(item).toMatchObject({ status: 422, problem: { errors: pointers } });
  });

  it('of something that is no declaration is refused for that line alone', async () => {
    const body = `{"ref":"A","declaration":{"DecHead":{"GrossWt":12}}}\n${uploadOf([lodgement('B')])}`;
    const path = `/v1/batches/${await openBatch(address, body, 2)}/declarations`;
    const reply = await post(address, path, { key: 'k', type: ndjson, body });
    expect(itemsOf(reply).map(({ status }) => status)).toEqual([422, 202]);
  });

  it('gets a customs number of office, year, direction and nine digits', async () => {
    await lodgeRaw(address, [lodgement('I'), lodgement('E', { IEFlag: 'E' })]);
    trial.advance(60_000);
    const numbers = await Promise.all(
      ['I', 'E'].map(async (ref) => (await get(address, `/v1/declarations/${ref}`)).text),
    );
    expect(/"mrn":"(\d{9})/u.exec(numbers[0] ?? '')?.[1]).toBe('091020261');
    expect(/"mrn":"(\d{9})/u.exec(numbers[1] ?? '')?.[1]).toBe('091020260');
  });

  it('counts a correction after a rejection as a new version, and knows both', async () => {
    await lodgeRaw(address, [marked('A', 'reject')]);
    expect(itemsOf(await lodgeRaw(address, [lodgement('A')]))[0]).toMatchObject({ status: 409 });
    trial.advance(60_000);
    const [item] = itemsOf(await lodgeRaw(address, [lodgement('A')]));
    expect(item).toMatchObject({ status: 202, receipt: { version: 2 } });
    const { json } = await get(address, '/v1/declarations/A');
    expect(json['versions']).toMatchObject([
      { version: 1, state: 'rejected' },
      { version: 2, state: 'received' },
    ]);
  });

  it('that answers a late copy of a rejected version does not lodge it anew', async () => {
    await lodgeRaw(address, [marked('A', 'reject')]);
    trial.advance(60_000);
    await lodgeRaw(address, [lodgement('A')]);
    const [late] = itemsOf(await lodgeRaw(address, [marked('A', 'reject')]));
    expect(late).toMatchObject({ status: 200, replayed: true, receipt: { version: 1 } });
  });
});

describe('an idempotency key', () => {
  it('brings the first answer back, word for word', async () => {
    const body = uploadOf([lodgement('A'), lodgement('B', { NoteS: 'wrong' })]);
    const path = `/v1/batches/${await openBatch(address, body, 2)}/declarations`;
    const first = await post(address, path, { key: 'k', type: ndjson, body });
    trial.advance(60_000);
    await trial.restart();
    const again = await post(trial.sandbox.address, path, { key: 'k', type: ndjson, body });
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('is refused with another body', async () => {
    const body = uploadOf([lodgement('A')]);
    const path = `/v1/batches/${await openBatch(address, body, 1)}/declarations`;
    await post(address, path, { key: 'k', type: ndjson, body });
    const other = await post(address, path, { key: 'k', type: ndjson, body: uploadOf([lodgement('B')]) });
    expect([other.status, problemType(other)]).toEqual([422, 'key-reused']);
    expect((await get(address, '/v1/declarations/B')).status).toBe(404);
  });

  it('is needed', async () => {
    const reply = await post(address, '/v1/batches', { body: '{}' });
    expect([reply.status, problemType(reply)]).toEqual([400, 'malformed']);
    const body = JSON.stringify({ profile: 'p', expectedCount: 1, contentDigest: '0'.repeat(64) });
    expect(problemType(await post(address, '/v1/batches', { body }))).toBe('key-missing');
  });

  it('is forgotten after fourteen days, and the references are not', async () => {
    const body = uploadOf([lodgement('A')]);
    const path = `/v1/batches/${await openBatch(address, body, 1)}/declarations`;
    await post(address, path, { key: 'k', type: ndjson, body });
    trial.advance(15 * 86_400_000);
    const late = await post(address, path, { key: 'k', type: ndjson, body });
    expect(problemType(late)).toBe('batch-not-open');
    expect(itemsOf(await lodgeRaw(address, [lodgement('A')]))[0]).toMatchObject({ status: 200 });
  });
});

describe('a batch', () => {
  it('closes by itself when all came, and is complete when all are decided', async () => {
    const body = uploadOf([lodgement('A'), lodgement('B', { NoteS: 'wrong' })]);
    const id = await openBatch(address, body, 2);
    expect((await get(address, `/v1/batches/${id}`)).json['state']).toBe('open');
    await post(address, `/v1/batches/${id}/declarations`, { key: 'k', type: ndjson, body });
    expect((await get(address, `/v1/batches/${id}`)).json).toMatchObject({
      state: 'processing',
      counts: { received: 1, refused: 1 },
    });
    trial.advance(60_000);
    expect((await get(address, `/v1/batches/${id}`)).json['state']).toBe('complete');
  });

  it('takes nothing that it did not announce', async () => {
    const id = await openBatch(address, uploadOf([lodgement('A')]), 1);
    const path = `/v1/batches/${id}/declarations`;
    const other = await post(address, path, { key: 'a', type: ndjson, body: uploadOf([lodgement('B')]) });
    expect([other.status, problemType(other)]).toEqual([422, 'content-mismatch']);
    const body = uploadOf([lodgement('A'), lodgement('B')]);
    const more = await post(address, path, { key: 'b', type: ndjson, body });
    expect(problemType(more)).toBe('content-mismatch');
  });

  it('takes nothing once it is closed or aborted, and ends only one way', async () => {
    const body = uploadOf([lodgement('A')]);
    const id = await openBatch(address, body, 1);
    expect((await post(address, `/v1/batches/${id}/abort`, { body: '' })).status).toBe(202);
    expect((await post(address, `/v1/batches/${id}/abort`, { body: '' })).status).toBe(202);
    expect((await post(address, `/v1/batches/${id}/close`, { body: '' })).status).toBe(409);
    const late = await post(address, `/v1/batches/${id}/declarations`, { key: 'k', type: ndjson, body });
    expect([late.status, problemType(late)]).toEqual([409, 'batch-not-open']);
  });

  it('is not opened beside ten open ones, until those are old', async () => {
    for (let count = 0; count < 10; count += 1) await openBatch(address, '', 1);
    const body = JSON.stringify({ profile: 'p', expectedCount: 1, contentDigest: '0'.repeat(64) });
    const eleventh = await post(address, '/v1/batches', { key: randomUUID(), body });
    expect([eleventh.status, eleventh.headers['retry-after']]).toEqual([429, '1']);
    trial.advance(11 * 60_000);
    expect((await post(address, '/v1/batches', { key: randomUUID(), body })).status).toBe(201);
  });

  it('tells its results by set, page by page', async () => {
    const taken = Array.from({ length: 600 }, (_, index) => lodgement(`K${index}`));
    const all = [...taken, marked('X', 'reject'), lodgement('Y', { NoteS: 'wrong' }), marked('Z', 'slow')];
    const body = uploadOf(all);
    const id = await openBatch(address, body, all.length);
    await post(address, `/v1/batches/${id}/declarations`, { key: 'k', type: ndjson, body });
    trial.advance(60_000);
    const refsOf = async (set: string) => {
      const refs: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = await get(address, `/v1/batches/${id}/results?set=${set}${query}`);
        refs.push(...[...page.text.matchAll(/^\{"ref":"(\w+)"/gmu)].map((match) => match[1] ?? ''));
        cursor = page.headers['next-cursor'];
      }
      return refs;
    };
    expect(await refsOf('succeeded')).toEqual(taken.map(({ key }) => key));
    expect(await refsOf('failed')).toEqual(['X', 'Y']);
    expect(await refsOf('unprocessed')).toEqual(['Z']);
  });
});
