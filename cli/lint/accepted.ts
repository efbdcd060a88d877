/** `# sg-lint-ignore: code -- reason` in a rule file: accepted warnings, each with its reason. */
import type { Diagnostic } from './diagnostic.ts';

const COMMENT = /#\s*sg-lint-ignore:\s*([a-z-]+(?:\s*,\s*[a-z-]+)*)\s+--\s+\S/;

/** Whether the line of a warning, or the line above it, accepts it. An error is never accepted. */
export function isAccepted({ level, line, code }: Diagnostic, lines: readonly string[]): boolean {
  if (level === 'error' || line === undefined) return false;
  return [lines[line - 1], lines[line - 2]].some((text = '') =>
    COMMENT.exec(text)?.[1]
      ?.split(/\s*,\s*/)
      .includes(code),
  );
}
