/** `report.html`: one self-contained page that works offline, on paper, without scripts, by keyboard and in the dark. */
import { basename } from 'node:path';
import { outcomes, type RunSummary } from '../../model/result.ts';
import type { Output } from '../output.ts';
import type { ReportFactory } from '../index.ts';
import { momentText } from '../moment.ts';
import type { Report, ReportContext } from '../report.ts';
import { outcomeWords } from '../words.ts';
import { declarationRows, type ListOptions } from './declarations.ts';
import { html, type Markup, ours } from './markup.ts';
import { script, scriptHash } from './script.ts';
import { notices, problems, totals } from './sections.ts';
import { style } from './style.ts';
import { startTally, type Tally } from './tally.ts';
import { timeline } from './timeline.ts';
import { type Say, speaker } from './words.ts';

const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src '${scriptHash}'; base-uri 'none'; form-action 'none'`;

function top(summary: RunSummary, { lang }: ReportContext, say: Say): Markup {
  const names = summary.files.map((file) => basename(file)).join(lang === 'zh' ? '、' : ', ');
  const counts = outcomes
    .filter((outcome) => summary.byOutcome[outcome].rows > 0)
    .map((outcome) => `${outcomeWords[outcome][lang]} ${summary.byOutcome[outcome].declarations}`);
  return html`<!DOCTYPE html>
    <html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${ours(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${names} – ${say(summary.mode)}</title>
        <style>
          ${ours(style)}
        </style>
        <noscript
          ><style>
            .off-page {
              display: table-row-group !important;
            }
          </style></noscript
        >
      </head>
      <body>
        <a class="skip" href="#declarations">${say('skip')}</a>
        <header>
          <h1>${say(summary.mode)}${lang === 'zh' ? '：' : ': '}${names}</h1>
          <p class="lead">${momentText(summary.startedAt)} · ${counts.join(' · ')}</p>
        </header>
        <main>
     `;
}

function controls(summary: RunSummary, { lang }: ReportContext, say: Say): Markup {
  const choices = outcomes
    .filter((outcome) => summary.byOutcome[outcome].rows > 0)
    .map((outcome) => html`<option value="${outcome}">${outcomeWords[outcome][lang]}</option>`);
  return html`<div id="controls" class="controls" role="search" hidden>
    <label for="search"
      >${say('search')}<input
        type="search"
        id="search"
        placeholder="${say('searchHint')}"
        autocomplete="off" /></label
    ><label for="outcome"
      >${say('filterOutcome')}<select id="outcome">
        <option value="">${say('all')}</option>
        ${choices}
      </select></label
    ><label class="tick" for="only"><input type="checkbox" id="only" /> ${say('filterProblems')}</label
    ><button type="button" id="reset">${say('reset')}</button>
    <p role="status" aria-live="polite" id="count" data-text="${say('shown')}"></p>
  </div>`;
}

function listHead(summary: RunSummary, tally: Tally, context: ReportContext, say: Say): Markup {
  const leftOut =
    tally.leftOut() === 0
      ? undefined
      : html`<p class="lead">${say('leftOut', { count: tally.leftOut() })}</p>`;
  return html`<section aria-labelledby="declarations">
    <h2 id="declarations" tabindex="-1">${say('list')}</h2>
    ${leftOut}${controls(summary, context, say)}
    <div class="scroll" tabindex="0" role="region" aria-labelledby="declarations">
      <table id="list" class="list">
        <caption>
          ${say('listCaption')}
        </caption>
        <thead>
          <tr>
            <th scope="col">${say('declaration')}</th>
            <th scope="col">${say('place')}</th>
            <th scope="col">${say('outcome')}</th>
            <th scope="col">${say('entryId')}</th>
            <th scope="col">${say('latest')}</th>
          </tr>
        </thead>
   `;
}

function bottom({ run, startedAt, window, pack, files, exit }: RunSummary, say: Say): Markup {
  const lodgedWith =
    window === undefined
      ? undefined
      : html`<dt>${say('window')}</dt>
          <dd>${window}</dd>`;
  return html`</table></div><div id="pages" class="pages" hidden><button type="button" id="before">${say('before')}</button><span id="page" data-text="${say('page')}"></span><button type="button" id="after">${say('after')}</button></div></section></main>
<footer><dl><dt>${say('run')}</dt><dd><code>${run}</code></dd><dt>${say('began')}</dt><dd><time datetime="${startedAt}">${momentText(startedAt)}</time></dd>${lodgedWith}<dt>${say('pack')}</dt><dd>${pack}</dd><dt>${say('files')}</dt><dd>${files.join('\n')}</dd><dt>${say('exit')}</dt><dd>${exit}</dd></dl></footer><script>${ours(script)}</script></body></html>
`;
}

/** For the registry: `report.html` in the folder of the results. */
export const htmlReportAt: ReportFactory = async ({ context, openText }) =>
  htmlReport(() => openText('report.html'), context);

/** Opens its output when the run is over: nothing is left behind by a run that ends before. */
export function htmlReport(open: () => Promise<Output>, context: ReportContext): Report {
  const tally = startTally(context);
  const say = speaker(context.lang);
  let output: Output | undefined;
  return {
    add: async (results) => tally.add(results),
    async end(summary) {
      const opened = await open();
      output = opened;
      const write = ({ markup }: Markup): Promise<void> => opened.write(markup);
      const options: ListOptions = { context, say, hasSeveralFiles: summary.files.length > 1 };
      await write(top(summary, context, say));
      await write(totals(summary, options));
      await write(notices(summary, options));
      await write(problems(summary, tally.columns(), options));
      await write(timeline(tally.minutes, options));
      await write(listHead(summary, tally, context, say));
      for (const [index, decision] of tally.listed().entries())
        await write(declarationRows(decision, options, index));
      await write(bottom(summary, say));
      return [await opened.commit()];
    },
    abandon: async () => output?.abandon(),
  };
}
