/** One campaign of the crash soak: one ledger, one window, the program killed and started again until it is done, then the checker. */
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CampaignEnd, CampaignPlan } from './campaign-plan.ts';
import { check } from './checker/check.ts';
import type { Campaign } from './checker/evidence.ts';
import { clientCampaign } from './client-campaign.ts';
import { httpCampaign } from './http-campaign.ts';

export async function campaign(plan: CampaignPlan): Promise<CampaignEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'declarant-soak-'));
  const canary = `canary-${plan.seed}-of-the-window`;
  const { kind, keep = false } = plan;
  const lodged =
    kind === 'cn-client' ? clientCampaign(folder, plan) : httpCampaign(folder, canary, { ...plan, kind });
  const { kills, runs, wrong, ...end } = await lodged;
  const evidence: Campaign = { folder, kind, canary, ...end };
  writeFileSync(join(folder, 'campaign.json'), JSON.stringify(evidence));
  const all = [...new Set([...wrong, ...check(evidence)])];
  const told = all.some((each) => each.startsWith('I7: ended')) ? [`    ${end.printed.slice(-600)}`] : [];
  if (all.length === 0 && !keep) rmSync(folder, { recursive: true });
  return { kills, runs, wrong: all.length === 0 ? [] : [...all, ...told], folder };
}
