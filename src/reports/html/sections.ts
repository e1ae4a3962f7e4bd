/** The sections of the HTML report above the list: totals, notices, problems by kind and by column. */
import { outcomes, type RunSummary } from '../../model/result.ts';
import type { ReportContext } from '../report.ts';
import { outcomeMeanings, outcomeWords, severityWords } from '../words.ts';
import { dividedBar, shareBar } from './charts.ts';
import { html, type Markup } from './markup.ts';
import type { ColumnCount } from './tally.ts';
import type { Say } from './words.ts';

export type SectionOptions = { readonly context: ReportContext; readonly say: Say };

export function totals(
  { byOutcome, rows, declarations }: RunSummary,
  { context: { lang }, say }: SectionOptions,
): Markup {
  const seen = outcomes.filter((outcome) => byOutcome[outcome].rows > 0);
  const slices = seen.map((outcome) => ({
    className: `o-${outcome}`,
    label: outcomeWords[outcome][lang],
    count: byOutcome[outcome].declarations,
  }));
  const label = slices.map(({ label: name, count }) => `${name} ${count}`).join(', ');
  const lines = seen.map(
    (outcome) =>
      html`<tr>
        <th scope="row">
          <span class="dot o-${outcome}" aria-hidden="true"></span>${outcomeWords[outcome][lang]}
        </th>
        <td class="n">${byOutcome[outcome].declarations}</td>
        <td class="n">${byOutcome[outcome].rows}</td>
        <td>${outcomeMeanings[outcome][lang]}</td>
      </tr>`,
  );
  return html`<section aria-labelledby="totals">
    <h2 id="totals">${say('totals')}</h2>
    ${dividedBar(slices, label)}
    <table>
      <caption>
        ${say('totalsCaption')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('outcome')}</th>
          <th scope="col" class="n">${say('declarations')}</th>
          <th scope="col" class="n">${say('rows')}</th>
          <th scope="col">${say('meaning')}</th>
        </tr>
      </thead>
      <tbody>
        ${lines}
        <tr>
          <th scope="row">${say('all')}</th>
          <td class="n">${declarations}</td>
          <td class="n">${rows}</td>
          <td></td>
        </tr>
      </tbody>
    </table>
  </section>`;
}

export function notices(summary: RunSummary, { context, say }: SectionOptions): Markup {
  if (summary.notices.length === 0) return html``;
  const items = summary.notices
    .slice(0, 100)
    .map((notice) => html`<li>${context.render(notice).message}</li>`);
  return html`<section aria-labelledby="notices">
    <h2 id="notices">${say('notices')}</h2>
    <ul class="plain">
      ${items}
    </ul>
  </section>`;
}

const mostKinds = 100;
const mostAtSight = 8;

export function problems(
  summary: RunSummary,
  columns: readonly ColumnCount[],
  { context, say }: SectionOptions,
): Markup {
  const { lang, render } = context;
  const asked = summary.problems.filter(({ severity }) => severity !== 'info').slice(0, mostKinds);
  if (asked.length === 0)
    return html`<section aria-labelledby="problems">
      <h2 id="problems">${say('problems')}</h2>
      <p class="lead">${say('noProblems')}</p>
    </section>`;
  const longest = Math.max(...asked.map(({ count }) => count));
  const kinds = asked.map(({ code, severity, count }) => {
    const isWarning = severity === 'warning';
    const [area = '', ...rest] = code.split('/');
    const { title } = render({ code: `${area}/${rest.join('/')}`, severity: 'info' });
    const bar = shareBar([{ className: `severity-${severity}`, label: '', count }], longest);
    return html`<tr>
      <th scope="row">
        <button type="button" class="find" data-find="${code}" disabled>${title}</button>
        <span class="quiet"><code>${code}</code>${isWarning ? ` · ${severityWords.warning[lang]}` : ''}</span>
      </th>
      <td class="n">${count}</td>
      <td class="bar">${bar}</td>
    </tr>`;
  });
  const most = Math.max(1, ...columns.map(({ errors, warnings }) => errors + warnings));
  const headers = columns.slice(0, mostKinds).map(({ name, errors, warnings }) => {
    const bar = shareBar(
      [
        { className: 'severity-error', label: '', count: errors },
        { className: 'severity-warning', label: '', count: warnings },
      ],
      most,
    );
    const label =
      name === ''
        ? html`${say('noColumn')}`
        : html`<button type="button" class="find" data-find="${name}" disabled>${name}</button>`;
    return html`<tr>
      <th scope="row">${label}</th>
      <td class="n">${errors + warnings}</td>
      <td class="bar">${bar}</td>
    </tr>`;
  });
  return html`<section aria-labelledby="problems">
    <h2 id="problems">${say('problems')}</h2>
    <div class="two">
      <div>${countTable({ caption: say('byCode'), head: say('kind'), lines: kinds }, say)}</div>
      <div>${countTable({ caption: say('byColumn'), head: say('column'), lines: headers }, say)}</div>
    </div>
  </section>`;
}

/** The most frequent at sight, the others one click away; on paper all of them. */
function countTable(
  { caption, head, lines }: { caption: string; head: string; lines: readonly Markup[] },
  say: Say,
): Markup {
  const others = lines.slice(mostAtSight);
  const table = (shown: readonly Markup[], label: Markup): Markup =>
    html`<table class="tight">
      ${label}
      <thead>
        <tr>
          <th scope="col">${head}</th>
          <th scope="col" class="n">${say('times')}</th>
          <td class="bar"></td>
        </tr>
      </thead>
      <tbody>
        ${shown}
      </tbody>
    </table>`;
  const first = table(
    lines.slice(0, mostAtSight),
    html`<caption>
      ${caption}
    </caption>`,
  );
  if (others.length === 0) return first;
  const summary = say('others', { count: others.length });
  return html`${first}
    <details>
      <summary>${summary}</summary>
      ${table(
        others,
        html`<caption>
          ${caption} · ${summary}
        </caption>`,
      )}
    </details>`;
}
