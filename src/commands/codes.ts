/** `declarant codes [LIST] [QUERY]`: the code lists of the pack, and what they hold. */
import { suggest } from '../config/suggest.ts';
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadPack } from '../pack/load.ts';
import type { CodeList, Pack } from '../pack/pack.ts';
import { alignColumns, oneLine } from '../reports/terminal-text.ts';
import type { CommandInput } from './command.ts';

type Table = { readonly rows: readonly (readonly string[])[]; readonly objects: readonly object[] };

function listTable(pack: Pack, lang: 'zh' | 'en'): Table {
  const lists = [...pack.codeLists.values()];
  return {
    rows: lists.map(({ name, title, size, edition, source }) => [
      name,
      title[lang],
      String(size),
      edition,
      oneLine(source),
    ]),
    objects: lists.map(({ name, title, size, edition, source, isComplete }) => ({
      name,
      title,
      size,
      edition,
      source,
      isComplete,
    })),
  };
}

function entryTable(list: CodeList, query: string): Table {
  const entries = [...list.search(query)];
  return {
    rows: entries.map(({ code, zh, en, status }) =>
      [code, oneLine(zh), oneLine(en), status ?? ''].filter((cell, index) => index < 3 || cell !== ''),
    ),
    objects: entries.map(({ code, zh, en, aliases, formerCodes, status }) => ({
      code,
      zh,
      en,
      aliases,
      formerCodes,
      status,
    })),
  };
}

function findList(pack: Pack, name: string): CodeList {
  const known = [...pack.codeLists.keys()];
  // `country` is enough for `cn-country`.
  const list =
    pack.codeLists.get(name) ?? pack.codeLists.get(known.find((each) => each.endsWith(`-${name}`)) ?? '');
  if (list !== undefined) return list;
  const nearest = suggest(name, known);
  throw new Stop('usage/unknown-code-list', exitCode.usage, {
    facts: { list: name, known },
    hint: nearest === undefined ? 'declarant codes' : `declarant codes ${nearest}`,
  });
}

export async function run({ args, config }: CommandInput): Promise<number> {
  const { lang, format } = config.settings;
  const pack = await loadPack(config.settings.pack);
  const [name, query = ''] = args;
  const table = name === undefined ? listTable(pack, lang) : entryTable(findList(pack, name), query);
  if (format === 'json') await stdoutOutput.write(`${JSON.stringify(table.objects, null, 2)}\n`);
  else if (format === 'ndjson')
    await stdoutOutput.write(table.objects.map((each) => `${JSON.stringify(each)}\n`).join(''));
  else if (table.rows.length > 0) await stdoutOutput.write(`${alignColumns(table.rows).join('\n')}\n`);
  else
    process.stderr.write(
      lang === 'zh' ? `没有找到“${oneLine(query)}”。\n` : `Nothing found for “${oneLine(query)}”.\n`,
    );
  return table.rows.length === 0 && config.settings.errorOnEmpty ? exitCode.nothingToDo : exitCode.done;
}
