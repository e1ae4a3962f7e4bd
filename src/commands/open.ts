/** Opens what a run reads: pack, mapping, files and ledger. Whoever opens also says when it closes. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import type { Config, Settings } from '../config.ts';
import { messagesIn } from '../formats/decmessage/folder.ts';
import { openBook } from '../formats/index.ts';
import type { SourceBook } from '../formats/format.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { parseRunId, type RunId } from '../model/ids.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadDocuments } from '../pack/documents/load.ts';
import { loadPack } from '../pack/load.ts';
import type { Pack } from '../pack/pack.ts';
import { type Mapping, parseMapping } from '../pipeline/mapping.ts';
import { type Catalogue, openCatalogue } from '../reports/catalogue.ts';
import type { ReportContext } from '../reports/report.ts';
import { openProblems } from './open-problems.ts';
import { windowBinding } from './open-window.ts';
import { promisesOf } from './window-promises.ts';

/** `20260102-030405-x7k2`, the moment in UTC. */
export function newRunId(now: Date): RunId {
  const moment = now.toISOString().replace(/[-:]/gu, '').replace('T', '-').slice(0, 15);
  const random = randomInt(36 ** 4)
    .toString(36)
    .padStart(4, '0');
  const id = parseRunId(`${moment}-${random}`);
  if (id === undefined) throw new Error('the clock gave no date');
  return id;
}

export type OpenPack = {
  readonly pack: Pack;
  readonly catalogue: Catalogue;
  readonly context: ReportContext;
};

export async function openPack(settings: Settings): Promise<OpenPack> {
  const { pack: name, lang } = settings;
  const loaded = await loadPack(name);
  // An office's folder that cannot be read stops the run before anything is sent; ours is read when first needed.
  let answers = settings.problems === undefined ? undefined : openProblems(settings);
  const pack: Pack = { ...loaded, window: promisesOf(settings, loaded.window) };
  // A pack has the very paths that it names: looking one up needs no parsing.
  const titles = new Map<string, Pack['title']>([...pack.fields].map(([path, { title }]) => [path, title]));
  // Problems name a document by its folder; few runs have such problems.
  let documents: ReadonlyMap<string, Pack['title']> | undefined;
  const documentTitle = (path: string): Pack['title'] | undefined => {
    if (!/^[a-z][a-z0-9-]*$/u.test(path)) return undefined;
    documents ??= new Map(loadDocuments(name, pack).map((each) => [each.name, each.called]));
    return documents.get(path);
  };
  const fieldTitle = (path: string): Pack['title'] | undefined => titles.get(path) ?? documentTitle(path);
  const catalogue = openCatalogue({
    extra: pack.problems,
    fieldTitle,
    advise: (said, language) => (answers ??= openProblems(settings)).explainReceipt(said, language),
  });
  return {
    pack,
    catalogue,
    context: { lang, fieldTitle, render: (problem) => catalogue.render(problem, lang) },
  };
}

/** Throws `Stop` (exit 2) where the file is missing, no JSON, or no mapping. */
export async function readMapping(file: string | undefined, pack: Pack): Promise<Mapping | undefined> {
  if (file === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse((await readFile(file, 'utf8')).replace(/^\ufeff/u, ''));
  } catch (cause) {
    const isUnreadable = cause instanceof Error && 'code' in cause;
    if (isUnreadable)
      throw new Stop('usage/mapping-unreadable', exitCode.usage, {
        facts: { file, reason: String(cause.code) },
        cause,
      });
    const detail = cause instanceof Error ? cause.message : '';
    throw new Stop('usage/mapping-not-json', exitCode.usage, { facts: { file, detail }, cause });
  }
  return parseMapping(json, { file, pack });
}

export async function openBooks(
  args: readonly string[],
  { encoding, inputFormat, hidden }: Pick<Settings, 'encoding' | 'inputFormat' | 'hidden'>,
  opened: AsyncDisposableStack,
): Promise<readonly SourceBook[]> {
  if (args.filter((file) => file === '-').length > 1) throw new Stop('usage/stdin-twice', exitCode.usage);
  const books: SourceBook[] = [];
  const files = await Promise.all(args.map(async (arg) => (await messagesIn(arg)) ?? [arg]));
  for (const file of files.flat()) {
    const book = await openBook(file, {
      ...(encoding === undefined ? {} : { encoding }),
      ...(inputFormat === undefined ? {} : { format: inputFormat }),
      hidden,
    });
    opened.defer(() => book.close());
    books.push(book);
  }
  return books;
}

/** An import writes and takes the lock; everything else looks, where there is something to look at. */
export async function openLedgerFor(
  mode: 'check' | 'dry-run' | 'import',
  config: Config,
  { opened, now }: { opened: AsyncDisposableStack; now: () => Date },
): Promise<Ledger | undefined> {
  const file = config.settings.ledger;
  if (mode !== 'import' && !existsSync(file)) return undefined;
  const { openLedger } = await import('../ledger/open-ledger.ts');
  const ledger =
    mode === 'import'
      ? await openLedger({ file, now, mode: 'write', window: windowBinding(config), command: 'import' })
      : await openLedger({ file, now, mode: 'read' });
  opened.defer(() => ledger.close());
  return ledger;
}
