/** Made-up runs, batches and declarations for the tests of ledgers. */
import {
  digestOf,
  parseBatchId,
  parseDeclarationKey,
  parseEntryId,
  parseRunId,
} from '../../src/model/ids.ts';
import type { BatchId, DeclarationKey, EntryId, RunId } from '../../src/model/ids.ts';
import type { Intent, Ledger, RunStart } from '../../src/ledger/ledger.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import type { LodgementState } from '../../src/model/state.ts';

export function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the sample is not well formed');
  return value;
}

export function at(minute: number): string {
  return new Date(Date.UTC(2026, 0, 5, 8, minute)).toISOString();
}

export const runOne: RunId = known(parseRunId('20260105-080000-aaaa'));
export const runTwo: RunId = known(parseRunId('20260105-090000-bbbb'));

export function runStart(run: RunId = runOne): RunStart {
  return {
    run,
    command: 'import',
    pack: 'cn-goods-declaration',
    files: [{ file: '进口 清单.xlsx', digest: 'ab' }],
    startedAt: at(0),
  };
}

export function key(number: number): DeclarationKey {
  return known(parseDeclarationKey(`提单:131-${number}`));
}

export function batchId(number: number): BatchId {
  return known(parseBatchId(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`));
}

export function entryId(number: number): EntryId {
  return known(parseEntryId(`090020261${String(number).padStart(9, '0')}`));
}

/** `content` makes another body under the same key. */
export function intent(number: number, content = ''): Intent {
  const body = JSON.stringify({
    DecHead: {
      BillNo: `131-${number}`,
      NoteS: content,
      TradeName: '大连示例贸易有限公司'.repeat(number % 60),
    },
  });
  const line = number * 2;
  return {
    key: key(number),
    digest: digestOf(body),
    body,
    rows: [
      { file: '进口 清单.xlsx', sheet: '报关单', line },
      { file: '进口 清单.xlsx', sheet: '报关单', line: line + 1 },
    ],
    filled: [{ place: { segment: 'DecHead', tag: 'CutMode' }, value: '101', rule: 'R014' }],
  };
}

export function intents(from: number, count: number): readonly Intent[] {
  return Array.from({ length: count }, (_, index) => intent(from + index));
}

export function receipt(
  number: number,
  state: LodgementState | undefined,
  id: string,
  more: Partial<Receipt> = {},
): Receipt {
  const bare: Receipt = { key: key(number), id, at: '2026-01-05T16:00:00+08:00', problems: [], ...more };
  return state === undefined ? bare : { ...bare, state };
}

/** A run begun and one batch of declarations, numbered from 1, on its way. */
export function lodge(ledger: Ledger, count = 1, batch = 1): void {
  if (ledger.runs(10).every(({ run }) => run !== runOne)) ledger.beginRun(runStart());
  ledger.intend(
    runOne,
    { id: batchId(batch), pack: 'cn-goods-declaration', intents: intents(1, count) },
    at(1),
  );
  ledger.beginAttempt(batchId(batch), at(2));
}

export function stateOf(ledger: Ledger, number: number): LodgementState | undefined {
  return ledger.find([key(number)]).get(key(number))?.state;
}
