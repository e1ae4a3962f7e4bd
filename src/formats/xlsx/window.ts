/** A sliding view of a part's bytes for the fast readers: what is not understood yet is kept for the next chunk. */
import { Doubt } from './text.ts';

/** Zero bytes after the end: no loop needs to look where the end is, since zero is no character of XML. */
const sentinelBytes = 64;
/** More than this without a complete cell or string is left to the strict reader. */
const maxKeptBytes = 1_048_576;

export type Window = {
  /** Valid up to `end`, then zeros. */
  bytes: Buffer;
  end: number;
  /** Where `bytes[0]` stands in the part. */
  offset: number;
};

export function newWindow(): Window {
  return { bytes: Buffer.alloc(524_288), end: 0, offset: 0 };
}

export function append(window: Window, chunk: Uint8Array): void {
  if (window.end > maxKeptBytes) throw new Doubt();
  const needed = window.end + chunk.length + sentinelBytes;
  if (needed > window.bytes.length) {
    const larger = Buffer.alloc(needed * 2);
    larger.set(window.bytes.subarray(0, window.end));
    window.bytes = larger;
  }
  window.bytes.set(chunk, window.end);
  window.end += chunk.length;
  window.bytes.fill(0, window.end, window.end + sentinelBytes);
}

/** Forgets the first bytes. */
export function consume(window: Window, count: number): void {
  if (count === 0) return;
  window.bytes.copyWithin(0, count, window.end);
  window.end -= count;
  window.offset += count;
  window.bytes.fill(0, window.end, window.end + sentinelBytes);
}

/** The start of a part up to `mark`, where it holds nothing that could hide a false `mark`. */
export function plainStart(window: Window, mark: string): number {
  const at = window.bytes.subarray(0, window.end).indexOf(mark);
  const before = window.bytes.subarray(0, at === -1 ? window.end : at);
  if (before.includes('<!') || before.lastIndexOf('<?') > 3) throw new Doubt();
  return at;
}
