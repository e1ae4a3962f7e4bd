/** `declarant explain CODE`: what a problem code means and what to do about it. */
import { suggest } from '../config/suggest.ts';
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Lang } from '../model/text.ts';
import { loadPack } from '../pack/load.ts';
import { type CatalogueEntry, openCatalogue } from '../reports/catalogue.ts';
import type { CommandInput } from './command.ts';

const labels = {
  zh: { message: '问题', expected: '应为', remedy: '处理' },
  en: { message: 'Problem', expected: 'Expected', remedy: 'What to do' },
};

/** `{value}` stays as a gap that the reader can see: ‹value›. */
function gaps(text: string): string {
  return text.replace(/\{([A-Za-z][A-Za-z0-9]*)\}/gu, '‹$1›');
}

function entryText(code: string, entry: CatalogueEntry, lang: Lang): string {
  const colon = lang === 'zh' ? '：' : ': ';
  const parts = (['message', 'expected', 'remedy'] as const).filter((part) => entry[part][lang] !== '');
  const lines = parts.map((part) => `  ${labels[lang][part]}${colon}${gaps(entry[part][lang])}`);
  return `${code}  ${entry.title[lang]}\n${lines.join('\n')}\n`;
}

export async function run({ args, flags, config }: CommandInput): Promise<number> {
  const code = args[0] ?? '';
  const { lang, format, pack } = config.settings;
  let catalogue = openCatalogue();
  // The general codes are shown without loading the pack.
  if (catalogue.find(code) === undefined)
    catalogue = openCatalogue({ extra: (await loadPack(pack)).problems });
  const entry = catalogue.find(code);
  if (entry === undefined) {
    const example = suggest(code, catalogue.codes()) ?? 'usage/unknown-option';
    throw new Stop('usage/unknown-problem-code', exitCode.usage, {
      facts: { problem: code, example },
      hint: `declarant explain ${example}`,
    });
  }
  if (format === 'json' || format === 'ndjson')
    await stdoutOutput.write(`${JSON.stringify({ code, ...entry })}\n`);
  else {
    const langs: readonly Lang[] = flags.has('both') ? ['zh', 'en'] : [lang];
    await stdoutOutput.write(langs.map((each) => entryText(code, entry, each)).join('\n'));
  }
  return exitCode.done;
}
