/** The office's own knowledge: the window's rejections that no entry explains, counted, as entries to fill in. */
import type { Receipt } from '../../model/receipt.ts';
import type { CommonProblems } from './open.ts';
import type { Said } from './receipts.ts';

export type Unexplained = {
  readonly code: string;
  /** The text, with `…` for numbers that vary. */
  readonly text: string;
  readonly seen: number;
  /** The text as it came the first time. */
  readonly example: string;
};

/** A person writes at most so many entries. */
const mostKinds = 500;

/** Each complaint of a rejecting receipt; where it names none, its own text. */
function complaintsOf({ code = '', text = '', problems }: Receipt): readonly Required<Said>[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return errors.length === 0
    ? [{ code, text }]
    : errors.map((said) => ({ code: said.code || code, text: said.message }));
}

/** Takes receipts in any order, each id once; tells the most frequent first. */
export function collectUnexplained(known: Pick<CommonProblems, 'explains'>): {
  readonly add: (receipts: readonly Receipt[]) => void;
  readonly found: () => readonly Unexplained[];
} {
  const seen = new Set<string>();
  const kinds = new Map<string, Unexplained>();
  const add = (receipts: readonly Receipt[]): void => {
    for (const receipt of receipts) {
      if (receipt.state !== 'rejected' || seen.has(receipt.id)) continue;
      seen.add(receipt.id);
      for (const { code, text } of complaintsOf(receipt)) {
        if (known.explains({ code, text })) continue;
        const general = text.replaceAll(/\d+/gu, '…').trim();
        const name = `${code}\u0000${general}`;
        const before = kinds.get(name);
        if (before !== undefined) kinds.set(name, { ...before, seen: before.seen + 1 });
        else if (kinds.size < mostKinds) kinds.set(name, { code, text: general, seen: 1, example: text });
      }
    }
  };
  const found = (): readonly Unexplained[] =>
    [...kinds.values()].toSorted((a, b) => b.seen - a.seen || (a.text < b.text ? -1 : 1));
  return { add, found };
}

/** A file for the office's folder. What a person must write is empty: until then the file is refused with a word about it. */
export function skeletons(found: readonly Unexplained[]): object {
  const empty = { zh: '', en: '' };
  return {
    entries: found.map(({ code, text, seen, example }, index) => ({
      id: `office/${(code || 'rejected').toLowerCase().replaceAll(/[^a-z0-9]+/gu, '-')}-${index + 1}`,
      seen,
      group: 'office',
      title: text === '' ? { zh: code, en: code } : { zh: example, en: example },
      ...(text === '' ? { receipts: [code] } : { words: [text] }),
      cause: empty,
      steps: { zh: [''], en: [''] },
      source: 'own experience',
    })),
  };
}
