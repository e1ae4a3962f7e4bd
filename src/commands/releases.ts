/** `declarant releases`: may the goods be handed over? From the ledger alone. */
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadReceiptCodes } from '../pack/receipt-codes.ts';
import { releaseTable, type ToldRelease } from '../reports/releases.ts';
import type { CommandInput } from './command.ts';
import { otherLedgers } from './other-ledgers.ts';
import { sameWindow } from './same-window.ts';
import { readShipments, type Shipment } from './shipments.ts';

function sinceMs(typed: string | true | undefined): number {
  if (typed === undefined) return Number.NEGATIVE_INFINITY;
  const day =
    typeof typed === 'string' && /^\d{4}-\d{2}-\d{2}$/u.test(typed) ? Date.parse(typed) : Number.NaN;
  // The 31st of February would be another day.
  const isDay = !Number.isNaN(day) && new Date(day).toISOString().slice(0, 10) === typed;
  if (isDay) return Date.parse(`${typed}T00:00:00+08:00`);
  throw new Stop('usage/invalid-value', exitCode.usage, {
    facts: { where: '--since', value: String(typed), expected: '2026-03-02' },
  });
}

export function toldOf({ entry, bill, release }: Shipment): ToldRelease {
  const { evidence, doubts, isReleased } = release;
  return {
    key: entry.key,
    bill,
    ...(entry.entryId === undefined ? {} : { entryId: entry.entryId }),
    state: entry.state,
    isReleased,
    ...(isReleased && evidence !== undefined ? { releasedAt: evidence.at, evidence } : {}),
    doubts,
  };
}

export async function run({ flags, config, typed }: CommandInput): Promise<number> {
  const { settings } = config;
  const codes = loadReceiptCodes(settings.pack);
  const bill = flags.get('bill');
  const number = typeof bill === 'string' ? bill : undefined;
  const since = sinceMs(flags.get('since'));
  const { shipments, movedTo } = await readShipments(settings.ledger, codes, number);
  const all = shipments.map(toldOf);
  const moved = movedTo === undefined ? {} : { movedTo };
  const declarations = all.filter(({ isReleased, releasedAt }) =>
    isReleased ? Date.parse(releasedAt ?? '') >= since : number !== undefined,
  );
  // Every declaration of the bill counts, whenever it was released.
  const mayHandOver =
    number === undefined
      ? undefined
      : all.length > 0 && all.every((each) => each.isReleased && each.doubts.length === 0);
  const told = {
    type: 'releases',
    schemaVersion: 1,
    ...moved,
    ...(number === undefined ? {} : { bill: number, mayHandOver }),
    declarations,
  };
  const isJson = flags.has('json') || settings.format === 'json' || settings.format === 'ndjson';
  const watch = sameWindow('declarant watch --once', typed);
  const others = all.length === 0 ? await otherLedgers(settings) : '';
  await stdoutOutput.write(
    isJson
      ? `${JSON.stringify(told)}\n`
      : releaseTable(
          { bill: number, mayHandOver, declarations, ...moved },
          { lang: settings.lang, codes, watch },
        ) + others,
  );
  if (mayHandOver === false) return exitCode.someRefused;
  return declarations.length === 0 && settings.errorOnEmpty ? exitCode.nothingToDo : exitCode.done;
}
