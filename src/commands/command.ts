/** What every command gets and gives: `run` takes the settled configuration and returns an exit code. */
import type { Config } from '../config.ts';
import type { Reader } from './failure.ts';

export type CommandInput = {
  readonly args: readonly string[];
  readonly flags: ReadonlyMap<string, string | true>;
  readonly config: Config;
  readonly reader: Reader;
  /** Everything typed after `declarant`. */
  readonly typed: readonly string[];
};

export type CommandModule = { readonly run: (input: CommandInput) => Promise<number> };
