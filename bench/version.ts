/** `declarant --version` against `node -e 0`, whole processes, 15 times each in turn: `node bench/version.ts [--rounds N] [--write]`. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { keepResults, median } from './measure.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, write: { type: 'boolean' } } });
const rounds = Number(values.rounds ?? '15');
const launcher = path.join(import.meta.dirname, '..', 'bin', 'declarant.js');
const commands = { node: ['-e', '0'], version: [launcher, '--version'] };

function wallMs(args: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - started;
}

// Once each for the page cache and the compile cache.
wallMs(commands.node);
wallMs(commands.version);
const node: number[] = [];
const version: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  node.push(wallMs(commands.node));
  version.push(wallMs(commands.version));
}
const results = {
  rounds,
  nodeMs: median(node),
  versionMs: median(version),
  ratio: median(version) / median(node),
};
console.log(
  `--version ${results.versionMs.toFixed(1)} ms, node -e 0 ${results.nodeMs.toFixed(1)} ms: ratio ${results.ratio.toFixed(2)}`,
);
if (values.write === true) keepResults('version', results);
