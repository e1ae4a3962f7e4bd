/** `declarant sandbox`: the sandbox window as a server of its own; its address is the first line on standard output. */
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { dirname, resolve } from 'node:path';
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { startSandbox } from '../window/sandbox/server.ts';
import { parseWebhookUrl } from '../window/sandbox/webhook.ts';
import type { CommandInput } from './command.ts';
import { showFailure } from './failure.ts';
import { openPack } from './open.ts';
import { sandboxStore } from './open-window.ts';
import { catchSignals } from './signals.ts';
import { portOf, webhookSecret } from './webhook-input.ts';
import { windowCheck } from './window-check.ts';

const now = (): Date => new Date();

/** Undefined where nobody wants to be told. */
function webhookOf({ flags, reader }: CommandInput) {
  const typed = flags.get('webhook');
  if (typed === undefined) return undefined;
  const url = parseWebhookUrl(String(typed));
  return {
    url,
    secret: webhookSecret(flags),
    onTrouble: (trouble: Stop) => void showFailure(trouble, reader),
  };
}

export async function run(input: CommandInput): Promise<number> {
  const { flags, config, reader } = input;
  const as = flags.get('as');
  if (as === 'cn-client') return (await import('./simulate.ts')).simulate(input);
  if (as !== undefined)
    throw new Stop('cn-client/unknown-simulation', exitCode.usage, { facts: { value: String(as) } });
  const port = portOf('--port', flags.get('port') ?? '0');
  const webhook = webhookOf(input);
  const typed = flags.get('store');
  const store = typeof typed === 'string' ? resolve(typed) : sandboxStore(config);
  const { pack, catalogue } = await openPack(config.settings);
  await mkdir(dirname(store), { recursive: true, mode: 0o700 });
  using signals = catchSignals();
  const onDefect = (error: unknown): void => void showFailure(error, reader);
  const sandbox = await startSandbox({
    store,
    port,
    check: windowCheck(pack, catalogue, now),
    now,
    onDefect,
    ...(webhook === undefined ? {} : { webhook }),
  });
  await stdoutOutput.write(`${sandbox.address}\n`);
  if (!signals.signal.aborted) await once(signals.signal, 'abort');
  await sandbox.close();
  return signals.exit() ?? exitCode.done;
}
