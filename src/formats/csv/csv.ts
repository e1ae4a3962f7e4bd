/** The format `csv`: text tables with any usual delimiter, line end and encoding. */
import { createHash } from 'node:crypto';
import type { Problem } from '../../model/problem.ts';
import type { SourceRow } from '../../model/row.ts';
import { exitCode, Stop } from '../../model/stop.ts';
import type { Format, ReadLimits, ReadOptions, SourceBook } from '../format.ts';
import { openInputFile, type InputFile } from '../input-file.ts';
import { readLimits } from '../limits.ts';
import { createDecoder, Undecodable, whereUndecodable } from './decode.ts';
import { findDelimiter, type Delimiter } from './delimiter.ts';
import { decideEncoding, type Encoding } from './encoding.ts';
import { createScanner } from './scan.ts';

const sampleCharacters = 65_536;
const chunkRows = 100;

/** Matches any text: it is asked after the formats that have a signature. */
export const csv: Format = {
  name: 'csv',
  matches: (head) => head.length > 0 && !head.includes(0),
  open: openCsv,
};

type Plan = {
  readonly input: InputFile;
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  readonly limits: ReadLimits;
  /** How far the present reading is. */
  readonly position: { read: number };
};

async function openCsv(path: string, options: ReadOptions): Promise<SourceBook> {
  const input = await openInputFile(path);
  try {
    const limits = readLimits(options.limits);
    const encoding = await decideEncoding(input, options.encoding);
    const { text, isWhole } = await readSample(input, encoding.name);
    if (isWhole && text.trim() === '') {
      throw new Stop('file/empty', exitCode.unreadable, { facts: { file: path } });
    }
    const delimiter = findDelimiter(text, { file: path, isWhole, limits });
    const plan: Plan = { input, encoding, delimiter, limits, position: { read: 0 } };
    let digest: string | undefined;
    const setDigest = (found: string): void => {
      digest = found;
    };
    return {
      file: path,
      format: 'csv',
      decisions: decisions(plan, text),
      problems: problems(plan),
      tables: [{ isHidden: false, rows: () => rows(plan, setDigest) }],
      progress: () => ({ read: plan.position.read, total: input.size }),
      digest: async () => (digest ??= await digestOfFile(input)),
      close: () => input.close(),
    };
  } catch (error) {
    await input.close();
    throw error;
  }
}

async function readSample(
  input: InputFile,
  encoding: string,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const decoder = createDecoder(encoding);
  let text = '';
  try {
    for await (const block of input.blocks()) {
      for (const piece of decoder.pieces(block)) {
        text += piece;
        if (text.length >= sampleCharacters) return { text, isWhole: false };
      }
    }
    decoder.end();
  } catch (error) {
    if (error instanceof Undecodable) throw await whereUndecodable(input, encoding);
    throw error;
  }
  return { text, isWhole: true };
}

async function* rows(
  { input, encoding, delimiter, limits, position }: Plan,
  setDigest: (digest: string) => void,
): AsyncGenerator<readonly SourceRow[], void, undefined> {
  const decoder = createDecoder(encoding.name);
  const hash = createHash('sha256');
  const isSkipping = delimiter.skip > 0;
  const scanner = createScanner({
    file: input.file,
    delimiter: delimiter.character,
    line: isSkipping ? 2 : 1,
    limits,
  });
  let skip = delimiter.skip;
  let chunk: SourceRow[] = [];
  position.read = 0;
  try {
    for await (const block of input.blocks()) {
      hash.update(block);
      position.read += block.length;
      for (const piece of decoder.pieces(block)) {
        const text = skip === 0 ? piece : piece.slice(skip);
        skip = Math.max(0, skip - piece.length);
        for (const row of scanner.add(text)) {
          chunk.push(row);
          if (chunk.length === chunkRows) {
            yield chunk;
            chunk = [];
          }
        }
      }
      // Large rows leave with their block: a chunk never holds more than a block and one record.
      if (chunk.length > 0) yield chunk;
      chunk = [];
    }
    decoder.end();
  } catch (error) {
    if (error instanceof Undecodable) throw await whereUndecodable(input, encoding.name);
    throw error;
  }
  for (const row of scanner.finish()) chunk.push(row);
  setDigest(hash.digest('hex'));
  if (chunk.length > 0) yield chunk;
}

async function digestOfFile(input: InputFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of input.blocks()) hash.update(block);
  return hash.digest('hex');
}

function decisions({ encoding, delimiter }: Plan, sample: string): Record<string, string> {
  const body = sample.slice(delimiter.skip);
  return {
    encoding: encoding.name,
    encodingBy: encoding.by,
    encodingProof: /[^\r\n]+/u.exec(body)?.[0].slice(0, 200) ?? '',
    delimiter: delimiter.character,
    delimiterBy: delimiter.by,
  };
}

function problems({ input, encoding }: Plan): Problem[] {
  if (encoding.replacementLine === undefined) return [];
  return [
    {
      code: 'file/replacement-characters',
      severity: 'warning',
      facts: { file: input.file, line: encoding.replacementLine },
    },
  ];
}
