/** How much of a file is read before it is refused: defaults that no honest manifest reaches. */
import type { ReadLimits } from './format.ts';

/**
 * Rows, columns and cell length are the grid of a workbook (1,048,576 rows, 32,767 characters) and eight times the widest
 * manifest seen. The largest inflate ratio found in 609 real workbooks was 51. 32,767 characters are at most 128 KiB.
 */
const defaultLimits: ReadLimits = {
  rows: 1_048_576,
  columns: 2_048,
  cellCharacters: 32_767,
  recordBytes: 1_048_576,
  inflatedBytes: 1_073_741_824,
  inflateRatio: 200,
  archiveEntries: 2_000,
  sharedStringBytes: 268_435_456,
  xmlDepth: 256,
};

/** The defaults, and over them what the user set. */
export function readLimits(changed: Partial<ReadLimits> | undefined): ReadLimits {
  return { ...defaultLimits, ...changed };
}
