/** A page that shows lines as a terminal does: colours, and Chinese two columns wide. */

const colours: Readonly<Record<string, string>> = {
  1: 'font-weight:700',
  2: 'opacity:.7',
  31: 'color:#e5837b',
  32: 'color:#63b891',
  33: 'color:#d8a745',
};

const marks = { '&': '&amp;', '<': '&lt;', '>': '&gt;' } as const;

function escaped(text: string): string {
  return text.replace(/&|<|>/gu, (mark) => (mark === '&' ? marks['&'] : mark === '<' ? marks['<'] : marks['>']));
}

/** Each colour stands on one line and ends there, as the command line prints it. */
function coloured(line: string): string {
  return escaped(line)
    .replace(/\u001b\[(\d+)m/gu, (_whole, code: string) => {
      const style = colours[code];
      return style === undefined ? '</span>' : `<span style="${style}">`;
    });
}

export function terminalPage(command: string, lines: readonly string[]): string {
  const text = lines.map(coloured).join('\n');
  return `<!DOCTYPE html><meta charset="utf-8"><style>
body{margin:0;background:#e9ecef}
pre{margin:12px;padding:14px 18px;background:#1c2229;color:#e4e8ec;border-radius:8px;font:13px/19px "Noto Sans Mono CJK SC","DejaVu Sans Mono",monospace;white-space:pre;overflow:hidden}
b{color:#8ab8ec}</style><pre><b>$ ${escaped(command)}</b>\n${text}</pre>`;
}
