/** `declarant notice`: writes the release notice of a bill, where all of it is released. */
import { resolve } from 'node:path';
import { openOutputFile, stdoutOutput } from '../io.ts';
import type { FieldPath } from '../model/declaration.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Text } from '../model/text.ts';
import type { Pack } from '../pack/pack.ts';
import { loadReceiptCodes } from '../pack/receipt-codes.ts';
import { type NoticeEntry, noticePage } from '../reports/notice.ts';
import { movedText } from '../reports/moved.ts';
import type { CommandInput } from './command.ts';
import { openPack } from './open.ts';
import { toldOf } from './releases.ts';
import { sameWindow } from './same-window.ts';
import { readShipments, type Shipment } from './shipments.ts';

function needed(flags: CommandInput['flags'], name: string, typed: string): string {
  const value = flags.get(name);
  if (typeof value === 'string' && value !== '') return value;
  throw new Stop('usage/missing-argument', exitCode.usage, {
    facts: { command: 'notice', takes: typed },
    hint: 'declarant notice --help',
  });
}

/** A code with its names, as the lists have them. */
function named(value: string, path: FieldPath, pack: Pack): string {
  const list = pack.fields.get(path)?.codeList;
  const entry = list === undefined ? undefined : pack.codeLists.get(list)?.get(value);
  return entry === undefined ? value : [value, entry.zh, entry.en].filter((part) => part !== '').join(' ');
}

/** Of a list, every value that is there: container numbers. */
function shownAt({ content }: Shipment, path: FieldPath, pack: Pack): string {
  const [segment = '', tag = ''] = path.split('.');
  const found = content?.[segment];
  const entries = found === undefined ? [] : Array.isArray(found) ? found : [found];
  const values = entries.map((entry) => entry[tag] ?? '').filter((value) => value !== '');
  return [...new Set(values)].map((value) => named(value, path, pack)).join('  ');
}

function goodsOf({ content }: Shipment, pack: Pack): readonly string[] {
  const goods = content?.['DecLists'];
  if (!Array.isArray(goods)) return [];
  const listed = pack.fields.get('DecLists.GUnit')?.codeList ?? '';
  return goods.map(({ CodeTS = '', GName = '', GQty = '', GUnit = '' }) => {
    const unit = pack.codeLists.get(listed)?.get(GUnit)?.zh ?? GUnit;
    return [CodeTS, GName, `${GQty} ${unit}`.trim()].filter((part) => part !== '').join('  ');
  });
}

export async function run({ flags, config, typed }: CommandInput): Promise<number> {
  const { settings } = config;
  const bill = needed(flags, 'bill', '--bill NO');
  const output = needed(flags, 'output', '-o FILE');
  const codes = loadReceiptCodes(settings.pack);
  const { shipments, movedTo } = await readShipments(settings.ledger, codes, bill);
  if (movedTo !== undefined) process.stderr.write(`${movedText(movedTo, settings.lang)}\n`);
  const open = shipments.filter(({ release }) => !release.isReleased || release.doubts.length > 0);
  if (shipments.length === 0 || open.length > 0)
    throw new Stop('release/not-released', exitCode.someRefused, {
      facts: { bill, open: open.length, count: shipments.length },
      hint: sameWindow(`declarant releases --bill ${JSON.stringify(bill)}`, typed),
    });
  const { context, pack } = await openPack(settings);
  const titleOf = (path: FieldPath): Text => context.fieldTitle(path) ?? { zh: path, en: path };
  const entries = shipments.map((shipment): NoticeEntry => ({
    release: toldOf(shipment),
    fields: codes.notice.map((path) => ({ title: titleOf(path), value: shownAt(shipment, path, pack) })),
    goods: goodsOf(shipment, pack),
  }));
  const page = noticePage(entries, {
    bill,
    madeAt: new Date().toISOString(),
    codes,
    ...(movedTo === undefined ? {} : { movedTo }),
  });
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
