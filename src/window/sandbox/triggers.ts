/** The words in a declaration's remarks (备注) by which a person chooses what the sandbox window does with it. */
import type { DeclarationContent } from '../../model/declaration.ts';

/** Each gives the declaration one life: see `life.ts`. */
export const lifeWords = [
  'release',
  'inspect',
  'held-payment',
  'manual',
  'reject',
  'return',
  'delete',
  'slow',
  'unknown-code',
] as const;
/** Each disturbs a request, once for a reference. */
export const faultWords = ['unavailable', 'throttle', 'lost-request', 'lost-answer'] as const;
/** Refused at once, as by the window's own checks. */
const refusalWord = 'invalid';

export type LifeWord = (typeof lifeWords)[number];
export type FaultWord = (typeof faultWords)[number];

export type Triggers = {
  readonly life?: LifeWord;
  readonly faults: readonly FaultWord[];
  readonly isInvalid: boolean;
  /** Words after the marker that mean nothing. */
  readonly unknown: readonly string[];
};

const none: Triggers = { faults: [], isInvalid: false, unknown: [] };

/** Reads `DecHead.NoteS` for `#SANDBOX:word`, in upper or lower case, any number of times; of several lives the first holds. */
export function triggersOf(content: DeclarationContent): Triggers {
  const head = content['DecHead'];
  const remarks = head === undefined || Array.isArray(head) ? undefined : head['NoteS'];
  if (remarks === undefined || !/#sandbox:/iu.test(remarks)) return none;
  const words = [...remarks.matchAll(/#sandbox:([a-z-]*)/giu)].map((match) => (match[1] ?? '').toLowerCase());
  const life = lifeWords.find(
    (word) => word === words.find((each) => lifeWords.some((known) => known === each)),
  );
  const known = new Set<string>([...lifeWords, ...faultWords, refusalWord]);
  return {
    ...(life === undefined ? {} : { life }),
    faults: faultWords.filter((word) => words.includes(word)),
    isInvalid: words.includes(refusalWord),
    unknown: words.filter((word) => !known.has(word)),
  };
}
