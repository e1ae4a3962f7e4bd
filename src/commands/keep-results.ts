/** Puts what became of every row into the ledger, in stretches large enough that a run hardly notices. */
import type { Ledger } from '../ledger/ledger.ts';
import type { RunId } from '../model/ids.ts';
import type { RowResult } from '../model/result.ts';
import { resultKeeper } from '../reports/kept-results.ts';

/** Characters of one stretch, about. */
const stretch = 1 << 20;

export type Keeper = { readonly add: (results: readonly RowResult[]) => void; readonly end: () => void };

/** `fieldsOf`: see `resultKeeper`. */
export function keepIn(ledger: Ledger, run: RunId, fieldsOf?: Parameters<typeof resultKeeper>[0]): Keeper {
  const textOf = resultKeeper(fieldsOf);
  let held: string[] = [];
  let length = 0;
  const end = (): void => {
    if (length > 0) ledger.keepResults(run, held.join(''));
    held = [];
    length = 0;
  };
  return {
    add(results) {
      const text = textOf(results);
      held.push(text);
      length += text.length;
      if (length >= stretch) end();
    },
    end,
  };
}
