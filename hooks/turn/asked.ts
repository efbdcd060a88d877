/** What a review is given of its session: a turn's and a commit's must agree on what was told and what is known. */
import type { Config } from '../../host/config.ts';
import type { Memory } from '../../host/findings/memory.ts';
import { readGuidance } from '../../host/guidance.ts';
import type { ReviewConfig } from '../../host/review-config.ts';
import type { TurnState } from '../../host/state/turn.ts';
import type { ChangeSet } from '../../orchestrator/change.ts';
import { recent } from '../../orchestrator/dedupe.ts';
import type { ReviewInput } from '../../orchestrator/review.ts';
import { shownPath } from '../../orchestrator/reviewable.ts';
import { ruleLocations } from '../edit-rules.ts';
import type { RuleHit } from './rules.ts';

export interface Subject {
  readonly changes: ChangeSet;
  readonly hits: readonly RuleHit[];
  readonly state: TurnState;
  readonly settings: ReviewConfig;
  readonly memory: Pick<Memory, 'open' | 'dismissed' | 'fixed'>;
  readonly config: Config;
  /** Where the project is when the host does not say. */
  readonly folder: string | undefined;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** The rest is that of the review. */
export type FromSession = Omit<ReviewInput, 'clean' | 'model' | 'select'>;

export function fromSession(subject: Subject): FromSession {
  const { changes, hits, state, settings, memory, config, folder, now } = subject;
  return {
    changes,
    guidance: readGuidance(ruleLocations(config, config.projectDir ?? folder)),
    candidates: hits.map(({ file, line, rule }) => ({
      path: shownPath(file),
      line,
      ruleId: rule.id,
      title: rule.title,
    })),
    earlier: [...state.told, ...memory.dismissed],
    open: memory.open,
    known: new Set(
      recent(state.told, now, settings.toldTtlMs)
        .map(({ key }) => key)
        .filter((key) => !memory.fixed.has(key)),
    ),
    limits: { perFile: settings.perFileBytes, total: settings.totalBytes },
  };
}
