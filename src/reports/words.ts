/** The words in which reports speak of outcomes, states and columns. */
import type { Severity } from '../model/problem.ts';
import type { Outcome } from '../model/result.ts';
import type { LodgementState } from '../model/state.ts';
import type { Text } from '../model/text.ts';

export const outcomeWords: Readonly<Record<Outcome, Text>> = {
  accepted: { zh: '已接受', en: 'accepted' },
  pending: { zh: '等待回执', en: 'pending' },
  rejected: { zh: '被退单', en: 'rejected' },
  'set-aside': { zh: '未申报（数据有误）', en: 'set aside' },
  duplicate: { zh: '重复', en: 'duplicate' },
  unknown: { zh: '结果不明', en: 'unknown' },
  'not-sent': { zh: '未发出', en: 'not sent' },
  valid: { zh: '检查通过', en: 'valid' },
};

/** What each outcome means, in a few words for the summary. */
export const outcomeMeanings: Readonly<Record<Outcome, Text>> = {
  accepted: { zh: '已有海关编号', en: 'they have a customs number' },
  pending: { zh: '已发出，尚无结论', en: 'sent, no verdict yet' },
  rejected: { zh: '单一窗口退回，改正后可重新申报', en: 'the window refused them: mend and lodge again' },
  'set-aside': { zh: '没有发出，改正后重新运行', en: 'nothing was sent: mend and run again' },
  duplicate: {
    zh: '重复或内容已变，没有发出',
    en: 'repeated, or lodged before with other content: not sent',
  },
  unknown: {
    zh: '已发出但不知是否收到，切勿另行重发',
    en: 'sent, but it is not known whether they arrived: do not lodge them elsewhere',
  },
  'not-sent': {
    zh: '单一窗口连接不上，稍后重新运行即可',
    en: 'the window could not be reached: run again later',
  },
  valid: { zh: '没有错误，尚未申报', en: 'no errors, not lodged yet' },
};

export const stateWords: Readonly<Record<LodgementState, Text>> = {
  prepared: { zh: '待发送', en: 'prepared' },
  sending: { zh: '发送中', en: 'sending' },
  received: { zh: '已发出，尚无结论', en: 'sent, no verdict yet' },
  registered: { zh: '已登记，尚未受理', en: 'registered' },
  accepted: { zh: '已接受申报', en: 'accepted' },
  held: { zh: '查验或待处理', en: 'held' },
  released: { zh: '已放行', en: 'released' },
  cleared: { zh: '已结关', en: 'cleared' },
  exited: { zh: '已离境', en: 'exited' },
  unknown: { zh: '结果不明', en: 'unknown' },
  rejected: { zh: '退单', en: 'rejected' },
  cancelled: { zh: '已撤销', en: 'cancelled' },
};

export const severityWords: Readonly<Record<Severity, Text>> = {
  error: { zh: '错误', en: 'error' },
  warning: { zh: '提醒', en: 'warning' },
  info: { zh: '说明', en: 'note' },
};

/** The columns of `results.csv`, in order. */
export const csvHeaders: readonly Text[] = [
  { zh: '文件', en: 'File' },
  { zh: '工作表', en: 'Sheet' },
  { zh: '行', en: 'Line' },
  { zh: '报关单标识', en: 'Declaration' },
  { zh: '结果', en: 'Outcome' },
  { zh: '状态', en: 'State' },
  { zh: '海关编号', en: 'Customs number' },
  { zh: '此前已申报', en: 'Lodged earlier' },
  { zh: '回执', en: 'Receipt' },
  { zh: '自动填写', en: 'Filled in' },
  { zh: '参见', en: 'See' },
  { zh: '问题代码', en: 'Problem code' },
  { zh: '程度', en: 'Severity' },
  { zh: '单元格', en: 'Cell' },
  { zh: '列名', en: 'Header' },
  { zh: '原值', en: 'Value' },
  { zh: '问题', en: 'Problem' },
  { zh: '应为', en: 'Expected' },
  { zh: '处理办法', en: 'What to do' },
];

/** What a made document says of a release. */
export const releaseWords: ReadonlyMap<string, Text> = new Map([
  ['released', { zh: '已放行', en: 'released' }],
  ['not-released', { zh: '未放行', en: 'NOT released' }],
  ['ask-customs', { zh: '先问海关', en: 'ask customs first' }],
]);
