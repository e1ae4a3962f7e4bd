/** What a person has to decide about a file's columns, and what an answer says. */
import type { FieldPath } from '../model/declaration.ts';
import type { Pack } from '../pack/pack.ts';
import { isSettled } from './describe-mapping.ts';
import type { Mapping } from './mapping.ts';
import type { Target } from './memory.ts';
import type { BookPlan } from './plan-book.ts';

export type Question = {
  /** `*` for a file without sheets. */
  readonly sheet: string;
  readonly column: number;
  readonly header: string;
  readonly samples: readonly string[];
  /** What it is taken to be: an empty answer confirms it. */
  readonly proposed?: FieldPath;
  /** In the order of their numbers, from 1; the proposed one first. */
  readonly choices: readonly FieldPath[];
};

/** `open`: left for later. */
export type Answer =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'open' }
  | { readonly kind: 'not-understood' };

/** Guessed columns, and columns without a field that may be one. */
export function questionsOf({ tables }: Pick<BookPlan, 'tables'>): readonly Question[] {
  return tables.flatMap(({ sheet = '*', columns, idle }) => {
    const unsure = columns
      .filter((plan) => !isSettled(plan))
      .map(({ column, header, samples, fields: [{ path }] }) => ({
        sheet,
        column,
        header,
        samples,
        proposed: path,
        choices: [path],
      }));
    const undecided = idle
      .filter(({ isKnown }) => !isKnown)
      .map(({ column, header, samples, candidates }) => ({
        sheet,
        column,
        header,
        samples,
        choices: candidates,
      }));
    return [...unsure, ...undecided].toSorted((a, b) => a.column - b.column);
  });
}

/** A number of the list, `-` for not declared, a field's path, or its name in any header word; empty: yes, or later. */
export function answerOf(text: string, { proposed, choices }: Question, pack: Pack): Answer {
  const said = text.trim();
  if (said === '') return proposed === undefined ? { kind: 'open' } : { kind: 'target', target: proposed };
  if (said === '-') return { kind: 'target', target: null };
  if (said === '?') return { kind: 'open' };
  if (/^\d+$/u.test(said)) {
    const target = choices[Number(said) - 1];
    return target === undefined ? { kind: 'not-understood' } : { kind: 'target', target };
  }
  const field = [...pack.fields.keys()].find((path) => path.toLowerCase() === said.toLowerCase());
  if (field !== undefined) return { kind: 'target', target: field };
  const fields = pack.headerWords.get(pack.normaliseHeader(said))?.fields ?? [];
  const [only, second] = fields;
  if (only === undefined) return { kind: 'not-understood' };
  return { kind: 'target', target: second === undefined ? only : fields };
}

/** The mapping with the answers in it: they win over what it said of these columns. */
export function withAnswers(
  mapping: Mapping | undefined,
  answers: readonly { readonly question: Question; readonly target: Target }[],
): Mapping {
  const sheets = { ...mapping?.sheets };
  for (const { question, target } of answers) {
    const before = sheets[question.sheet] ?? sheets['*'];
    sheets[question.sheet] = { ...before, columns: { ...before?.columns, [question.header]: target } };
  }
  return { ...mapping, version: 1, sheets };
}
