/** A whole review through real transports, in a time that passes only while everybody waits. */
import { expect } from 'vitest';
import { openTransport } from '../../../host/providers/open.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import type { Environment } from '../../../host/config.ts';
import { createPurse, readSpend } from '../../../host/spend/spend.ts';
import type { Limits } from '../../../host/spend/spend.ts';
import { DEFAULT_PACK_LIMITS } from '../../../orchestrator/pack.ts';
import { review } from '../../../orchestrator/review.ts';
import type { Reviewed } from '../../../orchestrator/review.ts';
import type { FailureClass, Transport } from '../../../orchestrator/transport.ts';
import type { NotReviewedReason } from '../../../orchestrator/finding.ts';
import { changed, newRedactor, sha } from '../../orchestrator/pack-support.ts';
import { virtualTime } from '../../support/virtual-time.ts';
import type { VirtualTime } from '../../support/virtual-time.ts';
import { modelForm } from '../../../host/providers/model-form.ts';
import { NOW } from './world.ts';

export const DEADLINE_MS = 90_000;

export interface Expected {
  readonly reason: NotReviewedReason;
  /** Requests until it is given up, when the other side fails for good. */
  readonly requests: number;
  /** Milliseconds that pass, the other side's own silence left out. */
  readonly pauses: number;
}

const once = (reason: NotReviewedReason): Expected => ({ reason, requests: 1, pauses: 0 });
const thrice = (reason: NotReviewedReason, pauses = 5_000): Expected => ({
  reason,
  requests: 3,
  pauses,
});

/** What a review ends in when every request fails the same way. */
export const ENDS: Readonly<Record<FailureClass, Expected>> = {
  auth: once('auth'),
  'rate-limit': thrice('busy'),
  overloaded: thrice('busy'),
  server: thrice('busy'),
  network: thrice('network'),
  stall: thrice('timed-out'),
  timeout: thrice('timed-out'),
  // Without effort, then without thinking as well.
  'bad-request': thrice('request', 0),
  // At half the size.
  'too-large': { reason: 'request', requests: 2, pauses: 0 },
  // With room for more.
  truncated: { reason: 'reply', requests: 2, pauses: 0 },
  schema: { reason: 'reply', requests: 2, pauses: 0 },
  refusal: once('refused'),
  'unknown-model': once('unknown-model'),
  'not-json': once('reply'),
  cancelled: once('cancelled'),
};

/** The same where the endpoint says when to come again. */
export function endsAfter(failure: FailureClass, retryAfterMs: number | undefined): Expected {
  const end = ENDS[failure];
  if (retryAfterMs === undefined) return end;
  const fits = retryAfterMs + 2_000 <= DEADLINE_MS;
  return fits ? { ...end, pauses: 2 * retryAfterMs } : once(end.reason);
}

export interface ReviewRun {
  /** Undefined limits are none. */
  readonly limits?: Partial<Limits>;
  readonly claude?: string;
  readonly otherModel?: string;
  readonly signal?: AbortSignal;
  /** Called again and again while an answer is outstanding: lets time pass when the other side is silent. */
  readonly onWait?: (time: VirtualTime, sends: number) => void;
}

export interface Ran {
  readonly reviewed: Reviewed;
  /** Requests that were given to a transport. */
  readonly sends: number;
  readonly elapsed: number;
  /** Calls that were booked; none is left held. */
  readonly booked: number;
}

const NO_LIMITS: Limits = {
  usdDay: undefined,
  usdHour: undefined,
  tokensDay: undefined,
  tokensSession: undefined,
};
/** Of real time; nothing takes as long unless it hangs. */
const GIVE_UP_MS = 20_000;

/** Enough to be asked about in halves. */
const ROWS = Array.from({ length: 200 }, (_, row) => `row_${row} = ${row}\n`).join('');

/** Reviews two changed files; `dir` holds the account of what it costs. */
export async function runReview(env: Environment, dir: string, run: ReviewRun = {}): Promise<Ran> {
  const time = virtualTime(NOW);
  const selection = selectProviders(env, run.claude);
  if (selection.kind !== 'chosen') throw new Error(selection.why);
  let sends = 0;
  let outstanding = 0;
  const context = { env, timing: time.timing, claude: run.claude, untrusted: [] };
  const transports = await Promise.all(
    selection.choices.map(async (choice): Promise<Transport> => {
      const opened = await openTransport(choice, context);
      return {
        provider: opened.provider,
        billing: opened.billing,
        async send(request, signal) {
          sends += 1;
          outstanding += 1;
          const reply = await opened.send(request, signal);
          outstanding -= 1;
          return reply;
        },
      };
    }),
  );
  const reviewing = review(
    {
      changes: {
        files: [
          changed('app/run.py', 'import os\n', 'import os\nos.system(input())\n'),
          changed('app/table.py', '', ROWS),
        ],
        skipped: [],
      },
      guidance: [],
      candidates: [],
      earlier: [],
      known: new Set(),
      clean: new Set(),
      model: modelForm(selection.choices[0].provider, env),
      select: { maxFiles: 30, tooManyFiles: 300 },
      limits: DEFAULT_PACK_LIMITS,
    },
    {
      redactor: newRedactor(),
      hash: sha,
      markers: () => ({ policy: 'a'.repeat(32), data: 'b'.repeat(32) }),
    },
    {
      transports,
      purse: createPurse({
        dir,
        limits: { ...NO_LIMITS, ...run.limits },
        layer: 'terminal',
        session: 's',
        log: { write: () => undefined },
        now: () => time.clock.wall(),
      }),
      clock: time.clock,
      makeAbort: () => new AbortController(),
      deadlineMs: DEADLINE_MS,
      isDual: false,
      ...(run.signal === undefined ? {} : { signal: run.signal }),
      ...(run.otherModel === undefined ? {} : { otherModel: run.otherModel }),
    },
  );
  const begun = performance.now();
  while (!(await Promise.race([reviewing.then(() => true), turn()]))) {
    if (performance.now() - begun > GIVE_UP_MS) throw new Error('the review does not end');
    const isPausing = time.pending().some((ms) => ms !== DEADLINE_MS);
    if (outstanding > 0) run.onWait?.(time, sends);
    else if (isPausing) time.step();
  }
  const reviewed = await reviewing;
  const { held, sessions } = readSpend(dir);
  if (held.length > 0) throw new Error('money is still held');
  return { reviewed, sends, elapsed: time.elapsed(), booked: sessions['s']?.totals.calls ?? 0 };
}

/** Lets what is about to happen happen. */
function turn(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), 1));
}

/** No verdict, for that reason, after as many requests and as much time; and nothing to remember as clean. */
export function expectEnd({ reviewed, sends, elapsed, booked }: Ran, end: Expected): void {
  const { outcome, clean, attempts } = reviewed;
  expect(outcome).toMatchObject({
    kind: 'not-reviewed',
    reason: end.reason,
    detail: expect.stringMatching(/\S/),
  });
  expect(clean).toEqual([]);
  expect({ sends, attempts: attempts.length, booked, elapsed }).toEqual({
    sends: end.requests,
    attempts: end.requests,
    booked: end.requests,
    elapsed: end.pauses,
  });
  expect(elapsed).toBeLessThanOrEqual(DEADLINE_MS);
}
