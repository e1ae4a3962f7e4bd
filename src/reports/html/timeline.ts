/** When the receipts and releases came: a chart and the same as a table. */
import { isLodgementState } from '../../model/state.ts';
import { stateWords } from '../words.ts';
import { dividedBar, stackedBars } from './charts.ts';
import { html, type Markup } from './markup.ts';
import type { SectionOptions } from './sections.ts';

type Minutes = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** So many bars at most: minutes, else hours, else days, else the last days. */
const mostBars = 30;

/** By minute, hour or day: the finest that fits. */
export function buckets(minutes: Minutes): readonly (readonly [string, ReadonlyMap<string, number>])[] {
  for (const length of [16, 13, 10]) {
    const merged = new Map<string, Map<string, number>>();
    for (const [minute, states] of minutes) {
      const name = minute.slice(0, length);
      const into = merged.get(name) ?? new Map<string, number>();
      for (const [state, count] of states) into.set(state, (into.get(state) ?? 0) + count);
      merged.set(name, into);
    }
    const sorted = [...merged].sort(([a], [b]) => (a < b ? -1 : 1));
    if (sorted.length <= mostBars || length === 10) return sorted.slice(-mostBars);
  }
  return [];
}

const stateOrder = [
  'received',
  'registered',
  'accepted',
  'held',
  'released',
  'cleared',
  'exited',
  'rejected',
  'cancelled',
  'unknown',
  'other',
];

export function timeline(minutes: Minutes, { context: { lang }, say }: SectionOptions): Markup {
  if (minutes.size === 0) return html``;
  const found = buckets(minutes);
  const states = stateOrder.filter((state) => found.some(([, counts]) => counts.has(state)));
  const word = (state: string): string => (isLodgementState(state) ? stateWords[state][lang] : say('other'));
  const isOneDay =
    new Set(found.map(([name]) => name.slice(0, 10))).size === 1 && (found[0]?.[0].length ?? 0) > 10;
  const label = (name: string): string =>
    (isOneDay ? name.slice(11) : name.slice(5).replace('T', ' ')) + (name.length === 13 ? ':00' : '');
  const stacks = found.map(([name, counts]) => ({
    label: label(name),
    slices: states.map((state) => ({
      className: `s-${state}`,
      label: word(state),
      count: counts.get(state) ?? 0,
    })),
  }));
  const lines = found.map(
    ([name, counts]) =>
      html`<tr>
        <th scope="row"><time>${name.replace('T', ' ')}</time></th>
        ${states.map((state) => html`<td class="n">${counts.get(state) ?? ''}</td>`)}
      </tr>`,
  );
  const heads = states.map(
    (state) =>
      html`<th scope="col" class="n">
        <span class="dot s-${state}" aria-hidden="true"></span>${word(state)}
      </th>`,
  );
  const [only] = stacks;
  const picture =
    only !== undefined && stacks.length === 1
      ? dividedBar(only.slices, say('timelineCaption'))
      : stackedBars(stacks, say('timelineCaption'));
  return html`<section aria-labelledby="timeline">
    <h2 id="timeline">${say('timeline')}</h2>
    ${picture}
    <div class="scroll">
      <table>
        <caption>
          ${say('timelineCaption')}
        </caption>
        <thead>
          <tr>
            <th scope="col">${say('time')}</th>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${lines}
        </tbody>
      </table>
    </div>
  </section>`;
}
