/** Splits findings into shown and hidden, and reports suppressions that hide nothing or give no reason. */
import type { Finding, Position, SuppressedFinding } from '../finding.ts';
import type { Suppression } from './parse.ts';

/** Ids of the two findings about suppressions themselves. */
export const WITHOUT_REASON = 'suppression-without-reason';
export const UNUSED = 'unused-suppression';

export interface SuppressionContext {
  readonly path: string;
  /** A suppression of a rule that did not run here cannot be called unused. */
  readonly ran: (ruleId: string) => boolean;
  readonly position: (offset: number) => Position;
  readonly snippet: (offset: number) => string;
}

export interface Applied {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
}

/** A finding is hidden by a suppression of its rule on any of its lines, or alone on the line above. */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  context: SuppressionContext,
): Applied {
  if (suppressions.length === 0) return { findings, suppressed: [] };
  const used = new Map<Suppression, Set<string>>();
  const shown: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  const byLine = indexByLine(suppressions);
  for (const finding of findings) {
    const by = suppressionOf(finding, byLine);
    if (by === undefined) {
      shown.push(finding);
      continue;
    }
    used.set(by, (used.get(by) ?? new Set()).add(finding.ruleId));
    if (by.reason === undefined) shown.push(finding);
    else suppressed.push({ finding, reason: by.reason, line: by.line });
  }
  for (const suppression of suppressions) {
    if (suppression.reason === undefined) {
      shown.push(about(WITHOUT_REASON, suppression, suppression.ruleIds, context));
      continue;
    }
    const idle = suppression.ruleIds.filter(
      (id) => used.get(suppression)?.has(id) !== true && context.ran(id),
    );
    if (idle.length > 0) shown.push(about(UNUSED, suppression, idle, context));
  }
  return { findings: shown, suppressed };
}

/** By line and rule. */
type SuppressionIndex = ReadonlyMap<string, Suppression>;

/** A suppression counts on its own line and on the one that it reaches; between them are only comments. */
function indexByLine(suppressions: readonly Suppression[]): SuppressionIndex {
  const index = new Map<string, Suppression>();
  for (const suppression of suppressions) {
    for (const line of [suppression.from, suppression.to]) {
      for (const ruleId of suppression.ruleIds) {
        const name = `${line}:${ruleId}`;
        if (!index.has(name)) index.set(name, suppression);
      }
    }
  }
  return index;
}

/** Longer matches are looked at this far from their first line. */
const MAX_LINES = 200;

function suppressionOf(
  { ruleId, start, end }: Finding,
  index: SuppressionIndex,
): Suppression | undefined {
  for (let line = start.line; line <= Math.min(end.line, start.line + MAX_LINES); line++) {
    const found = index.get(`${line}:${ruleId}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function about(
  ruleId: string,
  suppression: Suppression,
  ids: readonly string[],
  context: SuppressionContext,
): Finding {
  return {
    ruleId,
    path: context.path,
    severity: 'low',
    confidence: 'high',
    start: context.position(suppression.start),
    end: context.position(suppression.end),
    snippet: context.snippet(suppression.start),
    key: `${ruleId}\0${ids.join(',')}`,
  };
}
