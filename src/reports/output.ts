/** What a report writes to: it neither knows nor cares whether that is a file or standard output. */

type Placed<Written> = {
  /** Resolves when there is room for more. */
  write(written: Written): Promise<void>;
  /** All of it is where it belongs; returns its path. */
  commit(): Promise<string>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
};

export type Output = Placed<string>;
export type ByteOutput = Placed<Uint8Array>;
