/** What a made document says of a release: nothing that a later word of customs puts in doubt. */
import { describe, expect, it } from 'vitest';
import { parseDeclarationKey } from '../../src/model/ids.ts';
import type { DocumentPart, DocumentSpec, SettledPart } from '../../src/model/document.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import type { Outcome } from '../../src/model/result.ts';
import type { LodgementState } from '../../src/model/state.ts';
import { loadDocuments } from '../../src/pack/documents/load.ts';
import { loadPack } from '../../src/pack/load.ts';
import { loadReceiptCodes } from '../../src/pack/receipt-codes.ts';
import { assemble } from '../../src/pipeline/documents/assemble.ts';
import { settled } from '../../src/pipeline/documents/part.ts';

const pack = await loadPack('cn-goods-declaration');
const codes = loadReceiptCodes('cn-goods-declaration');
function deliveryNote(): DocumentSpec {
  const found = loadDocuments('cn-goods-declaration', pack).find(({ name }) => name === 'delivery-note');
  if (!found) throw new Error('no delivery note');
  return found;
}
const spec = deliveryNote();

const key = parseDeclarationKey('A') ?? expect.fail();
const row = { file: 'm.csv', line: 2 };
const part = (packages = '3'): DocumentPart => ({
  row,
  bill: 'B1',
  shipment: { bill: 'B1', packages },
  values: {},
  lists: {},
});

function receipt(code: string, at: string, state?: LodgementState): Receipt {
  return {
    key,
    id: `${code}${at}`,
    code,
    at,
    text: code,
    problems: [],
    ...(state === undefined ? {} : { state }),
  };
}

function released(state: LodgementState, ...receipts: readonly Receipt[]): SettledPart {
  const decision = { rows: [row], outcome: 'accepted', state, receipts, problems: [], filled: [] } as const;
  return settled(part(), decision, { spec, codes });
}

const outcome = (what: Outcome, packages?: string): SettledPart => ({ ...part(packages), outcome: what });

describe('a made document', () => {
  it('says released, and when, where customs released the goods', () => {
    const { values } = released('released', receipt('I', '2026-11-24T01:00:00Z', 'released'));
    expect(values).toMatchObject({ release: 'released', releasedAt: '2026-11-24T01:00:00Z' });
  });

  it('never says released where a later word speaks against it', () => {
    const { values } = released(
      'released',
      receipt('I', '2026-11-24T01:00:00Z', 'released'),
      receipt('C', '2026-11-24T02:00:00Z', 'held'),
    );
    expect(values).toMatchObject({ release: 'ask-customs' });
    expect(values).not.toHaveProperty('releasedAt');
  });

  it('says not released of what is only accepted, or of a state without its evidence', () => {
    const accepted = released('accepted', receipt('J', '2026-11-24T01:00:00Z', 'accepted'));
    expect([accepted, released('released')].map(({ values }) => values['release'])).toEqual([
      'not-released',
      'not-released',
    ]);
  });

  it('adds up what is lodged alone, and nothing where one part is no number', () => {
    const half = assemble(spec, [
      outcome('accepted', '3'),
      outcome('pending', '4.5'),
      outcome('rejected', '9'),
    ]);
    expect(half).toMatchObject({ values: { packages: '7.5' }, isComplete: false });
    expect(half.missing.map((each) => each.outcome)).toEqual(['rejected']);
    expect(assemble(spec, [outcome('accepted', '3'), outcome('accepted', 'x')]).values).toEqual({
      bill: 'B1',
    });
  });

  it('is complete only where every declaration has a customs number', () => {
    const outcomes: readonly Outcome[] = ['accepted', 'pending', 'unknown', 'valid', 'duplicate', 'not-sent'];
    const complete = outcomes.filter(
      (what) => assemble(spec, [outcome('accepted'), outcome(what)]).isComplete,
    );
    expect(complete).toEqual(['accepted']);
  });
});
