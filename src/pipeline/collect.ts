/** Puts decisions back into the order of the rows, counts them, and proves that no row was lost. */
import type { Problem } from '../model/problem.ts';
import { type Decision, type Outcome, outcomes, type RowResult, type RunSummary } from '../model/result.ts';
import type { Decided } from './tracked.ts';

const chunkRows = 64;

export class Collector {
  readonly #write: (results: readonly RowResult[]) => Promise<void>;
  /** Results that wait for an earlier row. */
  readonly #waiting = new Map<number, RowResult>();
  #next = 0;
  #ready: RowResult[] = [];
  readonly #counts = new Map<Outcome, { declarations: number; rows: number }>(
    outcomes.map((outcome) => [outcome, { declarations: 0, rows: 0 }]),
  );
  readonly #problems = new Map<string, { code: string; severity: Problem['severity']; count: number }>();
  #declarations = 0;
  #earlier = 0;

  constructor(write: (results: readonly RowResult[]) => Promise<void>) {
    this.#write = write;
  }

  get declarations(): number {
    return this.#declarations;
  }

  async take(decided: readonly Decided[]): Promise<void> {
    for (const { rows, decision } of decided) {
      this.#count(decision);
      for (const row of rows) this.#place(row.ordinal, { ref: row, decision });
    }
    if (this.#ready.length >= chunkRows) await this.#flush();
  }

  /** Writes what is left. Throws a defect where a row that was read has no result, or has two. */
  async end(
    rowsRead: number,
  ): Promise<Pick<RunSummary, 'rows' | 'declarations' | 'byOutcome' | 'earlier' | 'problems'>> {
    await this.#flush();
    if (this.#next !== rowsRead || this.#waiting.size > 0) {
      throw new Error(
        `conservation broken: ${rowsRead} rows read, ${this.#next} results written, ${this.#waiting.size} waiting`,
      );
    }
    const byOutcome = Object.fromEntries(
      outcomes.map((outcome) => [outcome, this.#counts.get(outcome) ?? { declarations: 0, rows: 0 }]),
    );
    return {
      rows: rowsRead,
      declarations: this.#declarations,
      byOutcome: byOutcome as RunSummary['byOutcome'],
      earlier: this.#earlier,
      problems: this.#ranked(),
    };
  }

  #place(ordinal: number, result: RowResult): void {
    if (ordinal < this.#next || this.#waiting.has(ordinal))
      throw new Error(`conservation broken: row ${ordinal} has two results`);
    if (ordinal !== this.#next) {
      this.#waiting.set(ordinal, result);
      return;
    }
    this.#ready.push(result);
    this.#next += 1;
    for (let next = this.#waiting.get(this.#next); next; next = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next);
      this.#ready.push(next);
      this.#next += 1;
    }
  }

  #count({ outcome, rows, problems, isEarlier }: Decision): void {
    const counts = this.#counts.get(outcome);
    if (counts) {
      counts.declarations += 1;
      counts.rows += rows.length;
    }
    this.#declarations += 1;
    if (isEarlier) this.#earlier += 1;
    for (const { code, severity } of problems) {
      const known = this.#problems.get(`${severity} ${code}`);
      if (known) known.count += 1;
      else this.#problems.set(`${severity} ${code}`, { code, severity, count: 1 });
    }
  }

  #ranked(): RunSummary['problems'] {
    const order = { error: 0, warning: 1, info: 2 };
    return [...this.#problems.values()].toSorted(
      (a, b) => order[a.severity] - order[b.severity] || b.count - a.count || (a.code < b.code ? -1 : 1),
    );
  }

  async #flush(): Promise<void> {
    const ready = this.#ready;
    this.#ready = [];
    if (ready.length > 0) await this.#write(ready);
  }
}
