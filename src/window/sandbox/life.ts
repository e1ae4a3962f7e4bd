/** The life that the sandbox window gives an accepted declaration: which notices come, and when. */
import type { LodgementState } from '../../model/state.ts';
import type { LifeWord } from './triggers.ts';

/** One notice. `after` counts from receipt, in verdict delays. `state` is absent for a code that no one knows. */
type Notice = { readonly code: string; readonly state?: LodgementState; readonly after: number };
export type Step = { readonly code: string; readonly state?: LodgementState; readonly dueMs: number };

const sent: Notice = { code: '7', state: 'registered', after: 0.3 };
const stored: Notice = { code: 'L', state: 'registered', after: 0.6 };
const accepted: Notice = { code: 'J', state: 'accepted', after: 1 };
const released = (after: number): Notice[] => [
  { code: 'P', state: 'released', after },
  { code: 'R', state: 'cleared', after: after + 3 },
];

const lives: Readonly<Record<LifeWord | 'taxed', readonly Notice[]>> = {
  release: [sent, stored, accepted, ...released(3)],
  taxed: [sent, stored, accepted, { code: 'T', state: 'held', after: 1.5 }, ...released(4)],
  inspect: [sent, stored, accepted, { code: 'C', state: 'held', after: 1.5 }, ...released(8)],
  'held-payment': [sent, stored, accepted, { code: 'T', state: 'held', after: 1.5 }],
  manual: [sent, stored, accepted, { code: 'H', state: 'held', after: 1.5 }],
  reject: [sent, { code: 'E', state: 'rejected', after: 1 }],
  return: [sent, { code: 'Z', state: 'rejected', after: 1 }],
  delete: [sent, stored, accepted, { code: 'D', state: 'cancelled', after: 3 }],
  'unknown-code': [sent, stored, accepted, { code: 'sandbox-1', after: 1.5 }, ...released(3)],
  slow: [sent],
};

const aDayMs = 86_400_000;

/** The notices of one declaration in order, decided by its digest alone: the same content always lives the same life. The delay is stretched by 0.6 to 1.6. Of 100 declarations 6 are inspected, and of the others on import a third owe tax. */
export function lifeOf(declaration: {
  readonly digest: string;
  readonly isImport: boolean;
  readonly word: LifeWord | undefined;
  readonly receivedMs: number;
  readonly verdictDelayMs: number;
}): readonly Step[] {
  const { digest, isImport, word, receivedMs, verdictDelayMs } = declaration;
  const luck = Number.parseInt(digest.slice(0, 6), 16) % 100;
  const stretch = 0.6 + Number.parseInt(digest.slice(6, 10), 16) / 0xffff;
  const drawn = luck < 6 ? 'inspect' : isImport && luck < 37 ? 'taxed' : 'release';
  const steps = lives[word ?? drawn].map(({ after, ...notice }) => ({
    ...notice,
    dueMs: receivedMs + Math.round(after * stretch * verdictDelayMs),
  }));
  if (word !== 'slow') return steps;
  return [...steps, { code: 'J', state: 'accepted', dueMs: receivedMs + aDayMs }];
}
