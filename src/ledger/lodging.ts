/** Writes the life of declarations: intended, attempted, answered, unknown, free again. Each function belongs inside one transaction. */
import { clientSeqNoOf, digestOf } from '../model/ids.ts';
import type { BatchId, DeclarationKey, RunId } from '../model/ids.ts';
import type { Receipt } from '../model/receipt.ts';
import { isAccepted, stateAfter, type LodgementState } from '../model/state.ts';
import type { DeclarationRow } from './declarations-table.ts';
import type { AttemptEnd, Intent } from './ledger.ts';
import type { Tables } from './tables.ts';

export type IntendedBatch = {
  readonly id: BatchId;
  readonly pack: string;
  readonly intents: readonly Intent[];
};

/** Throws a defect for a key that is not free, a number that is another key's, and a digest that is not the body's. */
export function intend(tables: Tables, run: RunId, batch: IntendedBatch, at: string): void {
  if (batch.intents.length === 0) throw new Error('a batch holds at least one declaration');
  const runNumber = tables.runs.numberOf(run);
  const id = tables.nextId('batches');
  tables.batches.insert({
    id,
    batch: batch.id,
    run: runNumber,
    pack: batch.pack,
    members: batch.intents.length,
    intendedAt: at,
  });
  for (const [position, intent] of batch.intents.entries()) {
    if (digestOf(intent.body) !== intent.digest) throw new Error('the digest is not that of the body');
    const known = tables.declarations.find(intent.key);
    if (known !== undefined && !isFree(known.state))
      throw new Error(`a declaration in state ${known.state} is not free`);
    const clientSeqNo = known?.clientSeqNo ?? clientSeqNoOf(intent.key);
    if (known === undefined && tables.declarations.ofNumber(clientSeqNo) !== undefined)
      throw new Error('the number is that of another declaration');
    const declaration = known?.id ?? tables.nextId('declarations');
    const number = (known?.version ?? 0) + 1;
    const row: DeclarationRow = {
      id: declaration,
      key: intent.key,
      version: number,
      state: 'sending',
      run: runNumber,
      entryId: undefined,
      intendedAt: known?.intendedAt ?? at,
      changedAt: at,
      clientSeqNo,
    };
    if (known === undefined) tables.declarations.insert(row);
    else tables.declarations.update(row);
    const body =
      known === undefined ? storeContent(tables, intent) : contentOfCorrection(tables, known, intent);
    if (intent.shipment !== undefined) tables.shipments.insert(intent.shipment, declaration);
    const { digest, rows } = intent;
    tables.versions.insert({ declaration, number, batch: id, position, digest, rows, body, intendedAt: at });
  }
}

/** Absent (not asked here), rejected, or certainly never received. */
function isFree(state: LodgementState): boolean {
  return state === 'rejected' || state === 'prepared';
}

function storeContent(tables: Tables, { body, filled }: Intent): number {
  const id = tables.nextId('bodies');
  tables.versions.insertContent(id, { body, filled });
  return id;
}

/** Sent again unchanged, as after a halved batch, it shares the body already stored. */
function contentOfCorrection(tables: Tables, known: DeclarationRow, intent: Intent): number {
  const same = tables.versions.ofDigest(known.id, intent.digest);
  const content = same === undefined ? undefined : tables.versions.content(same);
  const isSame = content !== undefined && JSON.stringify(content.filled) === JSON.stringify(intent.filled);
  return isSame && same?.body !== undefined ? same.body : storeContent(tables, intent);
}

export function beginAttempt(tables: Tables, batch: BatchId, at: string, serverAt?: string): number {
  const id = batchNumber(tables, batch);
  const number = (tables.batches.attempts(id).at(-1)?.number ?? 0) + 1;
  tables.batches.putAttempt({
    batch: id,
    number,
    startedAt: at,
    ...(serverAt === undefined ? {} : { serverAt }),
  });
  return number;
}

export type EndedAttempt = { readonly at: string; readonly how: AttemptEnd; readonly detail?: string };

export function endAttempt(
  tables: Tables,
  batch: BatchId,
  number: number,
  { at, how, detail }: EndedAttempt,
): void {
  const id = batchNumber(tables, batch);
  const begun = tables.batches.attempts(id).find((attempt) => attempt.number === number);
  if (begun === undefined) throw new Error(`attempt ${number} of batch ${batch} was never begun`);
  tables.batches.putAttempt({ ...begun, endedAt: at, how, ...(detail === undefined ? {} : { detail }) });
}

function batchNumber(tables: Tables, batch: BatchId): number {
  const found = tables.batches.find(batch);
  if (found === undefined) throw new Error(`no batch ${batch} was intended in this ledger`);
  return found.id;
}

/** Facts in any order and any number of times lead to the same state, and none leads back. */
export function record(tables: Tables, receipts: readonly Receipt[], at: string): void {
  for (const receipt of receipts) {
    const known = tables.declarations.find(receipt.key);
    const version = known === undefined ? undefined : versionOf(tables, known, receipt);
    if (known === undefined || version === undefined) tables.receipts.insertStray(receipt, at);
    else recordOne(tables, { known, version, receipt, at });
  }
}

type Told = {
  readonly known: DeclarationRow;
  readonly version: number;
  readonly receipt: Receipt;
  readonly at: string;
};

function recordOne(tables: Tables, { known, version, receipt, at }: Told): void {
  const { state } = receipt;
  const isNew = tables.receipts.insert({
    declaration: known.id,
    version,
    receipt: receipt.id,
    state,
    recordedAt: at,
    raw: JSON.stringify(receipt),
  });
  if (!isNew || !countsFor(known.version, version, state)) return;
  const after = stateAfter([{ state: known.state }, ...(state === undefined ? [] : [{ state }])]);
  const entryId = [known.entryId, receipt.entryId].filter((id) => id !== undefined).sort()[0];
  if (after === known.state && entryId === known.entryId) return;
  tables.declarations.update({
    ...known,
    state: after,
    entryId,
    changedAt: after === known.state ? known.changedAt : at,
  });
}

/**
 * Where the receipt names the content it judges, it belongs to that content; otherwise to what was sent last. Nothing where it
 * names a content that was never ours: somebody else's declaration under our key is kept, and changes nothing of ours.
 */
function versionOf(tables: Tables, known: DeclarationRow, { digest }: Receipt): number | undefined {
  if (digest === undefined) return known.version;
  return tables.versions.ofDigest(known.id, digest)?.number;
}

/** An earlier version's rejection says nothing about its correction; its acceptance says that nothing may be sent again. */
export function countsFor(current: number, version: number, state: LodgementState | undefined): boolean {
  return version === current || (state !== undefined && (isAccepted(state) || state === 'cancelled'));
}

/** Only what is `sending` becomes unknown: whatever the window said stands. */
export function markUnknown(tables: Tables, keys: readonly DeclarationKey[], at: string): void {
  for (const key of keys) {
    const known = knownOf(tables, key);
    if (known.state === 'sending') tables.declarations.update({ ...known, state: 'unknown', changedAt: at });
  }
}

/** Throws a defect for a declaration about which the window has spoken. */
export function release(tables: Tables, keys: readonly DeclarationKey[], at: string): void {
  for (const key of keys) {
    const known = knownOf(tables, key);
    if (known.state === 'prepared') continue;
    if (known.state !== 'sending' && known.state !== 'unknown')
      throw new Error(`a declaration in state ${known.state} cannot be released`);
    tables.declarations.update({ ...known, state: 'prepared', changedAt: at });
  }
}

function knownOf(tables: Tables, key: DeclarationKey): DeclarationRow {
  const known = tables.declarations.find(key);
  if (known === undefined) throw new Error('the ledger does not hold this declaration');
  return known;
}
