/** `declarant sandbox --as cn-client`: stands in for the import client until Ctrl+C. */
import { setTimeout as pause } from 'node:timers/promises';
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { openSimulator } from '../window/cn-client/simulator.ts';
import type { CommandInput } from './command.ts';
import { catchSignals } from './signals.ts';

const everyMs = 250;
const mostSpeed = 100;

function speedOf(typed: string | true | undefined): number {
  if (typed === undefined) return 1;
  const speed = typeof typed === 'string' && /^\d{1,3}$/u.test(typed) ? Number(typed) : 0;
  if (speed >= 1 && speed <= mostSpeed) return speed;
  throw new Stop('usage/invalid-value', exitCode.usage, {
    facts: { where: '--speed', value: String(typed), expected: `1–${mostSpeed}` },
  });
}

export async function simulate({ flags, config }: CommandInput): Promise<number> {
  const { root } = config.settings;
  if (root === undefined)
    throw new Stop('cn-client/no-root', exitCode.usage, { facts: { window: 'cn-client' } });
  const seed = flags.get('seed');
  const speed = speedOf(flags.get('speed'));
  using signals = catchSignals();
  const simulator = openSimulator({
    root,
    now: () => new Date(),
    seed: typeof seed === 'string' ? seed : 'declarant',
    order: seed === undefined ? 'calm' : 'wild',
    stretch: 1 / speed,
  });
  await stdoutOutput.write(`${root}\n`);
  while (!signals.signal.aborted) {
    simulator.tick();
    await pause(everyMs / Math.min(speed, 10), undefined, { signal: signals.signal }).catch(() => undefined);
  }
  return signals.exit() ?? exitCode.done;
}
