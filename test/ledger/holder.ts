/** A process of its own that opens a ledger and does what its arguments say, for the tests of locks and crashes. */
import { argv, stdin, stdout } from 'node:process';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { Stop } from '../../src/model/stop.ts';
import { at, batchId, intents, runOne, runStart } from '../conformance/ledger-samples.ts';
import { now, sandbox } from './places.ts';

const [, , deed, file] = argv;
if (file === undefined) throw new Error('which ledger?');

try {
  const ledger = await openLedger({ mode: 'write', file, window: sandbox, now, command: 'import' });
  if (ledger.runs(1).length === 0) ledger.beginRun(runStart());
  stdout.write('open\n');
  if (deed === 'hold') {
    stdin.resume();
    stdin.on('end', () => ledger.close());
  } else if (deed === 'try') {
    ledger.close();
  } else {
    // Intends until it is killed; each number is told only once it is durable.
    for (let batch = 1; batch <= 100_000; batch += 1) {
      ledger.intend(runOne, { id: batchId(batch), pack: 'p', intents: intents(batch * 10, 7) }, at(1));
      stdout.write(`${batch}\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  stdout.write(`${JSON.stringify({ code: error.code, exit: error.exit, facts: error.facts })}\n`);
}
