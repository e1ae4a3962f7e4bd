/** `declarant problems [QUERY]`: searches the common problems; with `--learn`, what the window refused and no entry explains. */
import { openOutputFile, stdoutOutput } from '../io.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { exitCode } from '../model/stop.ts';
import { collectUnexplained, skeletons, type Unexplained } from '../reports/common-problems/learn.ts';
import type { CommonProblems } from '../reports/common-problems/open.ts';
import { readGroups } from '../reports/common-problems/read.ts';
import { search } from '../reports/common-problems/search.ts';
import { groupsText, matchesText } from '../reports/common-problems/text.ts';
import { alignColumns, oneLine } from '../reports/terminal-text.ts';
import type { CommandInput } from './command.ts';
import { openProblems } from './open-problems.ts';

/** Reads run after run: no more than one declaration of the ledger is held at a time. Stops (exit 74) where there is no ledger. */
async function unexplained(file: string, problems: CommonProblems): Promise<readonly Unexplained[]> {
  const ledger = await openLedger({ file, now: () => new Date(), mode: 'read' });
  try {
    const kept = collectUnexplained(problems);
    for (const { run } of ledger.runs(Number.MAX_SAFE_INTEGER)) {
      for (const { receipts } of ledger.entriesOfRun(run)) kept.add(receipts);
    }
    return kept.found();
  } finally {
    ledger.close();
  }
}

async function learn({ flags, config }: CommandInput, problems: CommonProblems): Promise<number> {
  const { lang, format, ledger } = config.settings;
  const found = await unexplained(ledger, problems);
  const made = `${JSON.stringify(skeletons(found), null, 2)}\n`;
  const save = flags.get('save');
  if (typeof save === 'string') {
    const output = await openOutputFile(save);
    await output.write(made);
    await output.commit();
  }
  if (format === 'json' || format === 'ndjson') await stdoutOutput.write(made);
  else if (found.length === 0)
    await stdoutOutput.write(
      lang === 'zh' ? '退回的原因都有条目解释。\n' : 'Every rejection is explained by an entry.\n',
    );
  else {
    await stdoutOutput.write(
      `${alignColumns(found.map(({ code, text, seen }) => [`${seen} ×`, oneLine(code), oneLine(text)])).join('\n')}\n`,
    );
    if (typeof save !== 'string') await stdoutOutput.write(`\n${made}`);
  }
  return exitCode.done;
}

export async function run(input: CommandInput): Promise<number> {
  const { args, flags, config } = input;
  const { lang, format, errorOnEmpty } = config.settings;
  const problems = openProblems(config.settings);
  if (flags.has('learn')) return learn(input, problems);
  const query = args.join(' ').trim();
  const entries = query === '' ? problems.all() : search(problems.all(), query).map(({ entry }) => entry);
  if (format === 'json') await stdoutOutput.write(`${JSON.stringify(entries, null, 2)}\n`);
  else if (format === 'ndjson')
    await stdoutOutput.write(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  else if (query === '') await stdoutOutput.write(groupsText(entries, readGroups(), lang));
  else if (entries.length > 0) await stdoutOutput.write(matchesText(entries, lang));
  else
    process.stderr.write(
      lang === 'zh'
        ? `没有找到“${oneLine(query)}”。换几个词，或粘贴窗口的原话。\n`
        : `Nothing found for “${oneLine(query)}”. Try other words, or paste the window's own text.\n`,
    );
  return entries.length === 0 && errorOnEmpty ? exitCode.nothingToDo : exitCode.done;
}
