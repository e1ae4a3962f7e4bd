/** Which notices the simulator sends about a declaration, and when. */
import type { LifeWord } from '../sandbox/triggers.ts';
import type { Luck } from './simulator.ts';

export type SimulatedNotice = { readonly channel: string; readonly afterMs: number };

const stored: readonly SimulatedNotice[] = [
  { channel: '7', afterMs: 3_000 },
  { channel: 'L', afterMs: 5_000 },
];
const accepted: readonly SimulatedNotice[] = [...stored, { channel: 'J', afterMs: 8_000 }];
const ended = (channel: string, afterMs: number): readonly SimulatedNotice[] => [
  { channel, afterMs },
  { channel: 'R', afterMs: afterMs + 6_000 },
];

const lives: Readonly<Record<LifeWord, readonly SimulatedNotice[]>> = {
  release: [...accepted, ...ended('P', 15_000)],
  inspect: [...accepted, { channel: 'C', afterMs: 11_000 }, ...ended('P', 30_000)],
  'held-payment': [...accepted, { channel: 'T', afterMs: 11_000 }],
  manual: [...accepted, { channel: 'H', afterMs: 11_000 }],
  reject: [],
  return: [...stored, { channel: 'Z', afterMs: 9_000 }],
  delete: [...accepted, { channel: 'D', afterMs: 20_000 }],
  'unknown-code': [...accepted, { channel: 'q9', afterMs: 11_000 }, ...ended('P', 15_000)],
  slow: [{ channel: '7', afterMs: 3_000 }],
};

/** By the word in the remarks; otherwise by luck: of ten imports three owe duty, of twenty declarations one is inspected, and each fourth is released under another code than P. */
export function lifeOf({
  word,
  isImport,
  luck,
}: {
  readonly word: LifeWord | undefined;
  readonly isImport: boolean;
  readonly luck: Luck;
}): readonly SimulatedNotice[] {
  if (word !== undefined) return lives[word];
  if (luck(20) === 0) return lives.inspect;
  const release = luck(4) === 0 ? (['K', 'B', 'I'][luck(3)] ?? 'P') : 'P';
  const isTaxed = isImport && luck(10) < 3;
  return [...accepted, ...(isTaxed ? [{ channel: 'T', afterMs: 11_000 }] : []), ...ended(release, 20_000)];
}
