/** Reads XML strictly, event by event, within limits: the only file that knows saxes. */
import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import type { ReadLimits } from '../format.ts';
import { Stop } from '../../model/stop.ts';
import { refusal } from './refusal.ts';
import type { Archive } from './zip.ts';

/** Bytes that may pass without any event: a text, a tag, a comment or a DOCTYPE longer than this is refused. */
const maxRunBytes = 1_048_576;
/** Parts other than sheets and strings are small: 65,000 styles fill some 20 MB. */
export const maxSmallPartBytes = 67_108_864;

export type XmlTag = {
  readonly local: string;
  readonly uri: string;
  /** By their names as written. */
  readonly attributes: Readonly<
    Record<string, { readonly local: string; readonly prefix: string; readonly value: string }>
  >;
  /** The namespaces declared on this element, by prefix. */
  readonly ns: Readonly<Record<string, string>>;
};

export type XmlHandler = {
  readonly open: (tag: XmlTag) => void;
  readonly text?: (text: string) => void;
  readonly close?: (local: string, uri: string) => void;
};

export type XmlReader = { readonly write: (bytes: Uint8Array) => void; readonly end: () => void };

/** Throws `Stop` for whatever is not well-formed XML 1.0 with namespaces, in UTF-8 or UTF-16, without DOCTYPE. */
export function xmlReader(part: string, handler: XmlHandler, limits: ReadLimits): XmlReader {
  const parser = new SaxesParser({ xmlns: true, position: false });
  let decoder: TextDecoder | undefined;
  let depth = 0;
  let silentBytes = 0;
  let isUtf16 = false;
  const heard = (): void => void (silentBytes = 0);

  parser.on('xmldecl', ({ encoding }) => {
    const label = encoding?.toLowerCase() ?? 'utf-8';
    const known = isUtf16 ? ['utf-16', 'utf-8'] : ['utf-8', 'utf8', 'us-ascii', 'ascii'];
    if (!known.includes(label)) throw refusal('workbook/encoding', { part });
  });
  parser.on('doctype', () => {
    throw refusal('workbook/xml-doctype', { part });
  });
  parser.on('opentag', (tag) => {
    silentBytes = 0;
    depth += 1;
    if (depth > limits.xmlDepth) throw refusal('workbook/xml-too-deep', { part, limit: limits.xmlDepth });
    handler.open(tag);
  });
  parser.on('closetag', (tag) => {
    silentBytes = 0;
    depth -= 1;
    handler.close?.(tag.local, tag.uri);
  });
  const text = (chunk: string): void => {
    silentBytes = 0;
    handler.text?.(chunk);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('comment', heard);
  parser.on('processinginstruction', heard);

  function guarded(feed: () => void): void {
    try {
      feed();
    } catch (cause) {
      if (cause instanceof Stop) throw cause;
      throw refusal('workbook/xml-broken', { part }, cause);
    }
  }
  function decode(bytes: Uint8Array | undefined): string {
    try {
      decoder ??= decoderFor(bytes);
      isUtf16 = decoder.encoding !== 'utf-8';
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (cause) {
      throw refusal('workbook/encoding', { part }, cause);
    }
  }
  return {
    write(bytes) {
      if (bytes.length === 0) return;
      guarded(() => parser.write(decode(bytes)));
      silentBytes += bytes.length;
      if (silentBytes > maxRunBytes + bytes.length) {
        throw refusal('workbook/xml-run-too-long', { part, limit: maxRunBytes });
      }
    },
    end: () => guarded(() => void parser.write(decode(undefined)).close()),
  };
}

/** A whole part, of at most `maxBytes`. */
export async function readXml(
  archive: Archive,
  { part, maxBytes }: { readonly part: string; readonly maxBytes: number },
  handler: XmlHandler,
  limits: ReadLimits,
): Promise<void> {
  const reader = xmlReader(part, handler, limits);
  let bytes = 0;
  for await (const chunk of archive.read(part)) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw refusal('workbook/part-too-large', { part, limit: maxBytes });
    reader.write(chunk);
  }
  reader.end();
}

function decoderFor(first: Uint8Array | undefined): TextDecoder {
  if (first?.[0] === 0xff && first[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  if (first?.[0] === 0xfe && first[1] === 0xff) return new TextDecoder('utf-16be', { fatal: true });
  return new TextDecoder('utf-8', { fatal: true });
}

/** An attribute without namespace. */
export function attribute(tag: XmlTag, name: string): string | undefined {
  return tag.attributes[name]?.value;
}

/** An attribute with this local name under any prefix: `r:id`, whatever the file calls `r`. */
export function prefixedAttribute(tag: XmlTag, local: string): string | undefined {
  return Object.values(tag.attributes).find((one) => one.local === local && one.prefix !== '')?.value;
}

/** How XML Schema writes a boolean. */
export function isTrue(text: string | undefined): boolean {
  return text === '1' || text === 'true' || text === 'on';
}
