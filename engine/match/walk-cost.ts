/**
 * Which side of a literal is followed first: most occurrences are told off by one of them, and the other then costs
 * nothing. Told from the steps alone, with the bytes that source code is made of; both orders give the same answer.
 */
import type { Ranges } from '../regex/ast.ts';
import { capitalBits, rarity } from '../regex/rarity.ts';
import type { Steps } from './steps.ts';
import { MAX_LOOK } from './trace.ts';

/** What is expected of a walk. */
interface Expected {
  /** Bytes that are looked at. */
  readonly cost: number;
  /** How many of the walks get to the end, from 0 to 1. */
  readonly passes: number;
  /** Places that are then possible. */
  readonly places: number;
}

/** An assertion tells so many off. */
const ASSERTED = 0.5;

export function isBackFirst(before: Steps, after: Steps): boolean {
  const back = expected(before, 1);
  const on = expected(after, 1);
  return back.cost + back.passes * on.cost < on.cost + on.passes * back.cost;
}

function expected(steps: Steps, from: number): Expected {
  let cost = 0;
  let passes = 1;
  let places = from;
  for (const step of steps) {
    switch (step.kind) {
      case 'one': {
        const share = shareOf(step.ranges);
        cost += passes * places;
        passes *= 1 - (1 - share) ** places;
        // The first and the last of them that fit are farther inside.
        places = Math.max(1, places - 1 / share);
        break;
      }
      case 'some': {
        const share = shareOf(step.runs);
        const more = (step.outside + share) / (1 - share);
        cost += passes * Math.min(more, MAX_LOOK);
        places += more;
        // A walk that goes too far ends, and what it was to tell stays possible.
        if (places > MAX_LOOK) return { cost, passes, places };
        break;
      }
      case 'assert':
        if (places === 1) passes *= ASSERTED;
        break;
      case 'either': {
        const branches = step.branches.map((branch) => expected(branch, places));
        cost += passes * branches.reduce((sum, branch) => sum + branch.cost, 0);
        passes *= 1 - branches.reduce((none, branch) => none * (1 - branch.passes), 1);
        places = Math.max(...branches.map((branch) => branch.places));
        if (places > MAX_LOOK) return { cost, passes, places };
      }
    }
  }
  return { cost, passes, places };
}

/** How many of a text's bytes are of a class; neither none nor all. */
function shareOf(ranges: Ranges): number {
  let share = 0;
  for (let i = 0; i + 1 < ranges.length; i += 2)
    for (let code = ranges[i] ?? 0; code <= Math.min(ranges[i + 1] ?? 0, LAST); code++)
      share += SHARES[code] ?? 0;
  return Math.min(Math.max(share, LEAST), 1 - LEAST);
}

const LEAST = 1e-4;
const LAST = 0x7e;
/** By byte of source code, all of them together 1. */
const SHARES: readonly number[] = shares();

function shares(): number[] {
  const counted = Array.from({ length: LAST + 1 }, (_, code) => {
    if (code < 0x20 && code !== 10) return 0;
    const letter = String.fromCharCode(code);
    const share = 2 ** -(rarity(letter) + capitalBits(letter));
    // What is known of digits is how many all of them are.
    return /\d/.test(letter) ? share / 10 : share;
  });
  const all = counted.reduce((sum, share) => sum + share, 0);
  return counted.map((share) => share / all);
}
