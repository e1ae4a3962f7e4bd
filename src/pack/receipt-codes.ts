/** The receipt codes of a pack's window: `receipts.json`. */
import { parseReceiptCodes, type ReceiptCodes } from '../model/receipt-codes.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { findPack, readJson } from './pack-files.ts';

/** Throws `Stop` (exit 2) where the pack has no receipt codes, or a broken file of them. */
export function loadReceiptCodes(pack: string): ReceiptCodes {
  const folder = findPack(pack);
  const json = readJson(folder, 'receipts.json');
  try {
    return parseReceiptCodes(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Stop('pack/broken', exitCode.usage, {
      facts: { file: `${folder.path}/receipts.json`, reason },
      cause,
    });
  }
}
