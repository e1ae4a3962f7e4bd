/** What was confirmed of headers before: a header seen before is never asked about again, and one that changed is told apart. */
import type { FieldPath } from '../model/declaration.ts';
import { digestOf } from '../model/ids.ts';
import type { Pack } from '../pack/pack.ts';

export type Target = FieldPath | readonly FieldPath[] | null;

/** One confirmed header. `owner`: the clerk's own memory wins over the office's. */
export type Remembered = {
  readonly name: string;
  readonly owner: 'clerk' | 'office';
  /** Header texts in the file's order, as they stood. */
  readonly headers: readonly string[];
  readonly columns: Readonly<Record<string, Target>>;
};

export type Recalled = {
  readonly from: Remembered;
  /** By normalised header text. */
  readonly targets: ReadonlyMap<string, Target>;
  /** Header texts as they stand. All empty where nothing changed. */
  readonly drift: {
    readonly added: readonly string[];
    readonly missing: readonly string[];
    readonly moved: readonly string[];
  };
};

/** A header that shares fewer of its texts is another header. */
const leastShared = 0.7;

/** The same for the same header texts, in whatever order and spelling. 16 hexadecimal digits. */
export function headerSignature(headers: readonly string[], pack: Pack): string {
  return digestOf(JSON.stringify([...keysOf(headers, pack).keys()].toSorted())).slice(0, 16);
}

/** The memory whose header is the same, else the nearest that shares most of it; the clerk's before the office's. */
export function recall(
  headers: readonly string[],
  memory: readonly Remembered[],
  pack: Pack,
): Recalled | undefined {
  const own = keysOf(headers, pack);
  let best: { from: Remembered; score: number; keys: ReadonlyMap<string, string> } | undefined;
  for (const from of memory) {
    const keys = keysOf(from.headers, pack);
    const shared = [...keys.keys()].filter((key) => own.has(key)).length;
    const score = shared / Math.max(keys.size, own.size);
    const isEnough = score === 1 || (score >= leastShared && shared >= 4);
    const isBetter =
      !best ||
      score > best.score ||
      (score === best.score && from.owner === 'clerk' && best.from.owner === 'office');
    if (isEnough && isBetter) best = { from, score, keys };
  }
  if (!best) return undefined;
  const { from, keys } = best;
  const targets = new Map(
    Object.entries(from.columns).map(([header, target]) => [pack.normaliseHeader(header), target]),
  );
  return {
    from,
    targets,
    drift: {
      added: [...own].filter(([key]) => !keys.has(key)).map(([, header]) => header),
      missing: [...keys].filter(([key]) => !own.has(key)).map(([, header]) => header),
      moved: movedKeys([...keys.keys()], [...own.keys()]).map((key) => own.get(key) ?? key),
    },
  };
}

/** Normalised text → the text as it stands, in order. */
function keysOf(headers: readonly string[], pack: Pack): Map<string, string> {
  const keys = new Map<string, string>();
  for (const header of headers) {
    const key = pack.normaliseHeader(header);
    if (key !== '' && !keys.has(key)) keys.set(key, header);
  }
  return keys;
}

/** What both hold and stands in another order: all but the longest run that kept its order. */
function movedKeys(before: readonly string[], now: readonly string[]): readonly string[] {
  const places = new Map(before.map((key, index) => [key, index]));
  const both = now.filter((key) => places.has(key));
  const lengths: number[] = [];
  const previous: number[] = [];
  let end = -1;
  for (const [index, key] of both.entries()) {
    lengths[index] = 1;
    previous[index] = -1;
    for (let other = 0; other < index; other += 1) {
      const isAfter = (places.get(both[other] ?? '') ?? 0) < (places.get(key) ?? 0);
      if (isAfter && (lengths[other] ?? 0) + 1 > (lengths[index] ?? 0)) {
        lengths[index] = (lengths[other] ?? 0) + 1;
        previous[index] = other;
      }
    }
    if (end < 0 || (lengths[index] ?? 0) > (lengths[end] ?? 0)) end = index;
  }
  const kept = new Set<number>();
  for (let at = end; at >= 0; at = previous[at] ?? -1) kept.add(at);
  return both.filter((_, index) => !kept.has(index));
}
