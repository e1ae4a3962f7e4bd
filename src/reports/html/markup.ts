/** HTML that is safe by construction: whatever is put into a template is escaped, unless it is markup already. */
import { escapeForTerminal } from '../terminal-text.ts';

/** Made by `html` alone. */
export type Markup = { readonly markup: string };

type Part = string | number | Markup | readonly Markup[] | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Right for text, for `<title>`, and inside quoted attributes: the only places where templates put data. Marks that hide or reorder text are shown as codes. */
function escaped(text: string): string {
  return escapeForTerminal(text).replace(/[&<>"'`]/gu, (character) => entities[character] ?? '');
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

export function html(literal: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return {
    markup: literal.map((text, index) => (index === 0 ? '' : textOf(parts[index - 1])) + text).join(''),
  };
}

/** Our own style sheet and script, which hold no data and must not be escaped. */
export function ours(text: string): Markup {
  return { markup: text };
}
