/** Ctrl-C and SIGTERM: the first asks the run to stop at a safe point, the second ends the process at once, which is safe too. */
import { exitCode } from '../model/stop.ts';

export type Signals = {
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came. */
  readonly exit: () => number | undefined;
  readonly [Symbol.dispose]: () => void;
};

const held = new Set<() => void>();
let isStopped = false;

/** As if a signal came, now and for everything begun later: something broke beside the run. */
export function stopAll(): void {
  isStopped = true;
  for (const stop of held) stop();
}

/** While it is held, the first signal only aborts `signal`. */
export function catchSignals(): Signals {
  const controller = new AbortController();
  let exit: number | undefined;
  const stopHere = (): void => controller.abort();
  held.add(stopHere);
  if (isStopped) stopHere();
  const release = (): void => {
    held.delete(stopHere);
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerminate);
  };
  const stop = (name: 'SIGINT' | 'SIGTERM', code: number): void => {
    if (exit !== undefined) {
      // With no handler left, the system ends the process as it ends any other.
      release();
      process.kill(process.pid, name);
      return;
    }
    exit = code;
    process.exitCode = code;
    controller.abort();
  };
  const onInterrupt = (): void => stop('SIGINT', exitCode.interrupted);
  const onTerminate = (): void => stop('SIGTERM', exitCode.terminated);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return { signal: controller.signal, exit: () => exit, [Symbol.dispose]: release };
}
