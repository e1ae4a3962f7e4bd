/** The sandbox window: a single window that anyone can run, as a real HTTP server on loopback with a durable store. */
import { createServer, type Server } from 'node:http';
import { exitCode, Stop } from '../../model/stop.ts';
import { bounds } from './bounds.ts';
import type { Check, Sandbox } from './context.ts';
import { Refusal } from './refusal.ts';
import { send, sendProblem, sendRawProblem, serve } from './serve.ts';
import { openStore } from './store.ts';
import { waitersFor } from './waiters.ts';
import { startWebhook, type WebhookOptions } from './webhook.ts';

export type SandboxOptions = {
  /** A SQLite file, made where there is none. Several processes may have it open. */
  readonly store: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** The window's own check of what it receives; what it finds as an error is refused with 422. */
  readonly check: Check;
  readonly now?: () => Date;
  /** From receipt to the middle of the verdicts; 500 where absent. All later notices are multiples of it. */
  readonly verdictDelayMs?: number;
  /** How often those who wait for events are looked after; 50 where absent; 0: only `tick` does it. */
  readonly tickMs?: number;
  /** Gets what the sandbox itself did wrong; the client got a 500. */
  readonly onDefect?: (error: unknown) => void;
  /** Where each event is told of besides. */
  readonly webhook?: Omit<WebhookOptions, 'onDefect'>;
};

export type RunningSandbox = {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  /** Looks at once for everyone who waits for events. */
  readonly tick: () => void;
  readonly close: () => Promise<void>;
};

/** Throws `Stop` where the port is taken or the store cannot be used. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const store = openStore(options.store);
  const { check, now = () => new Date(), verdictDelayMs = 500, tickMs = 50 } = options;
  const sandbox: Sandbox = { store, check, now, verdictDelayMs };
  const waiters = waitersFor(sandbox, tickMs);
  const running = new Set<string>();
  const limits = {
    maxHeaderSize: bounds.headerBytes,
    requestTimeout: bounds.requestMs,
    headersTimeout: bounds.requestMs,
    keepAliveTimeout: 15_000,
  };
  const server = createServer(limits, (request, response) => {
    void serve({ sandbox, waiters, running, request }).then(
      (answer) => send(response, answer),
      (error: unknown) => {
        if (!(error instanceof Refusal) && !request.destroyed) options.onDefect?.(error);
        sendProblem(request, response, error);
      },
    );
  });
  server.on('clientError', (error, socket) => sendRawProblem(socket, error));
  server.maxConnections = bounds.connections;
  const port = await listen(server, options.port ?? 0).catch((error: unknown) => {
    store.close();
    throw error;
  });
  const onDefect = options.onDefect ?? (() => undefined);
  const webhook = options.webhook && startWebhook(sandbox, { ...options.webhook, onDefect });
  return {
    address: `http://127.0.0.1:${port}`,
    tick: waiters.tick,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      waiters.end();
      setImmediate(() => server.closeAllConnections());
      await closed;
      await webhook?.close();
      store.close();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new Stop('window/port-unusable', exitCode.usage, { facts: { port }, cause: error }));
    });
    server.listen({ host: '127.0.0.1', port }, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
    });
  });
}
