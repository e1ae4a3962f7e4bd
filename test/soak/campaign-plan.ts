/** What a campaign is asked for, and what it says at its end. */
import type { Campaign, Fate } from './checker/evidence.ts';
import type { FaultOptions } from './fault-window.ts';

export const windowKinds = ['key', 'lookup', 'duplicate-refusing', 'none', 'cn-client'] as const;
export type WindowKind = (typeof windowKinds)[number];

/** In which share of the runs no file may grow far beyond the largest there is, and how many bytes at most it still may. */
export type FullDisk = { readonly share: number; readonly bytes: number };

export type CampaignPlan = {
  readonly seed: number;
  readonly kind: WindowKind;
  readonly kills: number;
  readonly program?: string | undefined;
  readonly keep?: boolean;
  /** Where absent, drawn by the seed. */
  readonly window?: Partial<Pick<FaultOptions, 'faults' | 'mix' | 'lateMs'>> & { readonly settle?: number };
  readonly fullDisk?: FullDisk;
  /** A kill by sight comes after at most so many requests and what they did; absent: 16. Only at a window over HTTP. */
  readonly seenAtMost?: number;
  /** In which share of the runs it is killed by messages that get their names; absent: a third. Only at the import client. */
  readonly byNames?: number;
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
