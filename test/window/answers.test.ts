/** Each parser of the window's answers takes what is whole, with nothing lost and nothing added, and nothing with one member missing or wrong. */
/* oxlint-disable vitest/expect-expect */
import { describe, expect, test } from 'vitest';
import {
  isDateTime,
  parseDeclaration,
  parseEvent,
  parseEvents,
  parseLimits,
  parseOpenedBatch,
  parseProblem,
} from '../../src/window/http/answers.ts';
import { lodgement } from './lodgements.ts';

type Members = Readonly<Record<string, unknown>>;

const { digest } = lodgement('A');
const at = '2026-03-02T09:00:00.000+08:00';
const complaint = { code: 'c', severity: 'error', message: 'm', pointer: '/DecHead/NetWt' };
const event = {
  id: 'e1',
  type: 'declaration.accepted',
  ref: 'A',
  occurredAt: at,
  authorityCode: 'J',
  text: '审结',
  contentDigest: digest,
  problems: [{ ...complaint, severity: 'warning' }],
};

/** Each member taken out, and each given the values that it must not have. */
function broken(whole: Members, wrong: Readonly<Record<string, readonly unknown[]>>): readonly Members[] {
  return Object.entries(wrong).flatMap(([name, values]) => [
    ...values.map((value) => ({ ...whole, [name]: value })),
    ...(values.includes(undefined)
      ? [Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name))]
      : []),
  ]);
}

const notObjects = [undefined, null, 'text', 7, []];

describe('a problem', () => {
  const whole = { type: 'urn:declarant:problem:validation-failed', title: 't', status: 422, detail: 'd' };
  const refused = (value: unknown): void => expect(parseProblem(value, 422)).toBeUndefined();

  test('is taken with what it must have', () => {
    expect(parseProblem(whole, 422)).toStrictEqual({
      type: 'validation-failed',
      status: 422,
      title: 't',
      detail: 'd',
      errors: [],
    });
  });

  test('is taken with all it may have', () => {
    const more = { instance: 'i', occurredAt: at, ref: 'A', errors: [complaint] };
    expect(parseProblem({ ...whole, ...more, other: 1 }, 422)).toStrictEqual({
      type: 'validation-failed',
      status: 422,
      title: 't',
      detail: 'd',
      ...more,
    });
  });

  test.each(notObjects)('is not %j', refused);
  test.each(
    broken(whole, {
      type: [undefined, 7, '', 'about:blank', 'a urn:declarant:problem:x'],
      title: [undefined, 7],
      detail: [undefined, null],
      status: [undefined, 400, '422'],
      instance: [7, null],
      occurredAt: [7, 'yesterday', null],
      ref: [7, null],
      errors: [
        null,
        {},
        ['text'],
        [null],
        [{ ...complaint, code: 7 }],
        [{ ...complaint, severity: 'fatal' }],
        [{ ...complaint, message: 7 }],
        [{ ...complaint, pointer: 7 }],
        [complaint, { ...complaint, message: undefined }],
      ],
    }),
  )('is not %j', refused);
});

test.each([at, '2026-03-02T01:00:00Z', '2026-03-02T01:00:00.5-11:30'])('%s is a moment', (text) => {
  expect(isDateTime(text)).toBe(true);
});

test.each(['2026-03-02', '2026-03-02T01:00:00', ` ${at}`, `${at} `, `${at}Z`, '2026-03-02T01:00:00.Z', 7])(
  '%j is no moment',
  (text) => {
    expect(isDateTime(text)).toBe(false);
  },
);

describe('an event', () => {
  const read = {
    key: 'A',
    id: 'e1',
    at,
    code: 'J',
    text: '审结',
    problems: event.problems,
    digest,
    state: 'accepted',
  };

  test('is taken with what it must have', () => {
    expect(parseEvent(event)).toStrictEqual(read);
  });

  test('is taken with its numbers', () => {
    expect(parseEvent({ ...event, mrn: '090020261000000007', windowNumber: 'I2026' })).toStrictEqual({
      ...read,
      windowNumber: 'I2026',
      entryId: '090020261000000007',
    });
  });

  test('of a state that nobody knows is kept without one', () => {
    const { state, ...rest } = read;
    expect(state).toBe('accepted');
    expect(parseEvent({ ...event, type: 'declaration.weighed' })).toStrictEqual(rest);
  });

  const refused = (value: unknown): void => expect(parseEvent(value)).toBeUndefined();
  test.each(notObjects)('is not %j', refused);
  test.each(
    broken(event, {
      id: [undefined, 7, ''],
      type: [undefined, 7, 'batch.accepted', 'accepted'],
      ref: [undefined, 7, ''],
      occurredAt: [undefined, 'now'],
      authorityCode: [undefined, 7],
      text: [undefined, 7],
      contentDigest: [undefined, 7, 'ab'],
      problems: [undefined, {}, [complaint, 7]],
      windowNumber: [7, null],
      mrn: [7, null, '12', '090020262000000007'],
    }),
  )('is not %j', refused);
});

describe('a page of events', () => {
  test('is taken whole', () => {
    expect(parseEvents({ events: [event, event], nextCursor: 'n' })).toStrictEqual({
      receipts: [parseEvent(event), parseEvent(event)],
      next: 'n',
    });
    expect(parseEvents({ events: [], nextCursor: 'n' })).toStrictEqual({ receipts: [], next: 'n' });
  });

  const refused = (value: unknown): void => expect(parseEvents(value)).toBeUndefined();
  test.each(notObjects)('is not %j', refused);
  test.each(
    broken(
      { events: [event], nextCursor: 'n' },
      { events: [undefined, {}, 'text', [event, 7], [{ ...event, id: '' }]], nextCursor: [undefined, 7, ''] },
    ),
  )('is not %j', refused);
});

describe('a declaration that the window holds', () => {
  const other = lodgement('A', { NoteS: 'other' }).digest;
  const version = { contentDigest: digest, history: [event] };
  const whole = { ref: 'A', versions: [version] };

  test('is taken with the receipts of all its versions and the digest of the last', () => {
    expect(parseDeclaration(whole)).toStrictEqual({ ref: 'A', receipts: [parseEvent(event)], digest });
    const second = { ...event, id: 'e2', contentDigest: other };
    expect(
      parseDeclaration({ ref: 'A', versions: [version, { contentDigest: other, history: [second] }] }),
    ).toStrictEqual({ ref: 'A', receipts: [parseEvent(event), parseEvent(second)], digest: other });
  });

  const refused = (value: unknown): void => expect(parseDeclaration(value)).toBeUndefined();
  test.each(notObjects)('is not %j', refused);
  test.each(
    broken(whole, {
      ref: [undefined, 7, 'B'],
      versions: [
        undefined,
        {},
        [],
        [7],
        [{ contentDigest: digest }],
        [{ ...version, history: [] }],
        [{ ...version, history: [7] }],
        [{ ...version, history: [event, { ...event, ref: 'B' }] }],
        [{ ...version, contentDigest: 'ab' }],
        [{ history: [event] }],
      ],
    }),
  )('is not %j', refused);
});

describe('an opened batch', () => {
  test.each(['b-1', 'b', 'x'.repeat(100)])('is known by its id %s', (id) => {
    expect(parseOpenedBatch({ id, state: 'open' })).toBe(id);
  });

  const refused = (value: unknown): void => expect(parseOpenedBatch(value)).toBeUndefined();
  test.each(notObjects)('is not %j', refused);
  test.each(
    broken(
      { id: 'b-1', state: 'open' },
      { id: [undefined, 7, '', '../x', 'b/1', '/b', 'x'.repeat(101)], state: [undefined, 'closed'] },
    ),
  )('is not %j', refused);
});

describe('limits', () => {
  test('are taken from one on', () => {
    expect(parseLimits({ declarationsPerRequest: 1, bytesPerRequest: 1 })).toStrictEqual({
      declarations: 1,
      bytes: 1,
    });
  });

  const refused = (value: unknown): void => expect(parseLimits(value)).toBeUndefined();
  test.each(notObjects)('are not %j', refused);
  test.each(
    broken(
      { declarationsPerRequest: 500, bytesPerRequest: 1000 },
      { declarationsPerRequest: [undefined, '5', 0, 1.5], bytesPerRequest: [undefined, '5', 0, 1.5] },
    ),
  )('are not %j', refused);
});
