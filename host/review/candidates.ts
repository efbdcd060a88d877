/** What the rules say about the files under review: hints for the model, and for people beside its answer. */
import type { Finding } from '../../engine/finding.ts';
import type { Scanner } from '../../engine/scanner.ts';
import type { Rule } from '../../engine/rule.ts';
import { introduced } from '../../engine/novelty.ts';
import type { Candidate } from '../../orchestrator/candidates.ts';
import type { ChangedFile, ChangeSet } from '../../orchestrator/change.ts';
import { shownPath } from '../../orchestrator/reviewable.ts';

/** What `scan` finds in a changed file and did not find before the change. */
export function introducedBy(
  file: ChangedFile,
  scan: (path: string, bytes: Uint8Array) => readonly Finding[],
): readonly Finding[] {
  if (file.after === undefined) return [];
  const after = scan(file.path, file.after);
  if (file.before === undefined || after.length === 0) return after;
  return introduced(scan(file.oldPath ?? file.path, file.before), after);
}

/** Only what a change introduced. */
export function findCandidates(
  changes: ChangeSet,
  scanner: Pick<Scanner, 'scan'>,
  rules: readonly Rule[],
): Candidate[] {
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  return changes.files.flatMap((file) =>
    introducedBy(file, (path, bytes) => scanner.scan(path, bytes).findings).flatMap(
      ({ ruleId, start }) => {
        const title = titles.get(ruleId);
        return title === undefined
          ? []
          : [{ path: shownPath(file), line: start.line, ruleId, title }];
      },
    ),
  );
}
