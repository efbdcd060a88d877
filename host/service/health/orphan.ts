/**
 * Attempts whose starter died with them. A limit on memory, or the system when it has none left, may end
 * the starter instead of the service; then nobody was there to write down how it went.
 */
import type { Attempt, Health } from './attempts.ts';
import { beginCooldown } from './cooldown.ts';

/** Longer than any attempt takes: an older one is over, whoever has its process id by now. */
const LONGEST_ATTEMPT_MS = 60_000;

export interface OrphanFacts {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds since the machine came up. */
  readonly machineUpMs: number;
  readonly isAlive: (pid: number) => boolean;
  /** The version of the service that answers, if one does. */
  readonly running: string | undefined;
}

/** Writes down how attempts ended that nobody ended. Returns `health` itself when there is none. */
export function settleOrphans(health: Health, facts: OrphanFacts): Health {
  let cooldown = health.cooldown;
  let settled = false;
  const attempts = health.attempts.map((attempt): Attempt => {
    if (attempt.outcome !== 'begun' || isUnderWay(attempt, facts)) return attempt;
    settled = true;
    if (facts.running === attempt.version) {
      cooldown = undefined;
      return { ...attempt, outcome: 'started' };
    }
    // Switching the machine off kills everything, and says nothing about its memory.
    if (Date.parse(attempt.at) < facts.now - facts.machineUpMs)
      return { ...attempt, outcome: 'interrupted' };
    cooldown = beginCooldown(
      Math.min(facts.now, Date.parse(attempt.at)),
      attempt.version,
      'unknown',
    );
    return { ...attempt, outcome: 'failed', phase: 'spawn', code: KILLED };
  });
  return settled ? { ...health, attempts, cooldown } : health;
}

const KILLED = 10;

function isUnderWay({ at, pid }: Attempt, { now, isAlive }: OrphanFacts): boolean {
  if (Math.abs(now - Date.parse(at)) > LONGEST_ATTEMPT_MS) return false;
  return pid === undefined || isAlive(pid);
}
