/** `declarant sandbox --as cn-client`: stands in for the import client until Ctrl+C. */
import { setTimeout as pause } from 'node:timers/promises';
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { openSimulator } from '../window/cn-client/simulator.ts';
import type { CommandInput } from './command.ts';
import { catchSignals } from './signals.ts';

const everyMs = 250;

export async function simulate({ flags, config }: CommandInput): Promise<number> {
  const { root } = config.settings;
  if (root === undefined)
    throw new Stop('cn-client/no-root', exitCode.usage, { facts: { window: 'cn-client' } });
  const seed = flags.get('seed');
  using signals = catchSignals();
  const simulator = openSimulator({
    root,
    now: () => new Date(),
    seed: typeof seed === 'string' ? seed : 'declarant',
    order: seed === undefined ? 'calm' : 'wild',
  });
  await stdoutOutput.write(`${root}\n`);
  while (!signals.signal.aborted) {
    simulator.tick();
    await pause(everyMs, undefined, { signal: signals.signal }).catch(() => undefined);
  }
  return signals.exit() ?? exitCode.done;
}
