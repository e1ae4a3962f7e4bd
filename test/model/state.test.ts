/** Each state by its name: what counts as a state, as accepted, as decided, and what facts lead to. */
import { describe, expect, test } from 'vitest';
import {
  isAccepted,
  isBeyond,
  isDecided,
  isLodgementState,
  road,
  type LodgementState,
  stateAfter,
} from '../../src/model/state.ts';

const beside = ['unknown', 'rejected', 'cancelled'] as const;
const all: readonly LodgementState[] = [...road, ...beside];
const after = (...states: readonly (LodgementState | undefined)[]) =>
  stateAfter(states.map((state) => (state === undefined ? {} : { state })));

test('the road goes from prepared to exited', () => {
  expect(road).toEqual([
    'prepared',
    'sending',
    'received',
    'registered',
    'accepted',
    'held',
    'released',
    'cleared',
    'exited',
  ]);
});

test.each(all)('%s is a state', (state) => {
  expect(isLodgementState(state)).toBe(true);
});

test.each(['', 'Accepted', 'lodged', 'toString'])('"%s" is no state', (text) => {
  expect(isLodgementState(text)).toBe(false);
});

describe('of all states', () => {
  test('those from accepted on are accepted', () => {
    expect(all.filter(isAccepted)).toEqual(['accepted', 'held', 'released', 'cleared', 'exited']);
  });

  test('those that need nothing further are decided', () => {
    expect(all.filter(isDecided)).toEqual([
      'accepted',
      'held',
      'released',
      'cleared',
      'exited',
      'rejected',
      'cancelled',
    ]);
  });
});

test('one state is beyond another only where both are on the road', () => {
  const beyond = all.flatMap((one) =>
    all.filter((other) => isBeyond(one, other)).map((other) => [one, other]),
  );
  expect(beyond).toEqual(road.flatMap((one, at) => road.slice(0, at).map((other) => [one, other])));
});

describe('the state', () => {
  test('without a fact is prepared', () => {
    expect(after()).toBe('prepared');
    expect(after(undefined)).toBe('prepared');
  });

  test.each(all)('after %s alone is that', (state) => {
    expect(after(state)).toBe(state);
    expect(after(undefined, state, undefined)).toBe(state);
  });

  test.each(road)('cancelled ends %s', (state) => {
    expect(after('cancelled', state)).toBe('cancelled');
    expect(after(state, 'cancelled', 'rejected', 'unknown')).toBe('cancelled');
  });

  test.each(road)('rejected holds beside %s only while that is not accepted', (state) => {
    expect(after('rejected', state, 'unknown')).toBe(isAccepted(state) ? state : 'rejected');
  });

  test.each(road)('unknown gives way to %s where that is a word of the window', (state) => {
    const isOurs = state === 'prepared' || state === 'sending';
    expect(after(state, 'unknown')).toBe(isOurs ? 'unknown' : state);
  });
});
