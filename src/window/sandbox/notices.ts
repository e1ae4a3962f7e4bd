/** What the sandbox window writes beside each code of a receipt. The codes are the CHANNEL codes of the goods declaration's receipts (`cn-receipt-codes`); the words are our own. */
import type { WindowProblem } from '../../model/receipt.ts';

/** The code of the first receipt: the data was uploaded (CHANNEL 3). */
export const receivedCode = '3';

/** The step of the notice that answers a request to cancel; the steps of a life are far below. */
export const cancelledStep = 900;
export const cancelledCode = 'D';
export const withdrawnNote = '已按申请撤销报关单';

const notes = new Map([
  [receivedCode, '报关单数据已收到，等待发往海关'],
  ['7', '已向海关申报'],
  ['L', '海关已入库，海关编号已生成'],
  ['J', '海关已接受申报'],
  ['T', '有税费待缴，缴清后放行'],
  ['C', '海关决定查验，请联系现场海关配合'],
  ['H', '海关挂起，转人工审核，请联系审单中心'],
  ['P', '海关已放行'],
  ['R', '已结关'],
  ['E', '海关退单：备注中写有沙盒退单指令'],
  ['Z', '退回修改：备注中写有沙盒退回指令，改好后可用原单号重新申报'],
  ['D', '海关已删单'],
]);

const complaints = new Map<string, WindowProblem>(
  ['E', 'Z'].map((code) => [
    code,
    {
      code: code === 'E' ? 'sandbox-rejected' : 'sandbox-returned',
      severity: 'error',
      pointer: '/DecHead/NoteS',
      message: '备注中的 #SANDBOX 指令要求沙盒窗口这样答复；删去指令后可重新申报',
    },
  ]),
);

export function noteOf(code: string): string {
  return notes.get(code) ?? '沙盒窗口发出的未公布回执代码';
}

export function complaintsOf(code: string): readonly WindowProblem[] {
  const complaint = complaints.get(code);
  return complaint === undefined ? [] : [complaint];
}
