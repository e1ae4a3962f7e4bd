/** Reads a receipt's XML into a small tree by local names: the only file of the window room that knows saxes. */
import { SaxesParser } from 'saxes';

export type Element = { readonly name: string; text: string; readonly children: Element[] };

const maxDepth = 32;
/** Receipts are a few hundred bytes; the client's technical ones a few thousand. */
export const maxReceiptBytes = 4_194_304;

/**
 * The root element; undefined for what is not well-formed XML, has a DOCTYPE, or is nested deeper than any receipt.
 * Prefixes are cut off, declared or not: receipts come with a namespace, with a prefix, or with neither.
 */
export function readReceiptXml(bytes: Uint8Array): Element | undefined {
  const text = bytes.length > maxReceiptBytes ? undefined : decodeReceipt(bytes);
  if (text === undefined) return undefined;
  const parser = new SaxesParser({ xmlns: false, position: false });
  const open: Element[] = [];
  let root: Element | undefined;
  let isWrong = false;
  parser.on('error', () => void (isWrong = true));
  parser.on('doctype', () => void (isWrong = true));
  parser.on('opentag', ({ name }) => {
    const element: Element = { name: name.slice(name.indexOf(':') + 1), text: '', children: [] };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
    if (open.length > maxDepth) isWrong = true;
  });
  const add = (chunk: string): void => {
    const element = open.at(-1);
    if (element) element.text += chunk;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return isWrong ? undefined : root;
}

/** By byte order mark, then by the XML declaration, then UTF-8 where it is valid, else GB 18030 (which holds GB 2312); undefined where it is none of them. */
export function decodeReceipt(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([\w-]+)["']/iu.exec(head)?.[1];
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const labels = isUtf16 ? [bytes[0] === 0xff ? 'utf-16le' : 'utf-16be'] : [declared, 'utf-8', 'gb18030'];
  for (const label of labels) {
    const found = label === undefined ? undefined : decodeAs(bytes, label);
    if (found !== undefined) return found;
  }
  return undefined;
}

function decodeAs(bytes: Uint8Array, label: string): string | undefined {
  try {
    const isChinese = /^(?:gb|x-gbk)/iu.test(label);
    return new TextDecoder(isChinese ? 'gb18030' : label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
