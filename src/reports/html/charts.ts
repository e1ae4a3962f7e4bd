/** The pictures of the HTML report: plain SVG, each with a table beside it that says the same. */
import { html, type Markup } from './markup.ts';

export type Slice = { readonly className: string; readonly label: string; readonly count: number };

const width = 1000;

/** One bar, divided. Slices too thin to be seen are given two units. */
export function dividedBar(slices: readonly Slice[], label: string): Markup {
  const total = slices.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return html``;
  const widths = slices.map(({ count }) => Math.max(4, (count / total) * width));
  const scale = width / widths.reduce((sum, each) => sum + each, 0);
  let x = 0;
  const parts = slices.map(({ className, label: name, count }, index) => {
    const own = (widths[index] ?? 0) * scale;
    const part = html`<g class="${className}"
      ><title>${name}: ${count}</title
      ><rect
        class="fill"
        x="${x.toFixed(1)}"
        y="0"
        width="${Math.max(1, own - 2).toFixed(1)}"
        height="22"
        rx="3"
    /></g>`;
    x += own;
    return part;
  });
  return html`<svg
    viewBox="0 0 ${width} 22"
    width="100%"
    height="22"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label}"
  >
    ${parts}
  </svg>`;
}

/** A bar inside a table's row, as long as its share of the longest one; the number stands beside it. */
export function shareBar(slices: readonly Slice[], longest: number): Markup {
  let x = 0;
  const parts = slices.map(({ className, count }) => {
    const own = (count / Math.max(1, longest)) * 200;
    const part = html`<g class="${className}"
      ><rect
        class="fill"
        x="${x.toFixed(1)}"
        y="0"
        width="${own === 0 ? 0 : Math.max(1.5, own).toFixed(1)}"
        height="10"
        rx="2"
    /></g>`;
    x += own;
    return part;
  });
  return html`<svg
    viewBox="0 0 200 10"
    width="100%"
    height="10"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${parts}
  </svg>`;
}

export type Stack = { readonly label: string; readonly slices: readonly Slice[] };

const chartHeight = 120;

/** Bars side by side in time's order, each divided from its foot up. */
export function stackedBars(stacks: readonly Stack[], label: string): Markup {
  const tallest = Math.max(
    1,
    ...stacks.map(({ slices }) => slices.reduce((sum, { count }) => sum + count, 0)),
  );
  const step = width / stacks.length;
  const bar = Math.min(46, step * 0.7);
  const every = Math.ceil(stacks.length / 10);
  const bars = stacks.map(({ label: time, slices }, index) => {
    const left = index * step + (step - bar) / 2;
    let y = chartHeight;
    const parts = slices.map(({ className, label: name, count }) => {
      const height = (count / tallest) * (chartHeight - 16);
      y -= height;
      return html`<g class="${className}"
        ><title>${time} ${name}: ${count}</title
        ><rect
          class="fill"
          x="${left.toFixed(1)}"
          y="${y.toFixed(1)}"
          width="${bar.toFixed(1)}"
          height="${height.toFixed(1)}"
      /></g>`;
    });
    const total = slices.reduce((sum, { count }) => sum + count, 0);
    const middle = (left + bar / 2).toFixed(1);
    const words =
      index % every === 0
        ? html`<text x="${middle}" y="${(y - 4).toFixed(1)}" text-anchor="middle">${total}</text
            ><text x="${middle}" y="${chartHeight + 17}" text-anchor="middle">${time}</text>`
        : html``;
    return html`${parts}${words}`;
  });
  return html`<svg viewBox="0 0 ${width} ${chartHeight + 24}" width="100%" role="img" aria-label="${label}">
    ${bars}
    <line x1="0" x2="${width}" y1="${chartHeight}" y2="${chartHeight}" stroke="var(--line)" />
  </svg>`;
}
