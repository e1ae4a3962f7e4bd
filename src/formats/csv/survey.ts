/** Looks through all bytes of a text file before it is read: is it UTF-8, and if not, is it one encoding at all. */
import { isAscii, isUtf8 } from 'node:buffer';
import { exitCode, Stop } from '../../model/stop.ts';
import { blockBytes, type InputFile } from '../input-file.ts';

/** A file beyond this is judged by its first GiB; decoding stays fatal to its end. */
const surveyedBytes = 1_073_741_824;
const sampleBytes = 65_536;
const longestLine = 1_048_576;
const lineFeed = 10;
const carriageReturn = 13;
const lostCharacter = Buffer.from('\uFFFD');

/** Costs about as much as reading the file: `isUtf8` goes through 20 GB a second. */
export async function surveyBytes(
  input: InputFile,
): Promise<{ readonly isUtf8: boolean; readonly replacementLine?: number }> {
  // Joined in one place: a new buffer for each block costs more than the look at it.
  const joined = Buffer.allocUnsafeSlow(blockBytes + 4);
  let left = 0;
  let surveyed = 0;
  let lostAt: number | undefined;
  for await (const block of input.blocks()) {
    const end = left + block.copy(joined, left);
    const bytes = joined.subarray(0, end);
    const cut = characterEnd(bytes);
    const whole = bytes.subarray(0, cut);
    if (!isUtf8(whole)) return { isUtf8: false };
    const lost = lostAt === undefined ? whole.indexOf(lostCharacter) : -1;
    if (lost >= 0) lostAt = surveyed - left + lost;
    left = joined.copy(joined, 0, cut, end);
    surveyed += block.length;
    if (surveyed >= surveyedBytes) break;
  }
  if (left > 0 && surveyed < surveyedBytes) return { isUtf8: false };
  return lostAt === undefined
    ? { isUtf8: true }
    : { isUtf8: true, replacementLine: await lineAt(input, lostAt) };
}

async function lineAt(input: InputFile, offset: number): Promise<number> {
  let line = 1;
  let position = 0;
  for await (const block of input.blocks()) {
    const to = Math.min(block.length, offset - position);
    for (let at = block.indexOf(lineFeed); at >= 0 && at < to; at = block.indexOf(lineFeed, at + 1)) line++;
    position += block.length;
    if (position >= offset) break;
  }
  return line;
}

/** Where the last character that may be cut off begins: a lead byte among the last three. */
function characterEnd(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return width > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/**
 * For a file that is not UTF-8: a sample from its first byte over 127. Throws `Stop` (exit 3) where some lines are UTF-8 and others
 * are not, as when files of two programs were joined: either reading would garble the rest.
 */
export async function surveyLines(input: InputFile): Promise<Buffer> {
  const seen: { line: number; offset: number; isUtf8: boolean }[] = [];
  let sample: Buffer = Buffer.alloc(0);
  let left: Buffer = Buffer.alloc(0);
  let offset = 0;
  let line = 1;
  const take = (bytes: Buffer): void => {
    const kind = kindOf(bytes);
    if (kind !== undefined && !seen.some(({ isUtf8 }) => isUtf8 === kind))
      seen.push({ line, offset, isUtf8: kind });
    if (!isAscii(bytes) && sample.length < sampleBytes) sample = Buffer.concat([sample, bytes]);
    offset += bytes.length;
    line++;
  };
  for await (const block of input.blocks()) {
    const bytes = left.length === 0 ? block : Buffer.concat([left, block]);
    const lineEnd = bytes.includes(lineFeed) ? lineFeed : carriageReturn;
    let from = 0;
    for (let to = bytes.indexOf(lineEnd); to >= 0; to = bytes.indexOf(lineEnd, from)) {
      take(bytes.subarray(from, to + 1));
      from = to + 1;
    }
    left = Buffer.from(bytes.subarray(from));
    if (left.length > longestLine || offset > surveyedBytes) break;
  }
  take(left);
  const [first, second] = seen;
  if (first === undefined || second === undefined) return sample.subarray(0, sampleBytes);
  throw new Stop('file/mixed-encoding', exitCode.unreadable, {
    facts: { file: input.file, first: first.line, line: second.line, offset: second.offset },
  });
}

/** True: UTF-8 with three CJK characters or more, which no text of another encoding is by chance. False: not UTF-8. */
function kindOf(line: Buffer): boolean | undefined {
  if (isAscii(line)) return undefined;
  if (!isUtf8(line)) return false;
  let cjk = 0;
  for (const byte of line) if (byte >= 0xe3 && byte <= 0xe9) cjk++;
  return cjk >= 3 ? true : undefined;
}
