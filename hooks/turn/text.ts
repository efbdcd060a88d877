/** The text that wakes the agent: findings of the model, hits of rules that no edit was told, earlier warnings. */
import { plainLine } from '../../engine/text/plain.ts';
import type { Coverage, ReviewFinding } from '../../orchestrator/finding.ts';
import { MAX_FINDINGS, WAKE_FOOT, WAKE_HEAD, findingsText } from '../../orchestrator/report.ts';
import { HOW_TO_KEEP, bySeverity, describe } from '../message.ts';
import type { Told } from '../message.ts';
import { SUBJECT } from './notice.ts';
import type { RuleHit } from './rules.ts';
import type { Sweep } from './sweep.ts';

export interface Wake {
  readonly findings: readonly ReviewFinding[];
  readonly coverage: Coverage;
  readonly unseen: readonly RuleHit[];
  readonly sweep: Sweep;
  /** A line for each earlier finding that is fixed. */
  readonly resolved: readonly string[];
  /** Why no model reviewed the turn; empty when one did. */
  readonly notReviewed: string;
}

const MAX_ENTRIES = 20;
const MAX_NAMED = 10;

/** There are findings or rule hits. */
export function wakeText(wake: Wake): string {
  const { findings, coverage, unseen, sweep, resolved, notReviewed } = wake;
  const earlier = [...resolved, ...sweepText(sweep)];
  if (findings.length === 0)
    return [
      `${WAKE_HEAD} ${unseenHead(unseen)}`,
      ...entries(unseen, 0),
      ...earlier,
      ...(notReviewed === '' ? [] : [notReviewed]),
      WAKE_FOOT,
    ].join('\n\n');
  const rules =
    unseen.length === 0
      ? []
      : [unseenHead(unseen), ...entries(unseen, Math.min(findings.length, MAX_FINDINGS))];
  return findingsText(findings, coverage, SUBJECT, [...rules, ...earlier]);
}

function unseenHead(unseen: readonly RuleHit[]): string {
  const count = grouped(unseen).length;
  const what = count === 1 ? 'a possible problem' : `${count} possible problems`;
  return `In ${SUBJECT.subject} the rules found ${what} that no check of an edit reported, as in what a command wrote:`;
}

/** Numbered on after so many other ones. */
function entries(unseen: readonly RuleHit[], others: number): string[] {
  const all = grouped(unseen).sort(bySeverity);
  const shown = all
    .slice(0, MAX_ENTRIES)
    .map((entry, index) =>
      describe({ ...entry, path: plainLine(entry.path, 300) }, others + index + 1),
    );
  const more = all.length - shown.length;
  const rest = more > 0 ? [`And ${more} more: \`sg scan\` shows them.`] : [];
  return [...shown, ...rest, HOW_TO_KEEP];
}

interface Entry extends Told {
  readonly path: string;
}

/** A rule's matches in a file are one entry. */
function grouped(unseen: readonly RuleHit[]): Entry[] {
  const byKey = new Map<string, RuleHit[]>();
  for (const hit of unseen) {
    const key = `${hit.absolute}#${hit.rule.id}`;
    byKey.set(key, [...(byKey.get(key) ?? []), hit]);
  }
  return [...byKey.values()].flatMap((hits) => {
    const [first] = hits;
    return first === undefined
      ? []
      : [{ rule: first.rule, path: first.shown, places: hits.map(({ line }) => ({ line })) }];
  });
}

function sweepText({ fixed, standing }: Sweep): string[] {
  const done = fixed === 0 ? [] : [fixed === 1 ? '1 is fixed.' : `${fixed} are fixed.`];
  const named = standing
    .slice(0, MAX_NAMED)
    .map(
      ({ shown, line, ruleId }) => `${plainLine(shown, 300)}:${line} (${plainLine(ruleId, 100)})`,
    );
  const more = standing.length > named.length ? ` and ${standing.length - named.length} more` : '';
  const open = named.length === 0 ? [] : [`Still there: ${named.join(', ')}${more}.`];
  const parts = [...done, ...open];
  return parts.length === 0
    ? []
    : [`Of the warnings that rules gave earlier in this session: ${parts.join(' ')}`];
}
