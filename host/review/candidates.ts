/** What the rules say about the files under review: hints for the model, and for people beside its answer. */
import type { Scanner } from '../../engine/scanner.ts';
import type { Rule } from '../../engine/rule.ts';
import { introduced } from '../../engine/novelty.ts';
import type { Candidate } from '../../orchestrator/candidates.ts';
import type { ChangeSet } from '../../orchestrator/change.ts';
import { shownPath } from '../../orchestrator/reviewable.ts';

/** Only what a change introduced. */
export function findCandidates(
  changes: ChangeSet,
  scanner: Pick<Scanner, 'scan'>,
  rules: readonly Rule[],
): Candidate[] {
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  return changes.files.flatMap((file) => {
    if (file.after === undefined) return [];
    const after = scanner.scan(file.path, file.after).findings;
    const before =
      file.before === undefined || after.length === 0
        ? []
        : scanner.scan(file.oldPath ?? file.path, file.before).findings;
    return introduced(before, after).flatMap(({ ruleId, start }) => {
      const title = titles.get(ruleId);
      return title === undefined
        ? []
        : [{ path: shownPath(file), line: start.line, ruleId, title }];
    });
  });
}
