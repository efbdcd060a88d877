/** What is asked about a side of a pair. */
import { createHash, createHmac } from 'node:crypto';
import type { Scanner } from '../../engine/scanner.ts';
import type { Candidate } from '../../orchestrator/candidates.ts';
import type { ChangeSet } from '../../orchestrator/change.ts';
import { DEFAULT_PACK_LIMITS } from '../../orchestrator/pack.ts';
import { createPlaceholders } from '../../orchestrator/placeholders.ts';
import { createRedactor } from '../../orchestrator/redact.ts';
import type { ReviewInput, ReviewTools } from '../../orchestrator/review.ts';
import { DEFAULT_SELECT_LIMITS } from '../../orchestrator/reviewable.ts';
import type { Pair } from './pair.ts';

/** How the requests are made: without randomness, so that a recording can be played back. */
export interface Questions {
  readonly model: string;
  /** Made of `secretRules()`. */
  readonly secrets: Pick<Scanner, 'scan'>;
  /** What the rules say about a change. */
  readonly candidates: (changes: ChangeSet) => Candidate[];
}

/**
 * What is asked about one side. No guidance and no limits of the user's: the same change is the same question
 * everywhere.
 */
export function questionOf(
  pair: Pair,
  changes: ChangeSet,
  { model, secrets, candidates }: Questions,
): { readonly input: ReviewInput; readonly tools: ReviewTools } {
  const input: ReviewInput = {
    changes,
    candidates: candidates(changes),
    guidance: [],
    earlier: [],
    known: new Set(),
    clean: new Set(),
    model,
    select: DEFAULT_SELECT_LIMITS,
    limits: DEFAULT_PACK_LIMITS,
  };
  return { input, tools: toolsOf(pair.id, secrets) };
}

/** Markers and stand-ins that anybody can work out, which is why no review but this one has such. */
function toolsOf(id: string, secrets: Questions['secrets']): ReviewTools {
  const digest = digestOf(id);
  let drawn = 0;
  return {
    redactor: createRedactor({ scanner: secrets, placeholders: createPlaceholders(digest) }),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    markers: () => ({
      policy: digest('policy').slice(0, 32),
      data: digest(`data ${drawn++}`).slice(0, 32),
    }),
  };
}

/** The marker of every request and result of an investigation, whose order is left to chance. */
export function markerOf(id: string, name: string): string {
  return digestOf(id)(name).slice(0, 32);
}

function digestOf(id: string): (text: string) => string {
  return (text) => createHmac('sha256', id).update(text).digest('hex');
}
