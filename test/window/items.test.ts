/** Each answer to an upload is believed for a declaration only where it names it, once, with its digest and in its batch. */
import { describe, expect, test } from 'vitest';
import { readItems } from '../../src/window/http/items.ts';
import { lodgement } from './lodgements.ts';

const [a, b] = [lodgement('A'), lodgement('B')];
const at = '2026-03-02T09:00:00.000+08:00';
const warning = { code: 'w', severity: 'warning', message: 'm' };
const receipt = { id: 'r', ref: 'A', batchId: 'batch', receivedAt: at, contentDigest: a.digest, text: 't' };
const taken = { ref: 'A', status: 202, receipt, warnings: [warning] };
const told = { type: 'urn:declarant:problem:x', title: 't', detail: 'd', instance: 'i', occurredAt: at };
const refusal = (status: number, more: object = {}) => ({
  ref: 'A',
  status,
  problem: { ...told, status, ...more },
});
const unknown = (key: string) => ({
  kind: 'cannot-know',
  key,
  reason: { cause: 'broken-answer', status: 207 },
});
const read = (...items: readonly unknown[]) => readItems({ items }, 'batch', [a]);
const said = {
  key: 'A',
  id: 'r',
  state: 'received',
  at,
  code: '3',
  text: 't',
  problems: [warning],
  digest: a.digest,
};

describe('the answer as a whole', () => {
  test.each([undefined, null, 'text', [], {}, { items: {} }, { items: [7] }, { items: [taken, null] }])(
    'is nothing where it is %j',
    (value) => {
      expect(readItems(value, 'batch', [a, b])).toStrictEqual([unknown('A'), unknown('B')]);
    },
  );

  test('is believed for none where it names another', () => {
    expect(readItems({ items: [taken, { ...taken, ref: 'C' }] }, 'batch', [a, b])).toStrictEqual([
      unknown('A'),
      unknown('B'),
    ]);
    expect(read(taken, { ...taken, ref: 7 })).toStrictEqual([unknown('A')]);
  });

  test('is believed for the others where it misses one, or names one twice or three times', () => {
    const other = { ref: 'B', status: 503 };
    const putOff = { kind: 'not-sent', key: 'B', reason: { cause: 'unavailable', status: 503 } };
    for (const items of [[other], [taken, other, taken], [taken, taken, taken, other]])
      expect(readItems({ items }, 'batch', [a, b])).toStrictEqual([unknown('A'), putOff]);
  });
});

describe('a declaration', () => {
  test('is received with its receipt', () => {
    expect(read(taken)).toStrictEqual([{ kind: 'answered', key: 'A', receipt: said }]);
    expect(read({ ...taken, warnings: [], receipt: { ...receipt, windowNumber: 'I1' } })).toStrictEqual([
      { kind: 'answered', key: 'A', receipt: { ...said, problems: [], windowNumber: 'I1' } },
    ]);
  });

  test('that was received before is told again, of whatever batch', () => {
    const again = { ...taken, status: 200, replayed: true, receipt: { ...receipt, batchId: 'earlier' } };
    expect(read(again)).toStrictEqual([{ kind: 'answered', key: 'A', receipt: { ...said, isReplay: true } }]);
  });

  test.each([
    { ...taken, receipt: 7 },
    { ...taken, receipt: [receipt] },
    { ...taken, warnings: undefined },
    { ...taken, warnings: [7] },
    { ...taken, replayed: true },
    { ...taken, status: 200 },
    { ...taken, status: 200, replayed: 'yes' },
    { ...taken, status: '202' },
    { ...taken, status: 201 },
    ...[
      { id: 7 },
      { id: '' },
      { ref: 'B' },
      { batchId: 'other' },
      { receivedAt: 'now' },
      { contentDigest: b.digest },
      { text: 7 },
      { windowNumber: 7 },
    ].map((more) => ({ ...taken, receipt: { ...receipt, ...more } })),
    { ref: 'A', status: 409 },
    refusal(409, { status: 422 }),
    refusal(422, { instance: undefined }),
    refusal(422, { occurredAt: undefined }),
    { ...refusal(422), status: 409 },
  ])('is in doubt by %j', (item) => {
    expect(read(item)).toStrictEqual([unknown('A')]);
  });

  const rejected = {
    key: 'A',
    id: 'i',
    state: 'rejected',
    at,
    code: 'x',
    text: 'd',
    problems: [{ code: 'x', severity: 'error', message: 'd' }],
  };

  test('whose content is refused is rejected, with each complaint or the whole', () => {
    expect(read(refusal(422))).toStrictEqual([{ kind: 'answered', key: 'A', receipt: rejected }]);
    const errors = [{ code: 'c', severity: 'error', message: 'm' }];
    expect(read(refusal(422, { errors }))).toStrictEqual([
      { kind: 'answered', key: 'A', receipt: { ...rejected, problems: errors } },
    ]);
  });

  test('that the window holds already is a duplicate', () => {
    expect(read(refusal(409))).toStrictEqual([
      { kind: 'answered', key: 'A', receipt: rejected, isDuplicate: true },
    ]);
  });

  test.each([
    [413, 'too-large'],
    [429, 'throttled'],
    [503, 'unavailable'],
  ])('by %i is not sent: %s', (status, cause) => {
    expect(read({ ref: 'A', status })).toStrictEqual([
      { kind: 'not-sent', key: 'A', reason: { cause, status } },
    ]);
  });
});
