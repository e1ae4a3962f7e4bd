/** What was done to a ledger as a whole, in a sentence or a list. */
import type { Lang } from '../model/text.ts';
import { oneLine } from './terminal-text.ts';

export function verified(
  file: string,
  { declarations, findings }: { readonly declarations: number; readonly findings: readonly string[] },
  lang: Lang,
): string {
  const place = oneLine(file, 4096);
  const isZh = lang === 'zh';
  if (findings.length === 0)
    return isZh
      ? `台账完好：${place}，${declarations} 票报关单。\n`
      : `The ledger is sound: ${place}, ${declarations} declarations.\n`;
  const head = isZh
    ? `台账已损坏：${place}，${findings.length} 处：`
    : `The ledger is damaged: ${place}, ${findings.length} findings:`;
  const next = isZh
    ? '不要删除它，也不要再用它申报。先用 declarant ledger export 存下能读出的内容，再换回最近的备份。'
    : 'Do not delete it and do not lodge with it. Save what can be read with declarant ledger export, then go back to the last backup.';
  return `${[head, ...findings.map((finding) => `  ${oneLine(finding)}`), next].join('\n')}\n`;
}

/** Empty where the window is no import client. */
export function clientVerified(
  found:
    | { readonly file: string; readonly messages: number; readonly findings: readonly string[] }
    | undefined,
  lang: Lang,
): string {
  if (found === undefined) return '';
  const { messages, findings } = found;
  const place = oneLine(found.file, 4096);
  const isZh = lang === 'zh';
  if (findings.length === 0)
    return isZh
      ? `导入客户端的发送记录完好：${place}，${messages} 份报文。\n`
      : `The import client's journal is sound: ${place}, ${messages} messages.\n`;
  const head = isZh
    ? `导入客户端的发送记录已损坏或不在：${place}，${findings.length} 处：`
    : `The import client's journal is damaged or not there: ${place}, ${findings.length} findings:`;
  const next = isZh
    ? '不要再用这份台账申报：把与台账同一次备份的发送记录放回原处，再校验一次。'
    : 'Do not lodge with this ledger: put back the journal of the same backup as the ledger, and verify again.';
  return `${[head, ...findings.map((finding) => `  ${oneLine(finding)}`), next].join('\n')}\n`;
}

export function exported(
  file: string,
  { lines, damaged }: { readonly lines: number; readonly damaged: readonly string[] },
  lang: Lang,
): string {
  const place = file === '-' ? '' : ` ${oneLine(file, 4096)}`;
  const isZh = lang === 'zh';
  const head = isZh ? `已导出 ${lines} 行${place}。` : `Exported ${lines} lines${place}.`;
  if (damaged.length === 0) return `${head}\n`;
  const list = damaged.map((table) => oneLine(table)).join(', ');
  return isZh
    ? `${head}\n这些表没有读全：${list}\n`
    : `${head}\nNot all of these tables could be read: ${list}\n`;
}

export function backedUp(
  { file, client }: { readonly file: string; readonly client?: string },
  lang: Lang,
): string {
  const place = oneLine(file, 4096);
  const journal = client === undefined ? '' : oneLine(client, 4096);
  if (lang === 'zh') {
    const also = journal === '' ? '' : `，导入客户端的发送记录在 ${journal}，两者放在一起`;
    return `已备份到 ${place}${also}。不要同时用两份台账申报。\n`;
  }
  const also = journal === '' ? '' : `, and the import client's journal to ${journal}: keep the two together`;
  return `Backed up to ${place}${also}. Never lodge with two copies.\n`;
}

export function moved(
  { from, to, beside }: { readonly from: string; readonly to: string; readonly beside: readonly string[] },
  lang: Lang,
): string {
  const old = oneLine(from, 4096);
  const place = oneLine(to, 4096);
  const along = beside.map((file) => oneLine(file, 4096)).join(', ');
  const option = `--ledger ${place}`;
  if (lang === 'zh') {
    const also = along === '' ? '' : `，连同 ${along}`;
    return `台账已移到 ${place}${also}。\n今后请用 ${option}，或在配置文件中写明 ledger。\n${old} 已封存：可以查看，不能再用来申报；同名的 .guard 文件请保留。\n`;
  }
  const also = along === '' ? '' : `, with ${along}`;
  return `The ledger was moved to ${place}${also}.\nFrom now on use ${option}, or name it as ledger in the configuration.\n${old} is sealed: it can be read, and nothing is lodged with it; keep the .guard file beside it.\n`;
}

export function purged(
  day: string,
  {
    declarations,
    receipts,
    strays,
    client,
  }: {
    readonly declarations: number;
    readonly receipts: number;
    readonly strays: number;
    readonly client?: { readonly messages: number; readonly files: number; readonly unmatched: number };
  },
  lang: Lang,
): string {
  const also =
    client === undefined
      ? ''
      : lang === 'zh'
        ? `导入客户端的发送记录中也清除了 ${client.messages} 份报文、${client.files} 个回执文件和 ${client.unmatched} 张无主回执的原文。`
        : `In the import client's journal ${client.messages} messages, ${client.files} receipt files and ${client.unmatched} receipts that matched nothing went the same way. `;
  return lang === 'zh'
    ? `已清除 ${day} 之前 ${declarations} 票报关单的内容、${receipts} 张回执和 ${strays} 条无主回执的原文；编号和状态保留。${also}此前的备份和导出文件仍含原文。\n`
    : `Removed what ${declarations} declarations said before ${day}, with the texts of ${receipts} receipts and ${strays} stray ones; keys and states stay. ${also}Earlier backups and exports still hold everything.\n`;
}
