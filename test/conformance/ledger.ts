/** What every ledger must do, whatever it is stored in. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { clientSeqNoOf } from '../../src/model/ids.ts';
import {
  at,
  batchId,
  entryId,
  intent,
  intents,
  key,
  known,
  lodge,
  receipt,
  runOne,
  runStart,
  runTwo,
  stateOf,
} from './ledger-samples.ts';

/** `makeStorage` gives fresh storage as a function that opens it, again and again, and one that removes it. */
export type LedgerStorage = { readonly open: () => Promise<Ledger>; readonly remove: () => Promise<void> };

export function ledgerConformance(name: string, makeStorage: () => Promise<LedgerStorage>): void {
  describe(`${name} as a ledger`, () => {
    let storage: LedgerStorage;
    let ledger: Ledger;
    beforeEach(async () => {
      storage = await makeStorage();
      ledger = await storage.open();
    });
    afterEach(async () => {
      ledger.close();
      await storage.remove();
    });
    const reopen = async (): Promise<void> => {
      ledger.close();
      ledger = await storage.open();
    };
    const intend = (batch: number, of = intents(1, 1), minute = 1): void =>
      ledger.intend(runOne, { id: batchId(batch), pack: 'cn-goods-declaration', intents: of }, at(minute));

    it('finds nothing under a key that it never held', () => {
      expect(ledger.find([key(1), key(2)]).size).toBe(0);
    });

    it('gives back what was intended, after closing and opening too', async () => {
      lodge(ledger, 3);
      await reopen();
      const entry = known(ledger.find([key(2)]).get(key(2)));
      expect(entry).toEqual({
        key: key(2),
        clientSeqNo: clientSeqNoOf(key(2)),
        digest: intent(2).digest,
        state: 'sending',
        run: runOne,
        rows: intent(2).rows,
        batch: batchId(1),
        receipts: [],
        intendedAt: at(1),
        changedAt: at(1),
      });
    });

    it('gives back the very bytes of an open batch, in its order', async () => {
      lodge(ledger, 70);
      await reopen();
      expect(ledger.openBatches()).toEqual([
        {
          id: batchId(1),
          pack: 'cn-goods-declaration',
          intents: intents(1, 70),
          firstSentAt: at(2),
          isDoubted: true,
          latestAt: at(2),
          lastSentAt: at(2),
        },
      ]);
    });

    it("tells when an open batch first went out by the window's own clock, and the latest moment it ever wrote down", () => {
      lodge(ledger, 1);
      ledger.endAttempt(batchId(1), 1, { at: at(90), how: 'cannot-know' });
      ledger.beginAttempt(batchId(1), at(3), at(500));
      ledger.intend(runOne, { id: batchId(2), pack: 'p', intents: [intent(2)] }, at(4));
      ledger.beginAttempt(batchId(2), at(4), at(600));
      const told = ledger
        .openBatches()
        .map((each) => [each.latestAt, each.serverSentAt, each.lastSentAt, each.serverLastAt]);
      expect(told).toEqual([
        [at(90), undefined, at(3), at(500)],
        [at(90), at(600), at(4), at(600)],
      ]);
    });

    it('keeps the members of an open batch that are decided already', () => {
      lodge(ledger, 2);
      ledger.record([receipt(1, 'accepted', 'r1')], at(3));
      expect(ledger.openBatches().map((batch) => batch.intents)).toEqual([intents(1, 2)]);
    });

    it('tells a batch that can have reached nobody from one in doubt', () => {
      ledger.beginRun(runStart());
      intend(1);
      const told = () => ledger.openBatches().map(({ isDoubted, firstSentAt }) => [isDoubted, firstSentAt]);
      expect(told()).toEqual([[false, at(1)]]);
      ledger.beginAttempt(batchId(1), at(2));
      expect(told()).toEqual([[true, at(2)]]);
      ledger.endAttempt(batchId(1), 1, { at: at(3), how: 'not-sent', detail: 'throttled' });
      expect(told()).toEqual([[false, at(2)]]);
      ledger.beginAttempt(batchId(1), at(4));
      expect(told()).toEqual([[true, at(2)]]);
      ledger.endAttempt(batchId(1), 2, { at: at(5), how: 'cannot-know' });
      ledger.beginAttempt(batchId(1), at(6));
      ledger.endAttempt(batchId(1), 3, { at: at(7), how: 'not-sent' });
      expect(told()).toEqual([[true, at(2)]]);
    });

    it('lists open batches oldest first and closes those that were answered', () => {
      ledger.beginRun(runStart());
      for (const number of [1, 2, 3]) intend(number, intents(number * 10, 1));
      ledger.record([receipt(20, 'received', 'r')], at(4));
      expect(ledger.openBatches().map(({ id }) => id)).toEqual([batchId(1), batchId(3)]);
    });

    it.each([
      'sending',
      'unknown',
      'received',
      'registered',
      'accepted',
      'held',
      'released',
      'cancelled',
    ] as const)('refuses to send a declaration again that is %s', (state) => {
      lodge(ledger);
      if (state === 'unknown') ledger.markUnknown([key(1)], at(3));
      else if (state !== 'sending') ledger.record([receipt(1, state, 'r1')], at(3));
      expect(() => intend(2, [intent(1, 'changed')])).toThrow(/not free/u);
      expect(stateOf(ledger, 1)).toBe(state);
    });

    it('refuses the whole batch for one key that is not free', () => {
      lodge(ledger);
      expect(() => intend(2, [intent(2), intent(1)])).toThrow(/not free/u);
      expect(ledger.find([key(2)]).size).toBe(0);
      expect(ledger.counts()).toEqual(new Map([['sending', 1]]));
    });

    it('refuses a key that occurs twice in one batch', () => {
      ledger.beginRun(runStart());
      expect(() => intend(1, [intent(1), intent(1)])).toThrow(/not free/u);
    });

    it('knows whose number is whose, after closing and opening too', async () => {
      lodge(ledger, 3);
      await reopen();
      const numbers = [3, 9].map((number) => clientSeqNoOf(key(number)));
      expect([...ledger.holdersOf(numbers)]).toEqual([[clientSeqNoOf(key(3)), key(3)]]);
    });

    it('refuses a batch under the key of another', () => {
      lodge(ledger);
      expect(() => intend(1, [intent(2)])).toThrow(/UNIQUE|batch/u);
    });

    it('refuses a body that has another digest', () => {
      ledger.beginRun(runStart());
      expect(() => intend(1, [{ ...intent(1), body: '{}' }])).toThrow(/digest/u);
    });

    it('refuses a declaration of a run that was never begun', () => {
      expect(() => intend(1)).toThrow(/run/u);
    });

    it('takes a rejected declaration again with other content and forgets the rejection as its state only', () => {
      lodge(ledger);
      ledger.record([receipt(1, 'rejected', 'r1')], at(3));
      ledger.beginRun(runStart(runTwo));
      ledger.intend(runTwo, { id: batchId(2), pack: 'p', intents: [intent(1, 'corrected')] }, at(4));
      const entry = known(ledger.find([key(1)]).get(key(1)));
      expect([entry.state, entry.digest, entry.run, entry.receipts, entry.intendedAt]).toEqual([
        'sending',
        intent(1, 'corrected').digest,
        runTwo,
        [],
        at(1),
      ]);
    });

    it('does not let a late rejection of the first content touch the corrected one', () => {
      lodge(ledger);
      ledger.record([receipt(1, 'rejected', 'r1')], at(3));
      intend(2, [intent(1, 'corrected')]);
      ledger.record(
        [receipt(1, 'rejected', 'r1'), receipt(1, 'rejected', 'r2', { digest: intent(1).digest })],
        at(5),
      );
      expect(stateOf(ledger, 1)).toBe('sending');
    });

    it('believes a late acceptance of the first content, for then nothing may be sent again', () => {
      lodge(ledger);
      ledger.record([receipt(1, 'rejected', 'r1')], at(3));
      intend(2, [intent(1, 'corrected')]);
      ledger.record([receipt(1, 'accepted', 'r2', { digest: intent(1).digest })], at(5));
      expect(stateOf(ledger, 1)).toBe('accepted');
    });

    it('sends again what was released, under another batch', () => {
      lodge(ledger, 2);
      ledger.release([key(1)], at(3));
      expect(stateOf(ledger, 1)).toBe('prepared');
      intend(2, [intent(1)]);
      expect(ledger.find([key(1)]).get(key(1))?.batch).toBe(batchId(2));
      expect(ledger.openBatches().map(({ id }) => id)).toEqual([batchId(1), batchId(2)]);
    });

    it('refuses to release a declaration about which the window has spoken', () => {
      lodge(ledger);
      ledger.record([receipt(1, 'received', 'r1')], at(3));
      expect(() => ledger.release([key(1)], at(4))).toThrow(/released/u);
    });

    it('makes unknown only what has no word of the window', () => {
      lodge(ledger, 2);
      ledger.record([receipt(1, 'received', 'r1')], at(3));
      ledger.markUnknown([key(1), key(2)], at(4));
      expect([stateOf(ledger, 1), stateOf(ledger, 2)]).toEqual(['received', 'unknown']);
    });

    it('keeps every field of a receipt, once', () => {
      lodge(ledger);
      const whole = receipt(1, 'accepted', 'r1', {
        entryId: entryId(7),
        windowNumber: 'I20260000000000001',
        code: 'J',
        text: '审结 “通过”\n',
        problems: [{ code: 'w', severity: 'warning', message: '注意', pointer: '/DecHead/NetWt' }],
        digest: intent(1).digest,
        isReplay: true,
      });
      ledger.record([whole, whole], at(3));
      ledger.record([whole], at(4));
      const entry = known(ledger.find([key(1)]).get(key(1)));
      expect([entry.receipts, entry.entryId, entry.changedAt]).toEqual([[whole], entryId(7), at(3)]);
    });

    it('keeps a receipt whose code nobody knows and stays where it was', () => {
      lodge(ledger);
      ledger.record([receipt(1, undefined, 'r1', { code: '??' })], at(3));
      const entry = known(ledger.find([key(1)]).get(key(1)));
      expect([entry.state, entry.receipts.length]).toEqual(['sending', 1]);
    });

    it('survives a receipt for a declaration that it never held', () => {
      ledger.record([receipt(9, 'accepted', 'r1')], at(3));
      expect(ledger.find([key(9)]).size).toBe(0);
    });

    it('counts attempts from 1, also after opening again', async () => {
      lodge(ledger);
      ledger.endAttempt(batchId(1), 1, { at: at(3), how: 'cannot-know', detail: 'timeout' });
      await reopen();
      expect(ledger.beginAttempt(batchId(1), at(4))).toBe(2);
    });

    it('lists states oldest first and no more than asked for', () => {
      lodge(ledger, 5);
      ledger.record(
        [receipt(2, 'received', 'a'), receipt(4, 'rejected', 'b'), receipt(5, 'received', 'c')],
        at(3),
      );
      const listed = (limit: number): unknown =>
        ledger.inStates(['received', 'rejected'], limit).map((entry) => entry.key);
      expect(listed(10)).toEqual([key(2), key(4), key(5)]);
      expect(listed(2)).toEqual([key(2), key(4)]);
      expect([...ledger.eachInStates(['received', 'rejected'])].map((entry) => entry.key)).toEqual(
        listed(10),
      );
    });

    it('counts the declarations in each state', () => {
      lodge(ledger, 3);
      ledger.record([receipt(2, 'received', 'a')], at(3));
      expect(ledger.counts()).toEqual(
        new Map([
          ['received', 1],
          ['sending', 2],
        ]),
      );
    });

    it('gives the entries of one run, each once, also while they change', () => {
      lodge(ledger, 1201);
      ledger.beginRun(runStart(runTwo));
      ledger.intend(runTwo, { id: batchId(2), pack: 'p', intents: [intent(5000)] }, at(2));
      const keys: unknown[] = [];
      for (const entry of ledger.entriesOfRun(runOne)) {
        keys.push(entry.key);
        if (keys.length === 600) ledger.record([receipt(700, 'accepted', 'r')], at(3));
      }
      expect(keys).toEqual(intents(1, 1201).map((of) => of.key));
    });

    it('remembers runs, newest first, with their ends', async () => {
      ledger.beginRun(runStart());
      ledger.endRun(runOne, { endedAt: at(5), exit: 1, summary: '{"rows":3}' });
      ledger.beginRun(runStart(runTwo));
      await reopen();
      expect(ledger.runs(5)).toEqual([
        runStart(runTwo),
        { ...runStart(), endedAt: at(5), exit: 1, summary: '{"rows":3}' },
      ]);
      expect(ledger.runs(1).map(({ run }) => run)).toEqual([runTwo]);
    });

    it('remembers a cursor for each window', async () => {
      expect(ledger.cursor('sandbox')).toBe('');
      ledger.setCursor('sandbox', 'c1');
      ledger.setCursor('sandbox', 'c2');
      await reopen();
      expect([ledger.cursor('sandbox'), ledger.cursor('other')]).toEqual(['c2', '']);
    });
  });
}
