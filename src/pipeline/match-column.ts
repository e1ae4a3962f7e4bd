/** What one header text is known to mean: by the mapping file, by what was remembered, by the list of header words, in this order. */
import { isResultLabel } from '../model/own-marks.ts';
import type { HeaderMeaning, Pack } from '../pack/pack.ts';
import type { SheetMapping } from './mapping.ts';
import type { Recalled, Target } from './memory.ts';
import type { Evidence } from './plan.ts';

export type Known = {
  readonly label: string;
  readonly meaning: HeaderMeaning;
  readonly evidence: Evidence;
  readonly because: readonly string[];
};

export type Sources = {
  readonly pack: Pack;
  readonly sheet: SheetMapping | undefined;
  readonly recalled?: Recalled | undefined;
};

export function meaningOf(label: string, { pack, sheet, recalled }: Sources): Known | undefined {
  const fixed = sheet?.columns;
  const key = pack.normaliseHeader(label);
  const byWord = pack.headerWords.get(key);
  if (fixed && Object.hasOwn(fixed, label)) {
    return { label, meaning: told(fixed[label], byWord), evidence: 'mapping', because: [] };
  }
  if (isResultLabel(label)) return { label, meaning: { fields: [] }, evidence: 'word', because: [] };
  const before = recalled?.targets.get(key);
  if (recalled && before !== undefined) {
    const meaning = told(before, byWord);
    if (meaning !== byWord) return { label, meaning, evidence: 'remembered', because: [recalled.from.name] };
  }
  return byWord && { label, meaning: byWord, evidence: 'word', because: [] };
}

/** What was told, or the very header word where it says the same: it may prove the direction too. */
function told(target: Target | undefined, byWord: HeaderMeaning | undefined): HeaderMeaning {
  const fields =
    target === null || target === undefined ? [] : typeof target === 'string' ? [target] : target;
  return byWord && byWord.fields.join() === fields.join() ? byWord : { fields };
}

/** Whether a label would find a field, is known as one that is not declared, or means several fields. */
export function isKnownLabel(label: string, sources: Sources): boolean {
  const text = label.trim();
  return (
    meaningOf(text, sources) !== undefined || sources.pack.openWords.has(sources.pack.normaliseHeader(text))
  );
}
