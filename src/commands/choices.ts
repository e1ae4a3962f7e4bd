/** Reads a flag that takes one of a few words. */
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
  const value = String(typed);
  const nearest = suggest(value, choices);
  throw new Stop('usage/invalid-value', exitCode.usage, {
    facts: {
      where,
      value,
      expected: choices.join(', '),
      ...(nearest === undefined ? {} : { candidates: [nearest] }),
    },
  });
}
