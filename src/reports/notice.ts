/** A release notice: one printable HTML page a bill, in both languages, with the customs number as a QR code. */
import type { ReceiptCodes } from '../model/receipt-codes.ts';
import { meaningOf } from '../model/receipt-codes.ts';
import type { Text } from '../model/text.ts';
import { momentText } from './moment.ts';
import { type MovedTo, movedText } from './moved.ts';
import { qrSvg } from './qr-code.ts';
import type { ToldRelease } from './releases.ts';
import { escapeForTerminal } from './terminal-text.ts';

export type NoticeEntry = {
  readonly release: ToldRelease;
  /** Titles and values, as declared; empty ones are left out. */
  readonly fields: readonly { readonly title: Text; readonly value: string }[];
  readonly goods: readonly string[];
};

type About = {
  readonly bill: string;
  readonly madeAt: string;
  readonly codes: ReceiptCodes;
  /** The ledger that it was made from was moved away before. */
  readonly movedTo?: MovedTo;
};

/** The page loads nothing and runs nothing. `madeAt`: ISO 8601. */
export function noticePage(entries: readonly NoticeEntry[], { bill, madeAt, codes, movedTo }: About): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<title>放行通知 Release notice ${safe(bill)}</title>
<style>${style}</style>
</head>
<body>
<h1>放行通知 <span lang="en">Release notice</span></h1>
<p class="bill">提运单号 <span lang="en">Bill</span> <strong>${safe(bill)}</strong></p>
${movedTo === undefined ? '' : moved(movedTo)}${entries.map((entry) => section(entry, codes)).join('\n')}
<footer>${safe(momentText(madeAt))} · 依据台账中的海关回执制作，不是海关单证；放货前可在单一窗口按海关编号核对。<br><span lang="en">Made from the receipts of customs in the ledger; not a customs document. The customs number can be checked at the single window.</span></footer>
</body>
</html>
`;
}

function moved(movedTo: MovedTo): string {
  return `<p class="moved">${safe(movedText(movedTo, 'zh'))}<br><span lang="en">${safe(movedText(movedTo, 'en'))}</span></p>\n`;
}

function section({ release, fields, goods }: NoticeEntry, codes: ReceiptCodes): string {
  const { entryId = '', key, releasedAt = '', evidence } = release;
  const meaning = meaningOf(codes, evidence?.code)?.meaning;
  const rows = [
    row({ zh: '海关编号', en: 'Customs number' }, entryId),
    row({ zh: '放行时间', en: 'Released at' }, releasedAt === '' ? '' : momentText(releasedAt)),
    row(
      { zh: '放行依据', en: 'Evidence' },
      [evidence?.code, meaning?.zh, meaning?.en].filter((part) => part !== undefined).join(' · '),
    ),
    row({ zh: '本单位单号', en: 'Reference' }, key),
    ...fields.map(({ title, value }) => row(title, value)),
  ];
  return `<section>${qrSvg(entryId, safe(entryId)) ?? ''}<table>${rows.join('')}</table>
<ol>${goods.map((name) => `<li>${safe(name)}</li>`).join('')}</ol></section>`;
}

function row({ zh, en }: Text, value: string): string {
  return value === ''
    ? ''
    : `<tr><th scope="row">${safe(zh)}<br><span lang="en">${safe(en)}</span></th><td>${safe(value)}</td></tr>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function safe(text: string): string {
  return escapeForTerminal(text).replace(/[&<>"']/gu, (character) => entities[character] ?? '');
}

const style = `body{font:14px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:190mm;margin:10mm auto;color:#111}
h1{font-size:22px;margin:0}[lang=en]{color:#555;font-weight:normal;font-size:.85em}.bill strong{font-size:20px}
.moved{border:1px solid #111;padding:2mm}section{border-top:2px solid #111;padding:4mm 0;break-inside:avoid}.qr{float:right;width:32mm;height:32mm}
table{border-collapse:collapse}th{text-align:left;vertical-align:top;padding:1mm 6mm 1mm 0;white-space:nowrap}td{padding:1mm 0;overflow-wrap:anywhere}
footer{border-top:1px solid #999;font-size:12px;color:#333;padding-top:2mm}@page{size:A4;margin:12mm}@media print{body{margin:0}}`;
