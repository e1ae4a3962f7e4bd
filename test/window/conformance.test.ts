/** The HTTP bulk lodgement protocol with the sandbox window behind it runs the suite, each exchange held to the OpenAPI file. */
import { deepEqual, ok } from 'node:assert/strict';
import { openHttpLodgement } from '../../src/window/http-lodgement.ts';
import { singleWindowConformance, type WindowOnTrial } from '../conformance/single-window.ts';
import { batchOf, lodgement, marked } from './lodgements.ts';
import { answerFindings, requestFindings } from './openapi.ts';
import { recordBetween, type RecordingProxy } from './recording-proxy.ts';
import { sandboxOnTrial } from './trial.ts';

singleWindowConformance('HTTP bulk lodgement', async (): Promise<WindowOnTrial> => {
  const trial = await sandboxOnTrial();
  const proxies: RecordingProxy[] = [];
  const open = async () => {
    const proxy = await recordBetween(trial.sandbox.address);
    proxies.push(proxy);
    return openHttpLodgement({ name: 'trial', address: proxy.address });
  };
  let window = await open();
  return {
    window,
    lodgement: (key, edition = 1) => lodgement(key, { ContrNo: `C-${edition}` }),
    doomed: (key) => marked(key, 'reject'),
    batch: batchOf,
    passTime: () => trial.advance(60_000),
    restart: async () => {
      await window.close();
      await trial.restart();
      window = await open();
      return window;
    },
    close: async () => {
      await window.close();
      for (const proxy of proxies) await proxy.close();
      await trial.close();
      const recorded = proxies.flatMap((proxy) => proxy.recorded);
      ok(recorded.length > 0);
      deepEqual(
        recorded.flatMap((each) => [...requestFindings(each), ...answerFindings(each)]),
        [],
      );
    },
  };
});
