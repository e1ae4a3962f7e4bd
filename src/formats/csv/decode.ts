/** Bytes → text, streaming and fatal: the first byte that does not belong stops the reading and is named. */
import { exitCode, Stop } from '../../model/stop.ts';
import type { InputFile } from '../input-file.ts';

/** Text of this many bytes stays below V8's large-object limit even at two bytes a character: 4× faster than 256 KiB. */
const pieceBytes = 32_768;

/** Bytes that the encoding does not know. `whereUndecodable` tells which. */
export class Undecodable extends Error {}

/** A block's text in small pieces, without a byte order mark. `end` throws where the file ends inside a character. */
export type Decoder = {
  readonly pieces: (block: Uint8Array) => Generator<string, void, undefined>;
  readonly end: () => void;
};

/** Both functions throw `Undecodable`. */
export function createDecoder(encoding: string): Decoder {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let isStart = true;
  const decode = (bytes: Uint8Array, stream: boolean): string => {
    try {
      return decoder.decode(bytes, { stream });
    } catch (cause) {
      throw new Undecodable(encoding, { cause });
    }
  };
  return {
    *pieces(block) {
      for (let from = 0; from < block.length; from += pieceBytes) {
        let text = decode(block.subarray(from, from + pieceBytes), true);
        if (isStart && text !== '') {
          // The decoder takes one mark of the UTF encodings; a file saved twice has two, and GB18030 has its own.
          text = text.replace(/^\uFEFF+/u, '');
          isStart = text === '';
        }
        // Unassigned codes, which decoders map to private-use characters of their own choice.
        if (encoding === 'big5' && /\p{Co}/u.test(text)) throw new Undecodable(encoding);
        yield text;
      }
    },
    end: () => {
      decode(new Uint8Array(), false);
    },
  };
}

/** Reads again up to the block that failed, then byte by byte: the stop that names the place. */
export async function whereUndecodable(input: InputFile, encoding: string): Promise<Stop> {
  const before = createDecoder(encoding);
  let offset = 0;
  let line = 1;
  let last = '';
  const count = (text: string): void => {
    line += text.replaceAll('\r\n', '\n').split(/[\r\n]/u).length - 1;
    if (last === '\r' && text.startsWith('\n')) line--;
    last = text.at(-1) ?? last;
  };
  const failing = await firstFailingBlock(input, encoding);
  for await (const block of input.blocks()) {
    if (offset === failing) {
      for (const [at, byte] of block.entries()) {
        try {
          for (const text of before.pieces(Uint8Array.of(byte))) count(text);
        } catch (error) {
          if (!(error instanceof Undecodable)) throw error;
          offset += at;
          break;
        }
      }
      break;
    }
    for (const text of before.pieces(block)) count(text);
    offset += block.length;
  }
  return new Stop('file/bad-encoding', exitCode.unreadable, {
    facts: { file: input.file, encoding, offset, line },
  });
}

async function firstFailingBlock(input: InputFile, encoding: string): Promise<number> {
  const decoder = createDecoder(encoding);
  let offset = 0;
  for await (const block of input.blocks()) {
    try {
      for (const text of decoder.pieces(block)) void text;
    } catch (error) {
      if (!(error instanceof Undecodable)) throw error;
      break;
    }
    offset += block.length;
  }
  return offset;
}
