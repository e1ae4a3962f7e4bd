/** `declarant notice`: writes the release notice of a bill, where all of it is released. */
import { resolve } from 'node:path';
import { openOutputFile, stdoutOutput } from '../io.ts';
import type { FieldPath } from '../model/declaration.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Text } from '../model/text.ts';
import { loadReceiptCodes } from '../pack/receipt-codes.ts';
import { valueOf } from '../pipeline/release.ts';
import { type NoticeEntry, noticePage } from '../reports/notice.ts';
import type { CommandInput } from './command.ts';
import { openPack } from './open.ts';
import { toldOf } from './releases.ts';
import { readShipments, type Shipment } from './shipments.ts';

function needed(flags: CommandInput['flags'], name: string, typed: string): string {
  const value = flags.get(name);
  if (typeof value === 'string' && value !== '') return value;
  throw new Stop('usage/missing-argument', exitCode.usage, {
    facts: { command: 'notice', takes: typed },
    hint: 'declarant notice --help',
  });
}

function goodsOf({ content }: Shipment): readonly string[] {
  const goods = content?.['DecLists'];
  return Array.isArray(goods)
    ? goods.map((line) =>
        [line['CodeTS'], line['GName'], line['GQty']].filter((part) => part !== undefined).join('  '),
      )
    : [];
}

export async function run({ flags, config }: CommandInput): Promise<number> {
  const { settings } = config;
  const bill = needed(flags, 'bill', '--bill NO');
  const output = needed(flags, 'output', '-o FILE');
  const codes = loadReceiptCodes(settings.pack);
  const shipments = await readShipments(settings.ledger, codes, bill);
  const open = shipments.filter(({ release }) => !release.isReleased || release.doubts.length > 0);
  if (shipments.length === 0 || open.length > 0)
    throw new Stop('release/not-released', exitCode.someRefused, {
      facts: { bill, open: open.length, count: shipments.length },
      hint: `declarant releases --bill ${JSON.stringify(bill)}`,
    });
  const { context } = await openPack(settings);
  const titleOf = (path: FieldPath): Text => context.fieldTitle(path) ?? { zh: path, en: path };
  const entries = shipments.map((shipment): NoticeEntry => ({
    release: toldOf(shipment),
    fields: codes.notice.map((path) => ({ title: titleOf(path), value: valueOf(shipment.content, path) })),
    goods: goodsOf(shipment),
  }));
  const page = noticePage(entries, { bill, madeAt: new Date().toISOString(), codes });
  const file = output === '-' ? stdoutOutput : await openOutputFile(resolve(output));
  try {
    await file.write(page);
    await file.commit();
  } catch (error) {
    await file.abandon();
    throw error;
  }
  if (output !== '-') await stdoutOutput.write(`${resolve(output)}\n`);
  return exitCode.done;
}
