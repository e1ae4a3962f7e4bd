/** What the import client puts into InBox, in every form that was seen, and in forms that were not. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentIn, readReceipts } from '../../../src/window/cn-client/receipts.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const words =
  '<CUS_CIQ_NO>I20260000000000001</CUS_CIQ_NO><ENTRY_ID>090220261000000001</ENTRY_ID><NOTICE_DATE>2026-03-02T09:00:05</NOTICE_DATE><CHANNEL>P</CHANNEL><NOTE>海关已放行</NOTE>';
const notice = {
  form: 'dec-result',
  windowNumber: 'I20260000000000001',
  entryId: '090220261000000001',
  code: 'P',
  text: '海关已放行',
  at: '2026-03-02T09:00:05+08:00',
};

describe('a receipt', () => {
  it.each([
    ['without a namespace', `<DEC_RESULT>${words}</DEC_RESULT>`],
    ['with a namespace', `<DEC_RESULT xmlns="http://www.chinaport.gov.cn/dec">${words}</DEC_RESULT>`],
    [
      'with a prefix',
      `<ns2:DEC_RESULT xmlns:ns2="http://www.chinaport.gov.cn/dec">${words.replaceAll('<', '<ns2:').replaceAll('<ns2:/', '</ns2:')}</ns2:DEC_RESULT>`,
    ],
    ['with a prefix that nobody declared', `<x:DEC_RESULT>${words}</x:DEC_RESULT>`],
    ['in the legacy wrapper', `<DEC_DATA><DEC_RESULT>${words}</DEC_RESULT></DEC_DATA>`],
    [
      'after a byte order mark',
      `\ufeff<?xml version="1.0" encoding="UTF-8"?><DEC_RESULT>${words}</DEC_RESULT>`,
    ],
  ])('is read %s', (_, text) => {
    expect(readReceipts(bytes(text))).toEqual([{ ...notice, id: expect.any(String) }]);
  });

  it('is read in GB 2312', () => {
    const head = '<?xml version="1.0" encoding="GB2312"?><DEC_RESULT><CHANNEL>P</CHANNEL><NOTE>';
    const text = Buffer.concat([
      Buffer.from(head),
      Buffer.from([0xb7, 0xc5, 0xd0, 0xd0]),
      Buffer.from('</NOTE></DEC_RESULT>'),
    ]);
    expect(readReceipts(text)).toMatchObject([{ code: 'P', text: '放行' }]);
  });

  it('is read with every element missing', () => {
    expect(readReceipts(bytes('<DEC_RESULT/>'))).toEqual([{ form: 'dec-result', id: expect.any(String) }]);
  });

  it('keeps the case of its code', () => {
    expect(readReceipts(bytes('<DEC_RESULT><CHANNEL>c</CHANNEL></DEC_RESULT>'))).toMatchObject([
      { code: 'c' },
    ]);
  });

  it('of a failed import is read without the numbers that the schema asks for', () => {
    const text =
      '<DecImportResponse><ResponseCode>1</ResponseCode><ErrorMessage>商品序号1：错</ErrorMessage><ClientSeqNo>D00000000000000001</ClientSeqNo></DecImportResponse>';
    expect(readReceipts(bytes(text))).toMatchObject([
      {
        form: 'import-response',
        code: 'ResponseCode=1',
        text: '商品序号1：错',
        clientSeqNo: 'D00000000000000001',
      },
    ]);
  });

  it('of the client itself says its code and reason', () => {
    const text =
      '<Root><resultFlag><Type>1</Type><Value>失败</Value></resultFlag><failCode>C134</failCode><failInfo>打开读卡器失败</failInfo></Root>';
    expect(readReceipts(bytes(text))).toMatchObject([
      { form: 'client-failure', code: 'failCode=C134', text: '打开读卡器失败' },
    ]);
  });

  it.each([
    '',
    'no xml',
    '<DEC_RESULT><CHANNEL>P',
    '<!DOCTYPE a [<!ENTITY b "c">]><DEC_RESULT><CHANNEL>P</CHANNEL></DEC_RESULT>',
    '<Other><a/></Other>',
  ])('that is not understood is kept as such: %s', (text) => {
    expect(readReceipts(bytes(text))).toMatchObject([{ form: 'unknown' }]);
  });

  it('never makes the reader fail, whatever its bytes are', () => {
    const isRead = fc.property(fc.uint8Array({ maxLength: 300 }), (any) => readReceipts(any).length > 0);
    expect(fc.check(isRead).failed).toBe(false);
  });
});

describe('a time stamp', () => {
  it.each([
    '20260302090005',
    '20260302090005123',
    '20260302090005123456789',
    '2026-03-02T09:00:05',
    '2026-03-02 09:00:05.123',
  ])('is read from its first 14 digits: %s', (text) => {
    expect(momentIn(text)).toBe('2026-03-02T09:00:05+08:00');
  });

  it.each(['', '2026-03-02', '20260231090005', '20260302250005'])('that is no moment is none: %s', (text) => {
    expect(momentIn(text)).toBeUndefined();
  });
});
