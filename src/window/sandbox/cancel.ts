/** Cancels a declaration at the sandbox window, as long as the goods were not released. */
import { stateAfter, type LodgementState } from '../../model/state.ts';
import { json, type Answer, type Call, type Sandbox } from './context.ts';
import { historyOf, settle, type EventJson } from './feed.ts';
import { stateOf } from './inquiry.ts';
import { cancelledCode, cancelledStep } from './notices.ts';
import { Refusal } from './refusal.ts';
import { wholeOf } from './store.ts';

const cancellable: ReadonlySet<LodgementState> = new Set(['received', 'registered', 'accepted', 'held']);

/** `POST /v1/declarations/{ref}/cancel`: the newest version, once; asked again, the first answer. What would have come later comes no more. Throws `Refusal` 404 and 409. */
export function cancelDeclaration(sandbox: Sandbox, call: Call): Answer {
  settle(sandbox);
  const { store } = sandbox;
  return store.commit(() => {
    const row = store.get(
      'select serial from declaration where ref = ? order by version desc limit 1',
      call.id,
    );
    if (row === undefined) {
      throw new Refusal('unknown-reference', 404, 'Nothing was received under this reference.', {
        ref: call.id,
      });
    }
    const serial = wholeOf(row, 'serial');
    const history = historyOf(sandbox, serial);
    const earlier = history.find(isCancelled);
    if (earlier !== undefined) return json(200, earlier);
    const state = stateAfter(history.map(({ type }) => stateOf(type)));
    if (!cancellable.has(state)) {
      throw new Refusal('not-cancellable', 409, `The declaration is ${state}.`, { ref: call.id });
    }
    store.run('delete from plan where serial = ?', serial);
    store.run(
      "insert into event (serial, step, code, state, at_ms) values (?, ?, ?, 'cancelled', ?)",
      serial,
      cancelledStep,
      cancelledCode,
      sandbox.now().getTime(),
    );
    return json(200, historyOf(sandbox, serial).at(-1));
  });
}

function isCancelled({ type }: EventJson): boolean {
  return type === 'declaration.cancelled';
}
