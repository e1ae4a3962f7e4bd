/** What a campaign is asked for, and what it says at its end. */
import type { Campaign, Fate } from './checker/evidence.ts';
import type { FaultOptions } from './fault-window.ts';

export const windowKinds = ['key', 'lookup', 'duplicate-refusing', 'none', 'cn-client'] as const;
export type WindowKind = (typeof windowKinds)[number];

export type CampaignPlan = {
  readonly seed: number;
  readonly kind: WindowKind;
  readonly kills: number;
  readonly program?: string | undefined;
  readonly keep?: boolean;
  /** Where absent, drawn by the seed. */
  readonly window?: Partial<Pick<FaultOptions, 'faults' | 'mix' | 'lateMs'>> & { readonly settle?: number };
};
export type CampaignEnd = {
  readonly kills: number;
  readonly runs: number;
  readonly wrong: readonly string[];
  readonly folder: string;
};

export type Lodged = Omit<Campaign, 'folder' | 'kind' | 'canary'> & { readonly printed: string } & Omit<
    CampaignEnd,
    'folder'
  >;

/** Each of these for one declaration, drawn by chance; the rest is good. */
export function fatesOf(
  declarations: number,
  random: () => number,
  fates: readonly Fate[],
): ReadonlyMap<number, Fate> {
  const given = new Map<number, Fate>();
  for (const fate of fates) given.set(Math.floor(random() * declarations), fate);
  return given;
}
