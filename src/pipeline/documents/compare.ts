/** Finds which shipments of the declarations and of the other file are the same: bill by bill, master and house bills too. */
import { billParts } from '../bill.ts';
import type { Declared, DeclaredShipments } from './declared.ts';
import type { Listed } from './listed.ts';

/** Shipments that must have the same sums on both sides. */
export type Match = {
  readonly declared: readonly Declared[];
  readonly listed: readonly Listed[];
  /** Only the master of some house bills is listed: the declarations of its other house bills may be in no file of this run. */
  readonly isPart: boolean;
};

export type Matches = {
  /** By plain bill; none where the other file does not list it. */
  readonly of: ReadonlyMap<string, Match>;
  /** Listed, and claimed by no declaration. */
  readonly unclaimed: readonly Listed[];
};

type Claim = { readonly listed: readonly Listed[]; readonly isPart: boolean };

/**
 * The very number wins over its house part, that over its master; a master alone claims all of its house bills. What hangs
 * together is added up together: three declarations of one bill, two rows of one bill, the house bills of a master.
 */
export function matchShipments(declared: DeclaredShipments, shipments: ReadonlyMap<string, Listed>): Matches {
  const byPart = new Map<string, Listed[]>();
  for (const listed of shipments.values()) {
    const parts = billParts(listed.plain);
    if (parts.length < 2) continue;
    for (const part of parts) {
      const known = byPart.get(part);
      if (known) known.push(listed);
      else byPart.set(part, [listed]);
    }
  }
  const groups = new Groups();
  for (const each of declared.values()) groups.join(each, claimOf(each.plain, shipments, byPart));
  const all = groups.all();
  const of = new Map<string, Match>();
  for (const match of all) for (const { plain } of match.declared) of.set(plain, match);
  const taken = new Set([...all].flatMap(({ listed }) => listed));
  return { of, unclaimed: [...shipments.values()].filter((listed) => !taken.has(listed)) };
}

function claimOf(
  plain: string,
  shipments: ReadonlyMap<string, Listed>,
  byPart: ReadonlyMap<string, readonly Listed[]>,
): Claim {
  const own = shipments.get(plain);
  if (own) return { listed: [own], isPart: false };
  const parts = billParts(plain);
  if (parts.length === 1) return { listed: byPart.get(plain) ?? [], isPart: false };
  for (const [at, part] of [...parts.entries()].toReversed()) {
    const found = shipments.get(part);
    if (found) return { listed: [found], isPart: at === 0 };
  }
  return { listed: [], isPart: false };
}

type Group = { declared: Declared[]; listed: Listed[]; isPart: boolean };

/** Declarations that share a listed shipment are one group. */
class Groups {
  readonly #of = new Map<Listed, Group>();

  join(declared: Declared, { listed, isPart }: Claim): void {
    if (listed.length === 0) return;
    const known = new Set(listed.flatMap((each) => this.#of.get(each) ?? []));
    const [group = { declared: [], listed: [], isPart: false }, ...others] = known;
    group.declared.push(...others.flatMap((each) => each.declared), declared);
    group.isPart ||= isPart || others.some((each) => each.isPart);
    const fresh = [...others.flatMap((each) => each.listed), ...listed.filter((each) => !this.#of.has(each))];
    group.listed.push(...fresh);
    for (const each of fresh) this.#of.set(each, group);
  }

  all(): ReadonlySet<Match> {
    return new Set(this.#of.values());
  }
}
