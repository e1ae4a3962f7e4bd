/** An earlier run's results as they stand today. */
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../src/ledger/ledger.ts';
import { clientSeqNoOf, digestOf, parseRunId } from '../../src/model/ids.ts';
import { asOfToday, recounter } from '../../src/pipeline/recount.ts';
import { accepted, decision, key, refs, resultsOf, unknownCode } from '../reports/sample.ts';

function entry(state: LedgerEntry['state']): LedgerEntry {
  const run = parseRunId('20260102-030405-abcd');
  if (run === undefined) throw new Error('run id');
  const { receipts } = accepted(2);
  const at = '2026-01-05T08:00:00.000Z';
  return {
    ...key('A1'),
    clientSeqNo: clientSeqNoOf(key('A1').key),
    digest: digestOf(''),
    state,
    run,
    rows: refs(2),
    receipts,
    intendedAt: at,
    changedAt: at,
  };
}

describe('as of today', () => {
  it('what was pending is accepted once customs accepted it', () => {
    const then = decision(refs(2), { ...key('A1'), outcome: 'pending', state: 'received' });
    expect(asOfToday(then, entry('released'))).toMatchObject({ outcome: 'accepted', state: 'released' });
  });

  it('a rejection that was mended and accepted since takes its errors with it, and keeps what is only a warning', () => {
    const warning = { ...unknownCode(2), severity: 'warning' as const };
    const then = decision(refs(2), {
      ...key('A1'),
      outcome: 'rejected',
      problems: [unknownCode(2), warning],
    });
    expect(asOfToday(then, entry('accepted')).problems).toEqual([warning]);
  });

  it('what that run set aside stays set aside, whatever was lodged under its key later', () => {
    const then = decision(refs(2), { ...key('A1'), problems: [unknownCode(2)] });
    expect(asOfToday(then, entry('accepted'))).toBe(then);
  });

  it('what is no longer in the ledger stays as it was', () => {
    const then = decision(refs(2), { ...key('A1'), outcome: 'pending' });
    expect(asOfToday(then, undefined)).toBe(then);
  });

  it('counts declarations once and rows one by one', () => {
    const counter = recounter();
    counter.add(resultsOf(decision(refs(2, 3), { problems: [unknownCode(2), unknownCode(3)] })));
    expect(counter.counts()).toMatchObject({
      rows: 2,
      declarations: 1,
      byOutcome: { 'set-aside': { declarations: 1, rows: 2 } },
      problems: [{ code: 'code/unknown', severity: 'error', count: 2 }],
    });
  });
});
