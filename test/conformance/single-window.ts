/** What every window protocol promises, as tests that each of them runs. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeclarationKey } from '../../src/model/ids.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import { isDecided, stateAfter } from '../../src/model/state.ts';
import type { Answer, Batch, Lodgement, SingleWindow } from '../../src/window/single-window.ts';

/** One window to try, empty at first. */
export type WindowOnTrial = {
  readonly window: SingleWindow;
  /** A declaration that the window takes; another `edition` is another content under the same key. */
  readonly lodgement: (key: string, edition?: number) => Lodgement;
  /** One that the window takes and then rejects. */
  readonly doomed: (key: string) => Lodgement;
  readonly batch: (...lodgements: readonly [Lodgement, ...Lodgement[]]) => Batch;
  /** Lets so much time pass that all verdicts have fallen. */
  readonly passTime: () => void;
  /** The same window, with what it had, after its server and the client were closed and opened again. */
  readonly restart: () => Promise<SingleWindow>;
  readonly close: () => Promise<void>;
};

const never = new AbortController().signal;

/** All receipts after a cursor, page by page, without waiting. */
async function eventsAfter(window: SingleWindow, cursor: string) {
  const receipts: Receipt[] = [];
  let next = cursor;
  for (;;) {
    const page = await window.events(next, 0, never);
    next = page.next;
    if (page.receipts.length === 0) return { receipts, next };
    receipts.push(...page.receipts);
  }
}

function receiptsOf(answers: readonly Answer[]): readonly Receipt[] {
  return answers.map((answer) => {
    if (answer.kind !== 'answered') throw new Error(`${answer.kind}: ${JSON.stringify(answer.reason)}`);
    return answer.receipt;
  });
}

function statesByKey(receipts: readonly Receipt[]) {
  const byKey = Map.groupBy(receipts, ({ key }) => key);
  return new Map([...byKey].map(([key, facts]) => [key, stateAfter(facts)]));
}

export function singleWindowConformance(name: string, open: () => Promise<WindowOnTrial>): void {
  describe(`${name} keeps the promises of a single window`, () => {
    let trial: WindowOnTrial;
    let window: SingleWindow;
    beforeEach(async () => {
      trial = await open();
      ({ window } = trial);
    });
    afterEach(() => trial.close());

    it('publishes limits that allow at least one declaration', async () => {
      const { declarations, bytes } = await window.limits(never);
      expect(declarations).toBeGreaterThanOrEqual(1);
      expect(bytes).toBeGreaterThan(trial.lodgement('A').body.length);
    });

    it('answers each declaration of a batch once, in the order of the batch', async () => {
      const batch = trial.batch(trial.lodgement('B'), trial.lodgement('A'), trial.lodgement('中文 C/3?#%'));
      const receipts = receiptsOf(await window.submit(batch, never));
      expect(receipts.map(({ key }) => key)).toEqual(['B', 'A', '中文 C/3?#%']);
      expect(receipts.map(({ state }) => state)).toEqual(['received', 'received', 'received']);
      expect(receipts.map(({ digest }) => digest)).toEqual(batch.lodgements.map(({ digest }) => digest));
    });

    it('gives the same receipts to the same batch sent again', async () => {
      const batch = trial.batch(trial.lodgement('A'), trial.lodgement('B'));
      const first = receiptsOf(await window.submit(batch, never));
      const again = receiptsOf(await window.submit(batch, never));
      expect(again.map(({ id, at }) => [id, at])).toEqual(first.map(({ id, at }) => [id, at]));
      const { receipts } = await eventsAfter(window, '');
      expect(receipts.filter(({ state }) => state === 'received')).toHaveLength(2);
    });

    it('recognises the same content under the same key in another batch as a replay', async () => {
      const [first] = receiptsOf(await window.submit(trial.batch(trial.lodgement('A')), never));
      const [again] = receiptsOf(await window.submit(trial.batch(trial.lodgement('A')), never));
      expect(again).toEqual({ ...first, isReplay: true });
    });

    it('refuses other content under a key that stands', async () => {
      await window.submit(trial.batch(trial.lodgement('A')), never);
      const [refused] = receiptsOf(await window.submit(trial.batch(trial.lodgement('A', 2)), never));
      expect(refused?.state).toBe('rejected');
      expect(refused?.problems.map(({ code }) => code)).toEqual(['duplicate-reference']);
      const [found] = await window.inquire([trial.lodgement('A').key], never);
      expect(found).toMatchObject({ kind: 'found', digest: trial.lodgement('A').digest });
    });

    it('takes other content under a key whose declaration was rejected', async () => {
      await window.submit(trial.batch(trial.doomed('A')), never);
      trial.passTime();
      const { receipts } = await eventsAfter(window, '');
      expect([...statesByKey(receipts).values()]).toEqual(['rejected']);
      const [corrected] = receiptsOf(await window.submit(trial.batch(trial.lodgement('A')), never));
      expect(corrected?.state).toBe('received');
      expect(corrected?.isReplay).toBeUndefined();
    });

    it('finds what it received, and says that it never received the rest', async () => {
      const { key, digest } = trial.lodgement('A 1/甲');
      await window.submit(trial.batch(trial.lodgement('A 1/甲')), never);
      const other = trial.lodgement('B').key;
      const inquiries = await window.inquire([other, key], never);
      expect(inquiries[0]).toEqual({ kind: 'not-found', key: other });
      expect(inquiries[1]).toMatchObject({ kind: 'found', key, digest });
    });

    it('tells in an inquiry the same facts as in the feed', async () => {
      await window.submit(trial.batch(trial.lodgement('A')), never);
      trial.passTime();
      const { receipts } = await eventsAfter(window, '');
      const [found] = await window.inquire([trial.lodgement('A').key], never);
      expect(found?.kind === 'found' ? found.receipts : []).toEqual(receipts);
    });

    it('brings every declaration to a decision, in the order of its life', async () => {
      const keys = Array.from({ length: 40 }, (_, index) => `K${index}`);
      const [first = trial.lodgement('K'), ...rest] = keys.map((key) => trial.lodgement(key));
      await window.submit(trial.batch(first, ...rest), never);
      trial.passTime();
      const { receipts } = await eventsAfter(window, '');
      const states = statesByKey(receipts);
      expect([...states.keys()].sort()).toEqual(keys.sort());
      expect([...states.values()].every(isDecided)).toBe(true);
      for (const life of Map.groupBy(receipts, ({ key }) => key).values()) {
        expect(life[0]?.state).toBe('received');
        const dates = life.map(({ at }) => at);
        expect(dates).toEqual(dates.toSorted());
      }
    });

    it('gives each accepted declaration one customs number, and no two the same', async () => {
      await window.submit(trial.batch(trial.lodgement('A'), trial.lodgement('B')), never);
      trial.passTime();
      const { receipts } = await eventsAfter(window, '');
      const numbers = new Map<DeclarationKey, Set<string>>();
      for (const { key, entryId } of receipts) {
        if (entryId !== undefined) numbers.set(key, (numbers.get(key) ?? new Set()).add(entryId));
      }
      expect([...numbers.values()].map((each) => each.size)).toEqual([1, 1]);
      expect(new Set([...numbers.values()].flatMap((each) => [...each])).size).toBe(2);
    });

    it('goes on from a cursor without a gap', async () => {
      await window.submit(trial.batch(trial.lodgement('A')), never);
      const before = await eventsAfter(window, '');
      await window.submit(trial.batch(trial.lodgement('B')), never);
      trial.passTime();
      const after = await eventsAfter(window, before.next);
      const whole = await eventsAfter(window, '');
      expect([...before.receipts, ...after.receipts]).toEqual(whole.receipts);
      expect(await eventsAfter(window, whole.next)).toEqual({ receipts: [], next: whole.next });
    });

    it('loses nothing when it is restarted', async () => {
      const batch = trial.batch(trial.lodgement('A'), trial.lodgement('B'));
      const first = receiptsOf(await window.submit(batch, never));
      const before = await eventsAfter(window, '');
      window = await trial.restart();
      expect(receiptsOf(await window.submit(batch, never)).map(({ id }) => id)).toEqual(
        first.map(({ id }) => id),
      );
      trial.passTime();
      const after = await eventsAfter(window, before.next);
      const whole = await eventsAfter(window, '');
      expect([...before.receipts, ...after.receipts]).toEqual(whole.receipts);
      expect([...statesByKey(whole.receipts).values()].every(isDecided)).toBe(true);
    });

    it('does not say of an interrupted submission that it was not sent, unless it was not', async () => {
      const batch = trial.batch(trial.lodgement('A'));
      const [answer] = await window.submit(batch, AbortSignal.abort());
      expect(answer?.kind).toBe('not-sent');
      const [inquiry] = await window.inquire([trial.lodgement('A').key], never);
      expect(inquiry?.kind).toBe('not-found');
    });
  });
}
