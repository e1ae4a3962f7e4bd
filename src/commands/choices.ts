/** Reads a flag that takes one of a few words, and answers another. */
import { suggest } from '../config/suggest.ts';
import { exitCode, Stop } from '../model/stop.ts';

/** The word typed, or the first where none was. Throws `Stop` (exit 2) for any other, with the nearest. */
export function fromChoices<const Word extends string>(
  where: string,
  typed: string | true | undefined,
  choices: readonly [Word, ...Word[]],
): Word {
  if (typed === undefined) return choices[0];
  const found = choices.find((word) => word === typed);
  if (found !== undefined) return found;
  throw noneOf(where, String(typed), choices);
}

/** What a word is answered with that is none of those known: with the nearest (exit 2). */
export function noneOf(where: string, value: string, known: readonly string[]): Stop {
  const nearest = suggest(value, known);
  return new Stop('usage/invalid-value', exitCode.usage, {
    facts: {
      where,
      value,
      expected: known.join(', '),
      ...(nearest === undefined ? {} : { candidates: [nearest] }),
    },
  });
}
