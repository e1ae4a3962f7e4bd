/** The independent checker: reads input, window log, ledger and results of a campaign, shares no code with the program, and tells every broken invariant. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFolders, checkNothingLeft, folderLog } from './check-folders.ts';
import { checkLedger, checkWrittenDown } from './check-ledger.ts';
import { checkFiles, checkResults } from './check-results.ts';
import { checkWindow } from './check-window.ts';
import { type Campaign, groupedBy, type Json, linesOf, type Row, type Say } from './evidence.ts';

/** Everything that is wrong, as `I2: …`. None: nothing lost, nothing doubled, nothing unexplained. */
export function check(campaign: Campaign): readonly string[] {
  return collected((say) => {
    const { folder, kind } = campaign;
    const log = kind === 'cn-client' ? folderLog(campaign) : linesOf(join(folder, 'window.jsonl'));
    const ours = log.filter(({ type, foreign }) => type === 'accepted' && foreign !== true);
    const accepted = groupedBy(ours, (entry) => String(entry['ref']));
    checkResults(campaign, accepted, say);
    checkLedger(campaign, accepted, say);
    checkWrittenDown(folder, log, say);
    if (kind === 'cn-client') {
      checkFolders(campaign, say);
      checkNothingLeft(campaign, say);
    } else checkWindow(campaign, log, say);
    checkFiles(campaign, say);
  });
}

/** Right after a kill, while the ledger is as the kill left it. `log`: what had arrived by then. */
export function checkAfterKill(folder: string, log: readonly Json[]): readonly string[] {
  return collected((say) => checkWrittenDown(folder, log, say));
}

/** The same at the import client's folders. */
export function checkClientAfterKill(folder: string, rows: readonly Row[]): readonly string[] {
  return collected((say) => {
    checkWrittenDown(folder, [], say);
    checkFolders({ folder, rows }, say);
  });
}

function collected(work: (say: Say) => void): readonly string[] {
  const wrong: string[] = [];
  work((invariant, what) => void wrong.push(`${invariant}: ${what}`));
  return wrong;
}

if (import.meta.main) {
  const found = check(JSON.parse(readFileSync(join(process.argv[2] ?? '.', 'campaign.json'), 'utf8')));
  process.stdout.write(`${JSON.stringify(found)}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
