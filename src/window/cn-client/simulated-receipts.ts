/** Receipt files as the simulator writes them: in each of the forms that were ever seen, drawn by luck. */
import { escapeText } from './escape.ts';
import type { Luck } from './simulator.ts';

export type Numbers = {
  readonly clientSeqNo: string;
  readonly windowNumber: string;
  readonly entryId: string;
};

const namespace = 'http://www.chinaport.gov.cn/dec';
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The answer to the import; a failure often lacks the numbers. */
export function importResponse(
  { clientSeqNo, windowNumber }: Numbers,
  { code, text, luck }: { readonly code: string; readonly text: string; readonly luck: Luck },
): Buffer {
  const [open, close] = named('DecImportResponse', luck);
  const lines = [
    `<ResponseCode>${code}</ResponseCode>`,
    text === '' ? '' : `<ErrorMessage>${escapeText(text)}</ErrorMessage>`,
    `<ClientSeqNo>${clientSeqNo}</ClientSeqNo>`,
    code === '0' ? `<SeqNo>${windowNumber}</SeqNo>` : '',
    luck(2) === 0 ? '<TrnPreId></TrnPreId>' : '',
  ];
  return Buffer.from(`${declaration}${open}${lines.join('')}${close}\n`, 'utf8');
}

const notes: Readonly<Record<string, string>> = {
  '7': '申报成功',
  L: '海关入库成功',
  J: '海关已接受申报',
  T: '需交税费',
  C: '查验通知',
  H: '海关挂起',
  P: '海关已放行',
  K: '无纸化担保放行',
  B: '担保放行',
  I: '无纸放行通知',
  R: '已结关',
  Z: '退回修改',
  D: '海关删单',
};

/** One status of customs. The customs number is empty before `L`. */
export function noticeOf(
  { windowNumber, entryId }: Numbers,
  { channel, at, luck }: { readonly channel: string; readonly at: string; readonly luck: Luck },
): Buffer {
  const entry = channel === '7' ? '' : entryId;
  const isLegacy = luck(6) === 0;
  const [open, close] = isLegacy
    ? ['<DEC_DATA><DEC_RESULT>', '</DEC_RESULT></DEC_DATA>']
    : named('DEC_RESULT', luck);
  const moment = luck(3) === 0 ? `${at.replace(/\D/gu, '').slice(0, 14)}000` : at.slice(0, 19);
  const lines = [
    `<CUS_CIQ_NO>${windowNumber}</CUS_CIQ_NO>`,
    entry === '' && luck(2) === 0 ? '' : `<ENTRY_ID>${entry}</ENTRY_ID>`,
    `<NOTICE_DATE>${moment}</NOTICE_DATE>`,
    `<CHANNEL>${channel}</CHANNEL>`,
    luck(5) === 0 ? '' : `<NOTE>${notes[channel] ?? '未公布的状态'}</NOTE>`,
    luck(3) === 0 ? '' : `<CUSTOM_MASTER>${entryId.slice(0, 4)}</CUSTOM_MASTER>`,
  ];
  const body = `${open}${lines.join('')}${close}\n`;
  return isLegacy ? inGb2312(body) : Buffer.from(declaration + body, 'utf8');
}

/** The client's own failure: it names no declaration, only its file does. */
export function clientFailure(): Buffer {
  return Buffer.from(
    `${declaration}<Root><resultFlag><Type>1</Type><Value>失败</Value></resultFlag><failCode>C134</failCode><failInfo>打开读卡器失败:错误码=50200</failInfo></Root>\n`,
    'utf8',
  );
}

/** Without a namespace, with one, or with a prefix. */
function named(root: string, luck: Luck): readonly [string, string] {
  const way = luck(3);
  if (way === 0) return [`<${root}>`, `</${root}>`];
  if (way === 1) return [`<${root} xmlns="${namespace}">`, `</${root}>`];
  return [`<ns2:${root} xmlns:ns2="${namespace}">`, `</ns2:${root}>`];
}

/** There is no encoder for GB 2312 at hand: the few characters of the notes are looked up by decoding all of them once. */
function inGb2312(text: string): Buffer {
  const out: number[] = [...Buffer.from('<?xml version="1.0" encoding="GB2312"?>\n', 'latin1')];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0x3f;
    out.push(...(code < 0x80 ? [code] : (gbTable().get(character) ?? [0x3f])));
  }
  return Buffer.from(out);
}

let table: Map<string, readonly [number, number]> | undefined;

function gbTable(): Map<string, readonly [number, number]> {
  if (table !== undefined) return table;
  const decoder = new TextDecoder('gb18030');
  table = new Map();
  for (let lead = 0xa1; lead <= 0xf7; lead += 1) {
    for (let trail = 0xa1; trail <= 0xfe; trail += 1)
      table.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
  }
  return table;
}
