/** One campaign on the folders of the import client. */
import type { CampaignPlan, Lodged } from './campaign.ts';

export async function clientCampaign(folder: string, plan: CampaignPlan): Promise<Lodged> {
  throw new Error(`not yet: ${folder} ${plan.seed}`);
}
