/** The import client's folders. */
import type { Campaign, Json, Say } from './evidence.ts';

export function folderLog(campaign: Campaign): readonly Json[] {
  throw new Error(`not yet: ${campaign.folder}`);
}

export function checkFolders(campaign: Campaign, log: readonly Json[], say: Say): void {
  say('I2', `${campaign.folder} ${log.length}`);
}
