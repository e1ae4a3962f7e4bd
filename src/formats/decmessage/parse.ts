/** Reads one `DecMessage` strictly: its segments, each with the tags and values of its entries. */
import type { MessageForm, MessageSection } from '../../model/message-form.ts';
import type { Fact } from '../../model/problem.ts';
import { exitCode, Stop } from '../../model/stop.ts';
import type { ReadLimits } from '../format.ts';
import { type XmlReader, xmlReader, type XmlTag } from '../xlsx/xml.ts';

/** Tag → value, in the order of the file. */
export type MessageEntry = Map<string, string>;

export type ParsedMessage = {
  /** By segment. */
  readonly entries: ReadonlyMap<string, readonly MessageEntry[]>;
  readonly namespace: string;
  /** The version that it gives itself; `''` where it gives none. */
  readonly version: string;
};

/** `message` is there after `end`. */
export type MessageParser = XmlReader & { readonly message: () => ParsedMessage };

type Frame = {
  readonly entry?: MessageEntry;
  readonly segment?: string;
  readonly field?: string;
  text: string;
};

/** Throws `Stop` (exit 3) where it is no well-formed XML, no `DecMessage`, or not built as one. */
export function messageParser(file: string, form: MessageForm, limits: ReadLimits): MessageParser {
  const entries = new Map<string, MessageEntry[]>();
  const places = placesOf(form);
  const path: string[] = [];
  const frames: Frame[] = [];
  let root: XmlTag | undefined;

  function opened(tag: XmlTag): void {
    if (root === undefined) {
      if (tag.local !== form.root)
        throw refusal('message/other-root', { file, found: tag.local, root: form.root });
      root = tag;
      return;
    }
    const parent = frames.at(-1);
    if (parent?.field !== undefined)
      throw refusal('message/not-text', { file, tag: parent.field, found: tag.local });
    path.push(tag.local);
    const place = places.get(path.join('/'));
    if (place === 'wrapper') frames.push({ text: '' });
    else if (place !== undefined) {
      const entry: MessageEntry = new Map();
      const known = entries.get(place.segment);
      if (known) known.push(entry);
      else entries.set(place.segment, [entry]);
      frames.push({ entry, segment: place.segment, text: '' });
    } else if (parent?.entry === undefined)
      throw refusal('message/unknown-section', { file, tag: path.join('/') });
    else frames.push({ ...parent, field: tag.local, text: '' });
  }

  function heard(text: string): void {
    const frame = frames.at(-1);
    if (frame?.field === undefined) {
      if (text.trim() !== '') throw refusal('message/stray-text', { file, text: text.trim().slice(0, 40) });
      return;
    }
    frame.text += text;
    if (frame.text.length > limits.recordBytes * 2)
      throw refusal('message/value-too-long', { file, tag: frame.field, limit: limits.recordBytes * 2 });
  }

  function closed(): void {
    const frame = frames.pop();
    path.pop();
    if (frame?.field === undefined) return;
    const { entry, segment = '', field, text } = frame;
    if (entry?.has(field)) throw refusal('message/tag-twice', { file, tag: field, segment });
    entry?.set(field, text);
  }

  const reader = xmlReader(file, { open: opened, text: heard, close: closed }, limits);
  return {
    write: (bytes) => asMessage(file, () => reader.write(bytes)),
    end: () => asMessage(file, reader.end),
    message: () => ({ entries, namespace: root?.uri ?? '', version: versionOf(root, form) }),
  };
}

/** Path below the root → the section whose entry stands there, or a wrapper around entries. */
function placesOf(form: MessageForm): ReadonlyMap<string, MessageSection | 'wrapper'> {
  const places = new Map<string, MessageSection | 'wrapper'>();
  const add = (section: MessageSection, above: readonly string[]): void => {
    const path = [...above, ...section.element];
    for (let length = above.length + 1; length < path.length; length += 1)
      places.set(path.slice(0, length).join('/'), 'wrapper');
    places.set(path.join('/'), section);
    for (const inner of section.nested) add(inner, path);
  };
  for (const section of form.sections) add(section, []);
  return places;
}

/** The schema writes `Version`, most messages `version`. */
function versionOf(root: XmlTag | undefined, { versionAttribute }: MessageForm): string {
  const found = Object.values(root?.attributes ?? {}).find(
    ({ local }) => local.toLowerCase() === versionAttribute.toLowerCase(),
  );
  return found?.value ?? '';
}

function refusal(code: `message/${string}`, facts: Readonly<Record<string, Fact>>, cause?: unknown): Stop {
  return new Stop(code, exitCode.unreadable, cause === undefined ? { facts } : { facts, cause });
}

/** What the XML reader says of a workbook's part, said of a message. */
const asOfMessage: Readonly<Record<string, `message/${string}`>> = {
  'workbook/encoding': 'message/encoding',
  'workbook/xml-doctype': 'message/doctype',
  'workbook/xml-broken': 'message/not-well-formed',
  'workbook/xml-too-deep': 'message/too-deep',
  'workbook/xml-run-too-long': 'message/value-too-long',
};

function asMessage(file: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const code = error instanceof Stop ? asOfMessage[error.code] : undefined;
    if (!(error instanceof Stop) || code === undefined) throw error;
    throw refusal(code, { tag: '', ...error.facts, file }, error.cause);
  }
}
