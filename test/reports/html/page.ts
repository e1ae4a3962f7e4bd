/** The page of the HTML report from results made by hand. */
import type { Decision, RunSummary } from '../../../src/model/result.ts';
import { htmlReport } from '../../../src/reports/html/report.ts';
import type { ReportContext } from '../../../src/reports/report.ts';
import { contextIn, keptOutput, resultsOf, summaryOf } from '../sample.ts';

export async function pageOf(
  decisions: readonly Decision[],
  change: Partial<RunSummary> = {},
  context: ReportContext = contextIn('en'),
): Promise<string> {
  const output = keptOutput();
  const report = htmlReport(async () => output, context);
  for (const decision of decisions) await report.add(resultsOf(decision));
  await report.end(summaryOf(change));
  return output.text();
}
