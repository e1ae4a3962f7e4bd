/** The script of the HTML report: searches, filters and pages what is in the page already. It holds no data, so its hash is always the same. */
import { createHash } from 'node:crypto';

/** Declarations on one page of the list. */
export const pageSize = 50;

export const script = `
(() => {
  'use strict';
  const find = (id) => document.getElementById(id);
  const list = find('list'), search = find('search'), outcome = find('outcome'), only = find('only');
  const count = find('count'), pages = find('pages'), page = find('page'), before = find('before'), after = find('after');
  if (!list) return;
  const size = ${pageSize};
  const plain = (text) => text.normalize('NFKC').toLowerCase();
  const entries = Array.from(list.tBodies, (body) => ({ body, text: '', isFaulty: body.hasAttribute('data-faulty'), outcome: body.getAttribute('data-outcome') }));
  let matching = entries, at = 0;
  const fill = (element, values) => element.getAttribute('data-text').replace(/\\{(\\w+)\\}/g, (all, name) => values[name]);
  const turn = (to) => {
    const last = Math.max(0, Math.ceil(matching.length / size) - 1);
    at = Math.min(Math.max(to, 0), last);
    matching.forEach((entry, index) => entry.body.classList.toggle('off-page', Math.floor(index / size) !== at));
    pages.hidden = last === 0;
    page.textContent = fill(page, { page: at + 1, pages: last + 1 });
    before.disabled = at === 0;
    after.disabled = at === last;
  };
  const filter = () => {
    const words = plain(search.value).split(/\\s+/).filter(Boolean);
    matching = entries.filter((entry) => {
      if (words.length > 0 && entry.text === '') entry.text = plain(entry.body.textContent);
      const isShown = (outcome.value === '' || entry.outcome === outcome.value) && (!only.checked || entry.isFaulty) && words.every((word) => entry.text.includes(word));
      entry.body.hidden = !isShown;
      return isShown;
    });
    count.textContent = fill(count, { shown: matching.length, all: entries.length });
    turn(0);
  };
  let soon;
  search.addEventListener('input', () => { clearTimeout(soon); soon = setTimeout(filter, 150); });
  outcome.addEventListener('change', filter);
  only.addEventListener('change', filter);
  before.addEventListener('click', () => { turn(at - 1); list.scrollIntoView(); });
  after.addEventListener('click', () => { turn(at + 1); list.scrollIntoView(); });
  find('reset').addEventListener('click', () => { search.value = ''; outcome.value = ''; only.checked = false; filter(); search.focus(); });
  for (const button of document.querySelectorAll('button.find')) {
    button.disabled = false;
    button.addEventListener('click', () => { search.value = button.getAttribute('data-find'); outcome.value = ''; only.checked = false; filter(); search.focus(); find('declarations').scrollIntoView(); });
  }
  find('controls').hidden = false;
  filter();
})();
`;

/** As a Content-Security-Policy names it. */
export const scriptHash = `sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}`;
