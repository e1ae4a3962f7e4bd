/** The list of declarations in the HTML report: one group of table rows for each, with its problems and its receipts. */
import { basename } from 'node:path';
import type { Problem } from '../../model/problem.ts';
import type { Receipt } from '../../model/receipt.ts';
import type { Decision } from '../../model/result.ts';
import type { Rows } from '../../model/row.ts';
import { cellOf } from '../catalogue.ts';
import { momentText } from '../moment.ts';
import type { ReportContext } from '../report.ts';
import { outcomeWords, severityWords, stateWords } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { pageSize } from './script.ts';
import { hasFault } from './tally.ts';
import type { Say } from './words.ts';

/** So many problems of one declaration are shown. */
const mostProblems = 60;

export type ListOptions = {
  readonly context: ReportContext;
  readonly say: Say;
  readonly hasSeveralFiles: boolean;
};

/** `2–5, 9`. */
export function lineRanges(lines: readonly number[]): string {
  const ranges: string[] = [];
  let first = lines[0] ?? 0;
  for (const [index, line] of lines.entries()) {
    if (lines[index + 1] === line + 1) continue;
    ranges.push(first === line ? String(line) : `${first}–${line}`);
    first = lines[index + 1] ?? 0;
  }
  return ranges.length > 12 ? `${ranges.slice(0, 12).join(', ')}…` : ranges.join(', ');
}

function placeOf(rows: Rows, { say, hasSeveralFiles }: ListOptions): Markup {
  const [{ file, sheet }] = rows;
  const here = rows.filter((row) => row.file === file && row.sheet === sheet).map(({ line }) => line);
  const others = rows.length - here.length;
  const names = [hasSeveralFiles ? basename(file) : undefined, sheet].filter((name) => name !== undefined);
  const lines = say(here.length === 1 ? 'line' : 'lines', { lines: lineRanges(here) });
  return html`<span class="quiet">${names.join(' · ')}</span> ${lines}${others > 0 ? ` +${others}` : ''}`;
}

function told({ state, code, text }: Receipt, { context }: ListOptions): string {
  return text ?? (state === undefined ? (code ?? '') : stateWords[state][context.lang]);
}

function problemItem(problem: Problem, { context, say }: ListOptions): Markup {
  const { title, message, expected, remedy } = context.render(problem);
  const cell = cellOf(problem);
  const sheet = problem.row?.sheet;
  const where = cell ?? (problem.row === undefined ? undefined : say('line', { lines: problem.row.line }));
  const field = problem.field === undefined ? undefined : context.fieldTitle(problem.field)?.[context.lang];
  const header = problem.header ?? field;
  const colon = context.lang === 'zh' ? '：' : ': ';
  const value =
    problem.value === undefined || problem.value === '' ? undefined : html`<mark>${problem.value}</mark>`;
  const found =
    header === undefined && value === undefined
      ? undefined
      : html`<p>${header}${header === undefined || value === undefined ? '' : colon}${value}</p>`;
  const advice = [
    expected === ''
      ? undefined
      : html`<dt>${say('expected')}</dt>
          <dd>${expected}</dd>`,
    remedy === ''
      ? undefined
      : html`<dt>${say('remedy')}</dt>
          <dd>${remedy}</dd>`,
  ].filter((part) => part !== undefined);
  return html`<li class="severity-${problem.severity}">
    <div>
      ${where === undefined ? undefined : html`<span class="where">${sheet === undefined || cell === undefined ? '' : `${sheet}!`}${where}</span>`}<strong
        >${title}</strong
      >
      <span class="quiet"
        >${severityWords[problem.severity][context.lang]} · <code>${problem.code}</code></span
      >
    </div>
    ${found}
    <p>${message}</p>
    ${advice.length === 0 ? undefined : html`<dl>${advice}</dl>`}
  </li>`;
}

function more(decision: Decision, options: ListOptions): readonly Markup[] {
  const { say } = options;
  const { problems, receipts } = decision;
  const ranked = [...problems].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const shown = ranked.slice(0, mostProblems).map((problem) => problemItem(problem, options));
  const parts: Markup[] = [];
  if (shown.length > 0)
    parts.push(
      html`<ul class="found">
        ${shown}
      </ul>`,
    );
  if (problems.length > mostProblems)
    parts.push(html`<p class="quiet">${say('moreProblems', { count: problems.length - mostProblems })}</p>`);
  if (receipts.length > 1 || (receipts.length === 1 && problems.length > 0)) {
    const words = receipts.map(
      (receipt) =>
        html`<li>
          <time>${momentText(receipt.at)}</time>
          ${told(receipt, options)}${receipt.code === undefined ? '' : ` [${receipt.code}]`}
        </li>`,
    );
    parts.push(
      html`<details>
        <summary>${say('receipts')} (${receipts.length})</summary>
        <ol>
          ${words}
        </ol>
      </details>`,
    );
  }
  return parts;
}

const rank = { error: 0, warning: 1, info: 2 };

/** `index` is its place in the list, from 0. What stands on a later page is hidden from the start where scripts run: a page of 10,000 is laid out at once. */
export function declarationRows(decision: Decision, options: ListOptions, index: number): Markup {
  const { outcome, key, entryId, receipts, state, isEarlier } = decision;
  const { lang } = options.context;
  const last = receipts.at(-1);
  const stateWord = state === undefined ? undefined : stateWords[state][lang];
  const latest =
    last === undefined
      ? undefined
      : html`${stateWord ?? told(last, options)} <time class="quiet">${momentText(last.at)}</time>`;
  const below = more(decision, options);
  const earlier =
    isEarlier === true ? html`<br /><span class="quiet">${options.say('earlier')}</span>` : undefined;
  const faulty = hasFault(decision) ? html` data-faulty` : undefined;
  const later = index < pageSize ? undefined : html` class="off-page"`;
  return html`<tbody data-outcome="${outcome}" ${faulty}${later}>
    <tr>
      <th scope="row" class="key">${key ?? '–'}</th>
      <td>${placeOf(decision.rows, options)}</td>
      <td><span class="badge o-${outcome}">${outcomeWords[outcome][lang]}</span>${earlier}</td>
      <td><code>${entryId}</code></td>
      <td>${latest}</td>
    </tr>
    ${
      below.length === 0
        ? undefined
        : html`<tr class="more">
            <td colspan="5">${below}</td>
          </tr>`
    }
  </tbody> `;
}
