/** `declarant explain CODE`: the cause, what to do step by step, an example, and where the rule stands. */
import { suggest } from '../config/suggest.ts';
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Lang } from '../model/text.ts';
import type { CommonProblems } from '../reports/common-problems/open.ts';
import { search } from '../reports/common-problems/search.ts';
import { answerText } from '../reports/common-problems/text.ts';
import type { CommandInput } from './command.ts';
import { openProblems } from './open-problems.ts';

/** What follows the area. */
function ending(id: string): string {
  return id.slice(id.indexOf('/') + 1).toLowerCase();
}

/** The nearest id as it is typed, else what a search would find. */
function nearest(problems: CommonProblems, typed: string): string {
  const all = problems.all();
  const ids = all.flatMap(({ id, receipts }) => [id, ...receipts.map((code) => `CHANNEL=${code}`)]);
  const word = typed.toLowerCase();
  const byEnding =
    all.find(({ id }) => ending(id) === word) ??
    (word.length < 3 ? undefined : all.find(({ id }) => ending(id).startsWith(word)));
  return byEnding?.id ?? suggest(typed, ids) ?? search(all, typed, 1)[0]?.entry.id ?? 'usage/unknown-option';
}

export async function run({ args, flags, config }: CommandInput): Promise<number> {
  const code = (args[0] ?? '').trim();
  const { lang, format } = config.settings;
  const problems = openProblems(config.settings);
  const entry = problems.find(code);
  if (entry === undefined) {
    const example = nearest(problems, code);
    throw new Stop('usage/unknown-problem-code', exitCode.usage, {
      facts: { problem: code, example },
      hint: `declarant explain ${example}`,
    });
  }
  const langs: readonly Lang[] = flags.has('both') ? ['zh', 'en'] : [lang];
  if (format === 'json' || format === 'ndjson') await stdoutOutput.write(`${JSON.stringify(entry)}\n`);
  else await stdoutOutput.write(langs.map((each) => answerText(entry, each)).join('\n'));
  return exitCode.done;
}
