/** Asks the ledger what is known of each declaration: nothing is ever lodged a second time. */
import type { Declaration } from '../model/declaration.ts';
import { clientSeqNoOf } from '../model/ids.ts';
import { isError, type Problem, type ProblemCode } from '../model/problem.ts';
import type { Decision, Outcome } from '../model/result.ts';
import { isAccepted, type LodgementState } from '../model/state.ts';
import type { Ledger, LedgerEntry } from '../ledger/ledger.ts';
import { rejectionProblems } from './rejection.ts';
import { bareRow, type Flow, type Live, setAside, type Tracked } from './tracked.ts';

export async function* dedupe(
  flow: Flow<Declaration>,
  ledger: Pick<Ledger, 'find' | 'holdersOf' | 'ofShipments'> | undefined,
): AsyncGenerator<readonly Tracked<Declaration>[]> {
  for await (const chunk of flow) {
    const keys = chunk.flatMap((each) => (each.kind === 'live' ? [each.value.key] : []));
    const known = ledger && keys.length > 0 ? ledger.find(keys) : new Map<string, LedgerEntry>();
    const shipments = ledger?.ofShipments(
      chunk.flatMap((each) => (each.kind === 'live' ? (each.value.shipment ?? []) : [])),
    );
    yield chunk.map((each) => {
      if (each.kind !== 'live') return each;
      const entry = known.get(each.value.key);
      const judged = entry ? judge(each, entry) : withOwnNumber(each, ledger);
      return judged.kind === 'live'
        ? unlessHeldBack(withSameShipment(judged, shipments?.get(each.value.shipment ?? '') ?? []))
        : judged;
    });
  }
}

/** Sound by itself, and kept back by what a further document says of it. */
function unlessHeldBack(live: Live<Declaration>): Tracked<Declaration> {
  const { rows, value, problems } = live;
  if (!problems.some(isError)) return live;
  return setAside(rows, problems, { key: value.key, filled: value.filled });
}

/** A number that is another declaration's already, once in 10^26 keys: its receipts could not be told from the other's. */
function withOwnNumber(
  live: Live<Declaration>,
  ledger: Pick<Ledger, 'holdersOf'> | undefined,
): Tracked<Declaration> {
  const { key, filled } = live.value;
  const number = clientSeqNoOf(key);
  const holder = ledger?.holdersOf([number]).get(number);
  if (holder === undefined) return live;
  const said: Problem = {
    code: 'duplicate/number-taken',
    severity: 'error',
    row: bareRow(live.rows[0]),
    facts: { key, number, holder },
  };
  return setAside(live.rows, [...live.problems, said], { key, filled });
}

/** Several declarations of one shipment are usual where it was split, and a mistake where it was not: a word, not a refusal (rule R194). */
function withSameShipment(live: Live<Declaration>, lodged: readonly string[]): Live<Declaration> {
  const others = lodged.filter((key) => key !== live.value.key).slice(0, 5);
  if (others.length === 0) return live;
  const said: Problem = {
    code: 'duplicate/same-shipment',
    severity: 'warning',
    row: bareRow(live.rows[0]),
    facts: { key: live.value.key, others },
  };
  return { ...live, problems: [...live.problems, said] };
}

/** The table of `docs/architecture.md`: what the ledger says, and what follows. */
function judge(live: Live<Declaration>, entry: LedgerEntry): Tracked<Declaration> {
  const { state } = entry;
  const isSame = entry.digest === live.value.digest;
  if (state === 'prepared') return live;
  if (state === 'rejected' && !isSame) return live;
  if (state === 'cancelled') return decided(live, entry, 'duplicate', 'duplicate/cancelled');
  if (!isSame) return decided(live, entry, 'duplicate', 'duplicate/content-changed');
  if (state === 'rejected') return decided(live, entry, 'rejected', 'duplicate/already-rejected');
  return asLodged(live, entry);
}

/** As it stands with the window, whatever the manifest says of it now. */
export function asLodged(live: Live<Declaration>, entry: LedgerEntry): Tracked<Declaration> {
  const outcome = outcomeOf(entry.state);
  return outcome === 'unknown'
    ? decided(live, entry, outcome, 'lodge/unknown')
    : decided(live, entry, outcome);
}

/** What a lodged declaration's state means for the one who reads the results. */
export function outcomeOf(state: LodgementState): Outcome {
  if (isAccepted(state)) return 'accepted';
  if (state === 'received' || state === 'registered') return 'pending';
  if (state === 'rejected' || state === 'cancelled') return 'rejected';
  return state === 'prepared' ? 'not-sent' : 'unknown';
}

function decided(
  live: Live<Declaration>,
  entry: LedgerEntry,
  outcome: Outcome,
  code?: ProblemCode,
): Tracked<Declaration> {
  const { rows, value, problems } = live;
  const facts = {
    key: entry.key,
    state: entry.state,
    run: entry.run,
    entryId: entry.entryId ?? '',
    since: entry.intendedAt,
  };
  const said: readonly Problem[] = code ? [{ code, severity: 'error', row: bareRow(rows[0]), facts }] : [];
  const decision = decisionOf(entry, {
    rows,
    filled: value.filled,
    problems: [...problems, ...rejectionProblems(rows, value, entry), ...said],
  });
  return { kind: 'decided', rows, decision: { ...decision, outcome, isEarlier: true } };
}

/** The decision as the ledger has it now. */
export function decisionOf(
  entry: LedgerEntry,
  known: Pick<Decision, 'rows' | 'filled' | 'problems'>,
): Decision {
  const { key, state, entryId, receipts } = entry;
  const numbers = entryId === undefined ? {} : { entryId };
  return { ...known, key, outcome: outcomeOf(state), state, ...numbers, receipts };
}
