/** What a report writes to: it neither knows nor cares whether that is a file or standard output. */

export interface Output {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  /** All of it is where it belongs; returns its path. */
  commit(): Promise<string>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}
