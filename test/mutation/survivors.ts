/** What became of the mutants, and which survivors a person has looked at. */
import type { Stryker } from '@stryker-mutator/core';

type MutantResult = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

export type Mutant = {
  readonly file: string;
  readonly line: number;
  /** The text of that line, and the part of it that was changed. */
  readonly source: string;
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly status: MutantResult['status'];
};

/** Names a survivor by its text, not its line number, so that the list stands when the file grows. */
export type Reviewed = Pick<Mutant, 'file' | 'source' | 'from' | 'to'> & {
  /** Why no test could, or need, notice it. */
  readonly reason: string;
};

export function readMutants(
  results: readonly MutantResult[],
  textOf: (file: string) => string,
): readonly Mutant[] {
  return results.map(({ fileName, location: { start, end }, mutatorName, replacement, status }) => {
    const file = fileName.replaceAll('\\', '/').replace(/^.*?(?=src\/)/u, '');
    const lines = textOf(file)
      .split('\n')
      .slice(start.line - 1, end.line);
    const whole = lines.map((text, at) =>
      text.slice(at === 0 ? start.column - 1 : 0, at === lines.length - 1 ? end.column - 1 : undefined),
    );
    return {
      file,
      line: start.line,
      source: (lines[0] ?? '').trim(),
      from: inOneLine(whole.join(' ')),
      to: inOneLine(replacement ?? ''),
      kind: mutatorName,
      status,
    };
  });
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim();
}

export function isSurvivor({ status }: Mutant): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

/** Those that could run. */
export function tried(mutants: readonly Mutant[]): readonly Mutant[] {
  return mutants.filter((mutant) => ['Killed', 'Timeout'].includes(mutant.status) || isSurvivor(mutant));
}

/** In percent: the share of mutants that a test noticed, of those that could run. */
export function scoreOf(mutants: readonly Mutant[]): number {
  const all = tried(mutants).length;
  return all === 0 ? 100 : (1 - mutants.filter(isSurvivor).length / all) * 100;
}

/** One entry of the list stands for one mutant. */
export function unreviewed(mutants: readonly Mutant[], reviewed: readonly Reviewed[]): readonly Mutant[] {
  const left = [...reviewed];
  return mutants.filter(isSurvivor).filter((mutant) => {
    const at = left.findIndex(
      ({ file, source, from, to }) =>
        file === mutant.file && source === mutant.source && from === mutant.from && to === mutant.to,
    );
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
