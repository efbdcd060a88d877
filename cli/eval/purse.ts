/** What a run of `sg eval` may spend, beside the limits that hold for every review. */
import type { Hold, Purse } from '../../orchestrator/call.ts';
import { boundOf, costOf } from '../../orchestrator/money.ts';

/** For who asks no model. */
export const FREE: Purse = {
  reserve: () => Promise.resolve({ settle: () => Promise.resolve() }),
};

/** Holds what a call may cost at most against `limitUsd`, and asks `purse` after that. */
export function limited(purse: Purse, limitUsd: number): Purse {
  let taken = 0;
  return {
    async reserve(request) {
      const most = costOf(request.model, boundOf(request));
      if (most === undefined)
        return {
          refused: `the price of ${request.model} is not known, so --limit-usd cannot be kept`,
        };
      if (taken + most > limitUsd)
        return {
          refused: `a call could cost ${most.toFixed(2)} USD, which could pass --limit-usd ${limitUsd}`,
        };
      taken += most;
      const hold = await purse.reserve(request);
      if ('refused' in hold) {
        taken -= most;
        return hold;
      }
      return {
        async settle(usage, model) {
          // What nobody knows costs what was held.
          taken += (usage === undefined ? most : (costOf(model, usage) ?? most)) - most;
          await hold.settle(usage, model);
        },
      } satisfies Hold;
    },
  };
}

const MOST_IN_A_ROW = 5;

export interface Guard {
  readonly purse: Purse;
  /** Told how each review ended. */
  readonly after: (hasVerdict: boolean) => void;
}

/** Refuses once so many reviews in a row came to nothing: the next would not do better, and may cost. */
export function guarded(purse: Purse): Guard {
  let inARow = 0;
  return {
    purse: {
      reserve: (request) =>
        inARow >= MOST_IN_A_ROW
          ? Promise.resolve({
              refused: `no more was asked after ${MOST_IN_A_ROW} reviews in a row without a verdict`,
            })
          : purse.reserve(request),
    },
    after(hasVerdict) {
      inARow = hasVerdict ? 0 : inARow + 1;
    },
  };
}
