/** Joins the rows that carry the same key into one group: neighbours at once, scattered ones when their last row has come. */
import type { Pack } from '../pack/pack.ts';
import { type Draft, readDrafts, type ReadState } from './drafts.ts';
import { flat } from './flat.ts';
import { KeyTable } from './key-table.ts';
import type { TablePlan } from './plan.ts';
import { hasSameKeyCells, rowKey } from './row-key.ts';

/** `key` is `''` for rows that stand before the first key of their table. */
export type DraftGroup = { readonly key: string; readonly drafts: readonly [Draft, ...Draft[]] };

/** Keys whose rows do not stand together, with the number of their rows; by table id. Found in one pass, used in the next. */
export type Scattered = Map<number, Map<string, number>>;

/** Small: what is in flight survives the young generation's collections, and makes it grow (measured: 352 against 205 MiB). */
const groupsAChunk = 16;

/**
 * The groups of one file's tables. Where a key comes back after its group was closed, it goes into `found` and nothing more is
 * yielded: the pass is to be repeated with `known` set to what was found. Memory: one group, one hash a key, and the rows of scattered keys.
 */
export async function* group(
  tables: readonly TablePlan[],
  { pack, state, known, found }: { pack: Pack; state: ReadState; known: Scattered; found: Scattered },
): AsyncGenerator<readonly DraftGroup[]> {
  const joined = new Map<string, Draft[]>();
  const last = tables.at(-1);
  for (const plan of tables) {
    if (plan.role !== 'whole' && plan !== last) {
      await remember(plan, { pack, state, joined });
      continue;
    }
    let chunk: DraftGroup[] = [];
    for await (const groups of groupTable(plan, { pack, state, known: known.get(plan.id), found })) {
      for (const each of groups) {
        const others = joined.get(each.key);
        if (others) joined.delete(each.key);
        const [first, ...rest] = others ?? [];
        chunk.push(first ? { key: each.key, drafts: [first, ...rest, ...each.drafts] } : each);
      }
      if (chunk.length >= groupsAChunk) {
        yield chunk;
        chunk = [];
      }
    }
    if (chunk.length > 0) yield chunk;
  }
  const left: DraftGroup[] = [];
  for (const [key, [first, ...rest]] of joined) if (first) left.push({ key, drafts: [first, ...rest] });
  if (left.length > 0) yield left;
}

async function remember(
  plan: TablePlan,
  { pack, state, joined }: { pack: Pack; state: ReadState; joined: Map<string, Draft[]> },
): Promise<void> {
  let key = '';
  for await (const drafts of readDrafts(plan, state)) {
    for (const draft of drafts) {
      key = rowKey(draft, pack) || key;
      const known = joined.get(key);
      if (known) known.push(kept(draft));
      else joined.set(flat(key), [kept(draft)]);
    }
  }
}

type TableContext = {
  pack: Pack;
  state: ReadState;
  known: ReadonlyMap<string, number> | undefined;
  found: Scattered;
};

async function* groupTable(
  plan: TablePlan,
  { pack, state, known, found }: TableContext,
): AsyncGenerator<readonly DraftGroup[]> {
  const keys = new KeyTable();
  const held = new Map<string, Draft[]>();
  const back = new Set<string>();
  let open: { key: string; drafts: [Draft, ...Draft[]] } | undefined;

  /** The group where it is complete and may go on. */
  const close = (): DraftGroup | undefined => {
    if (!open) return undefined;
    const { key, drafts } = open;
    open = undefined;
    const rows = known?.get(key);
    if (rows !== undefined) {
      const all = [...(held.get(key) ?? []), ...drafts.map(kept)];
      const [first, ...rest] = all;
      if (all.length < rows || !first) {
        held.set(flat(key), all);
        return undefined;
      }
      held.delete(key);
      return { key, drafts: [first, ...rest] };
    }
    const place = { table: plan.id, line: drafts[0].ref.line, rows: drafts.length };
    if (key !== '' && keys.add(key, place)) back.add(flat(key));
    return back.size > 0 ? undefined : { key, drafts };
  };

  for await (const drafts of readDrafts(plan, state)) {
    const closed: DraftGroup[] = [];
    for (const draft of drafts) {
      const previous = open?.drafts.at(-1);
      if (open && previous && hasSameKeyCells(draft, previous, plan)) {
        open.drafts.push(draft);
        continue;
      }
      const key = rowKey(draft, pack);
      if (open && (key === '' || key === open.key)) {
        open.drafts.push(draft);
        continue;
      }
      const done = close();
      if (done) closed.push(done);
      open = { key, drafts: [draft] };
    }
    yield closed;
  }
  const done = close();
  if (done) yield [done];
  if (back.size > 0) found.set(plan.id, new Map([...back].map((key) => [key, keys.get(key)?.rows ?? 0])));
}

/** A draft that may be kept beyond its chunk. */
function kept(draft: Draft): Draft {
  return { ...draft, source: { ...draft.source, cells: draft.source.cells.map(flat) } };
}
