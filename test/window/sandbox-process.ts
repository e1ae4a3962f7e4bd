/** A sandbox window in a process of its own: tells its address to its parent, and runs until it is killed. */
import { argv, exit } from 'node:process';
import { startSandbox } from '../../src/window/sandbox/server.ts';

const { address } = await startSandbox({ store: argv[2] ?? '', check: () => [] });
process.send?.(address);
process.on('disconnect', () => exit());
