/** Looks at the documents that declarations name: what is wrong with a file is told before anything is sent, and its bytes belong to the content. */
import type { Ledger } from '../ledger/ledger.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Declaration } from '../model/declaration.ts';
import type { DocumentFile, Documents } from '../model/documents.ts';
import { digestOf } from '../model/ids.ts';
import { isError, type Problem } from '../model/problem.ts';
import type { SingleWindow } from '../window/single-window.ts';
import { asLodged } from './dedupe.ts';
import { bareRow, type Flow, type Live, setAside, type Tracked } from './tracked.ts';

export type DocumentParts = {
  readonly documents: Documents | undefined;
  readonly ledger: Pick<Ledger, 'find'> | undefined;
};

/** A declaration without documents passes as it is. */
export async function* withDocuments(
  flow: Flow<Declaration>,
  { documents, ledger }: DocumentParts,
): AsyncGenerator<readonly Tracked<Declaration>[]> {
  for await (const chunk of flow) {
    const looked: Tracked<Declaration>[] = [];
    for (const each of chunk) {
      const isNaming =
        each.kind === 'live' &&
        documents !== undefined &&
        each.value.content[documents.segment] !== undefined;
      looked.push(isNaming ? await completed(each, documents, ledger) : each);
    }
    yield looked;
  }
}

async function completed(
  live: Live<Declaration>,
  { complete }: Documents,
  ledger: DocumentParts['ledger'],
): Promise<Tracked<Declaration>> {
  const { value } = live;
  const found = await complete(value);
  const filled = [...value.filled, ...found.filled];
  if (found.problems.some(isError))
    return refused({ ...live, value: { ...value, filled } }, found.problems, ledger);
  const problems = [...live.problems, ...found.problems];
  const { content, documents } = found;
  const body = canonicalJson(content);
  return { ...live, problems, value: { ...value, content, body, digest: digestOf(body), filled, documents } };
}

/** What was lodged stays lodged, though its documents were moved away since: then that is only a word. */
function refused(
  live: Live<Declaration>,
  problems: readonly Problem[],
  ledger: DocumentParts['ledger'],
): Tracked<Declaration> {
  const { key, filled } = live.value;
  const entry = ledger?.find([key]).get(key);
  const isLodged = entry !== undefined && !['prepared', 'rejected', 'cancelled'].includes(entry.state);
  if (!isLodged) return setAside(live.rows, [...live.problems, ...problems], { key, filled });
  const words = problems.map((problem): Problem => ({ ...problem, severity: 'warning' }));
  return asLodged({ ...live, problems: [...live.problems, ...words] }, entry);
}

/** Gives the window the files of what is about to be lodged. A file that changed since it was looked at sets its declaration aside. */
export async function* keptByWindow(
  flow: Flow<Declaration>,
  window: Pick<SingleWindow, 'keepDocuments'>,
): AsyncGenerator<readonly Tracked<Declaration>[]> {
  for await (const chunk of flow) {
    const kept: Tracked<Declaration>[] = [];
    for (const each of chunk) {
      const lost = (each.kind === 'live' && (await window.keepDocuments?.(each.value.documents ?? []))) || [];
      kept.push(each.kind === 'live' && lost.length > 0 ? changed(each, lost) : each);
    }
    yield kept;
  }
}

function changed(live: Live<Declaration>, lost: readonly DocumentFile[]): Tracked<Declaration> {
  const { rows, value, problems } = live;
  const said = lost.map(({ path }): Problem => {
    return { code: 'attachment/changed', severity: 'error', row: bareRow(rows[0]), facts: { name: path } };
  });
  return setAside(rows, [...problems, ...said], { key: value.key, filled: value.filled });
}
