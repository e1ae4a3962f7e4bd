/** An origin that knows us by a token, and asks for the token anew when the window no longer takes it. */
import { exitCode, Stop } from '../../model/stop.ts';
import type { Access, Origin } from './exchange.ts';

export type SignedInOrigin = Origin & {
  /** After a 401: true where the same request may go out once more, with another token. Whoever is refused meanwhile shares one renewal. Throws `Stop` (exit 6) where the token cannot be had. */
  readonly signInAgain: () => Promise<boolean>;
};

export function signedIn(origin: Origin, { token, tokenAgain }: Access): SignedInOrigin {
  let current = token;
  /** Counts renewals: a 401 to an older token says nothing about this one. */
  let renewals = 0;
  let isRefused = false;
  let renewing: Promise<boolean> | undefined;

  const exchange: Origin['exchange'] = async (request, signal) => {
    const mine = renewals;
    const secret = current === undefined ? {} : { authorization: `Bearer ${current}` };
    const answer = await origin.exchange({ ...request, headers: { ...request.headers, ...secret } }, signal);
    if (answer.kind === 'answer' && answer.status === 401 && mine === renewals) isRefused = true;
    return answer;
  };

  const renew = async (): Promise<boolean> => {
    if (current === undefined || tokenAgain === undefined) return false;
    const next = await tokenAgain(current).catch((cause: unknown) => {
      throw cause instanceof Stop ? notRenewed(cause) : cause;
    });
    if (next === undefined) return false;
    current = next;
    renewals += 1;
    isRefused = false;
    return true;
  };

  const signInAgain = (): Promise<boolean> => {
    if (!isRefused) return Promise.resolve(renewals > 0);
    renewing ??= renew().finally(() => (renewing = undefined));
    return renewing;
  };
  return { exchange, close: origin.close, signInAgain };
}

function notRenewed(cause: Stop): Stop {
  const exit = cause.exit === exitCode.usage ? exitCode.signIn : cause.exit;
  return new Stop('secret/not-renewed', exit, { facts: { reason: cause.code }, cause });
}
