/** `--max-errors N|N%`: how many declarations may be set aside before a run lodges nothing at all. */
import { exitCode, Stop } from '../model/stop.ts';
import type { RunOptions } from '../pipeline/run-options.ts';

/** Throws `Stop` (exit 2) where the flag is neither a number nor a percentage. */
export function maxErrors(typed: string | true | undefined): Pick<RunOptions, 'refuse'> {
  if (typed === undefined) return {};
  const [, digits, percent] = /^(\d{1,9})(%?)$/u.exec(String(typed)) ?? [];
  const limit = Number(digits);
  if (digits === undefined || (percent === '%' && limit > 100)) {
    throw new Stop('usage/invalid-value', exitCode.usage, {
      facts: { where: '--max-errors', value: String(typed), expected: '10 | 5%' },
    });
  }
  return {
    refuse: ({ setAside, declarations }) => {
      const isOver = percent === '%' ? setAside * 100 > limit * declarations : setAside > limit;
      if (!isOver) return undefined;
      return new Stop('run/too-many-errors', exitCode.someRefused, {
        facts: { setAside, declarations, limit: String(typed) },
        hint: 'declarant check',
      });
    },
  };
}
