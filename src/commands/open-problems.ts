/** Opens the common-problem catalogue as the configuration has it: the pack's, and the office's own folder. */
import type { Settings } from '../config.ts';
import { loadExplanations } from '../pack/explanations.ts';
import { type CommonProblems, openCommonProblems } from '../reports/common-problems/open.ts';

/** Stops (exit 2) where the office's folder cannot be read, or holds a file that is no catalogue. */
export function openProblems({ pack, problems }: Settings): CommonProblems {
  return openCommonProblems({
    pack: loadExplanations(pack),
    ...(problems === undefined ? {} : { office: problems }),
  });
}
