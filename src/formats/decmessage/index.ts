/** The format of messages for the single window's import interface: a `DecMessage`, bare or in the zip that carries its attachments. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { type MessageForm, parseMessageForm } from '../../model/message-form.ts';
import type { SourceRow } from '../../model/row.ts';
import { exitCode, Stop } from '../../model/stop.ts';
import type { Format, ReadLimits, ReadOptions, SourceBook } from '../format.ts';
import { openInputFile } from '../input-file.ts';
import { readLimits } from '../limits.ts';
import { openArchive } from '../xlsx/zip.ts';
import { messageParser, type ParsedMessage } from './parse.ts';
import { tableOf } from './table.ts';

/** Bytes of one message. A picture of the marks may have 1 MB, and 50 goods items with all fields full some 800 KB. */
const maxMessageBytes = 33_554_432;
const chunkRows = 100;
const formFile = new URL('../../../schemas/cn/goods-declaration/message.json', import.meta.url);

export const decmessage: Format = {
  name: 'decmessage',
  matches: (head) => /<(?:[\w.-]+:)?DecMessage[\s>]/u.test(Buffer.from(head).toString('latin1')),
  open,
};

/** Nothing stays open and nothing is kept: a folder may hold thousands of messages. Each reading proves that the bytes are the first one's. */
async function open(path: string, options: ReadOptions): Promise<SourceBook> {
  const form = parseMessageForm(JSON.parse(readFileSync(formFile, 'utf8')));
  const limits = readLimits(options.limits);
  const first = await readMessage(path, form, limits);
  async function* rows(): AsyncGenerator<readonly SourceRow[], void, undefined> {
    const { message, digest } = await readMessage(path, form, limits);
    if (digest !== first.digest)
      throw new Stop('file/changed-while-reading', exitCode.unreadable, { facts: { file: path } });
    const all = tableOf(message, form);
    for (let from = 0; from < all.length; from += chunkRows) yield all.slice(from, from + chunkRows);
  }
  return {
    file: path,
    format: 'decmessage',
    decisions: decisions(first.message),
    problems: [],
    tables: [{ isHidden: false, rows }],
    digest: () => Promise.resolve(first.digest),
    close: () => Promise.resolve(),
  };
}

/** `digest` is that of the whole file, also where the message is in a zip. */
async function readMessage(
  path: string,
  form: MessageForm,
  limits: ReadLimits,
): Promise<{ readonly message: ParsedMessage; readonly digest: string }> {
  const input = await openInputFile(path);
  try {
    const parser = messageParser(path, form, limits);
    const hash = createHash('sha256');
    let bytes = 0;
    const feed = (block: Buffer): void => {
      bytes += block.length;
      if (bytes > maxMessageBytes) throw refusal('message/too-large', path, { limit: maxMessageBytes });
      parser.write(block);
    };
    const isZip = (await input.bytesAt(0, 2)).toString('latin1') === 'PK';
    if (isZip) for await (const block of onlyMessage(path, limits)) feed(block);
    for await (const block of input.blocks()) {
      hash.update(block);
      if (!isZip) feed(block);
    }
    parser.end();
    return { message: parser.message(), digest: hash.digest('hex') };
  } finally {
    await input.close();
  }
}

/** The XML in a zip: exactly one, whatever attachments stand beside it. */
async function* onlyMessage(file: string, limits: ReadLimits): AsyncGenerator<Buffer, void, undefined> {
  const handle = await openFile(file, 'r');
  try {
    const archive = await openArchive(handle.fd, limits);
    const [name, ...more] = archive.namesInFile.filter((each) => each.toLowerCase().endsWith('.xml'));
    if (name === undefined || more.length > 0)
      throw refusal('message/not-one-in-zip', file, { found: more.length + (name === undefined ? 0 : 1) });
    yield* archive.read(name);
  } catch (error) {
    if (!(error instanceof Stop) || error.facts['file'] !== undefined) throw error;
    throw new Stop(error.code, error.exit, { facts: { file, ...error.facts }, cause: error.cause });
  } finally {
    await handle.close();
  }
}

function decisions({ entries, namespace, version }: ParsedMessage): Record<string, string> {
  const sign = entries.get('DecSign')?.[0];
  return {
    namespace,
    version,
    ClientSeqNo: sign?.get('ClientSeqNo') ?? '',
    OperType: sign?.get('OperType') ?? '',
  };
}

function refusal(code: `message/${string}`, file: string, facts: Readonly<Record<string, number>>): Stop {
  return new Stop(code, exitCode.unreadable, { facts: { file, ...facts } });
}
