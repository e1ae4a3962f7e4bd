/** What is mutated, and the quick tests that must notice it. */

export type Group = {
  readonly name: string;
  readonly mutate: readonly string[];
  /** Files of tests, or folders of them. */
  readonly tests: readonly string[];
  /** No survivor outside the reviewed list; elsewhere only the score counts. */
  readonly isHeld: boolean;
};

const pipeline = (...names: readonly string[]) => names.map((name) => `src/pipeline/${name}.ts`);
const ledger = (...names: readonly string[]) => names.map((name) => `src/ledger/${name}.ts`);
const http = (...names: readonly string[]) => names.map((name) => `src/window/http/${name}.ts`);

/** Those that work in this process: a program started by a test is not the one that was changed. */
const ledgerTests = [
  'test/ledger/checksum.test.ts',
  'test/ledger/damage.test.ts',
  'test/ledger/guard.test.ts',
  'test/ledger/lock.test.ts',
  'test/ledger/lodging.test.ts',
  'test/ledger/maintenance.test.ts',
  'test/ledger/migrations.test.ts',
  'test/ledger/move.test.ts',
  'test/ledger/opening.test.ts',
  'test/ledger/place.test.ts',
  'test/ledger/results.test.ts',
  'test/ledger/sqlite-ledger.test.ts',
  'test/ledger/state-machine.test.ts',
  'test/ledger/storage-failures.test.ts',
  'test/ledger/tampering.test.ts',
  'test/ledger/verify.test.ts',
];

export const groups: readonly Group[] = [
  {
    name: 'states',
    mutate: ['src/model/state.ts'],
    tests: ['test/model/state.test.ts', 'test/model.test.ts'],
    isHeld: true,
  },
  {
    name: 'rules',
    mutate: pipeline('resend-rules'),
    tests: ['test/pipeline/resend-rules.test.ts'],
    isHeld: true,
  },
  {
    name: 'lodgings',
    mutate: ledger('lodging'),
    tests: ['test/ledger/lodging.test.ts', 'test/ledger/sqlite-ledger.test.ts'],
    isHeld: true,
  },
  {
    name: 'classifier',
    mutate: http('classify', 'answers', 'items'),
    tests: ['test/window/classify.test.ts', 'test/window/answers.test.ts', 'test/window/items.test.ts'],
    isHeld: true,
  },
  {
    name: 'exchange',
    mutate: http('exchange', 'pace', 'paced', 'sign-in'),
    tests: [
      'test/window/pace.test.ts',
      'test/window/paced.test.ts',
      'test/window/signed-in.test.ts',
      'test/window/sign-in.test.ts',
      'test/window/exchange.test.ts',
      'test/window/client-failures.test.ts',
      'test/security/tls.test.ts',
      'test/security/proxy.test.ts',
    ],
    isHeld: false,
  },
  {
    name: 'submit',
    mutate: pipeline(
      'submit',
      'send',
      'lodge',
      'answers',
      'reconcile',
      'await-verdicts',
      'in-flight',
      'cancel',
      'catch-up',
    ),
    tests: [
      'test/pipeline/submit.test.ts',
      'test/pipeline/send.test.ts',
      'test/pipeline/lodge.test.ts',
      'test/pipeline/answers.test.ts',
      'test/pipeline/reconcile.test.ts',
      'test/pipeline/await-verdicts.test.ts',
      'test/pipeline/in-flight.test.ts',
      'test/pipeline/cancel.test.ts',
      'test/pipeline/catch-up.test.ts',
      'test/simulation/simulation.test.ts',
    ],
    isHeld: false,
  },
  {
    name: 'dedupe',
    mutate: pipeline('dedupe', 'pressure', 'key-table'),
    tests: [
      'test/pipeline/dedupe.test.ts',
      'test/pipeline/key-table.test.ts',
      'test/pipeline/pressure.test.ts',
      'test/pipeline/send.test.ts',
      'test/pipeline/lodge.test.ts',
      'test/simulation/simulation.test.ts',
    ],
    isHeld: false,
  },
  {
    name: 'ledger',
    mutate: ledger(
      'sqlite-ledger',
      'batches-table',
      'declarations-table',
      'receipts-table',
      'results-table',
      'runs-table',
      'shipments-table',
      'versions-table',
      'guard',
      'lock',
      'binding',
      'migrations',
    ),
    tests: ledgerTests,
    isHeld: false,
  },
  {
    name: 'care',
    mutate: ledger(
      'backup',
      'cells',
      'checksum',
      'create-ledger',
      'database',
      'export',
      'health',
      'move',
      'open-file',
      'open-ledger',
      'place',
      'purge',
      'rows',
      'seal',
      'shared-storage',
      'storage-failures',
      'verify',
    ),
    tests: ledgerTests,
    isHeld: false,
  },
];
