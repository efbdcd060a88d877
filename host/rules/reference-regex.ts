/** Puts a Python regular expression where it is matched best: into RE2, or into the lookaround matcher. */
import { compileAutomaton } from '../../engine/automaton/matcher.ts';
import type { PatternError } from '../../engine/regex/ast.ts';
import { requiredLiterals } from '../../engine/regex/literals.ts';
import { printRe2 } from '../../engine/regex/print-re2.ts';
import { parsePython, type PatternNote } from '../../engine/regex/python-parse.ts';
import { PYTHON_WORD } from '../../engine/regex/python-unicode.ts';
import { NOT_NEWLINE } from '../../engine/regex/ranges.ts';

export type ReferenceRegex =
  | {
      readonly ok: true;
      /** `patterns`: RE2 syntax. `lookaround`: Python syntax. */
      readonly field: 'patterns' | 'lookaround';
      readonly pattern: string;
      readonly notes: readonly PatternNote[];
    }
  | { readonly ok: false; readonly error: PatternError };

/**
 * RE2 takes what it can express exactly. What it would decide otherwise on non-ASCII text (`\b`, `\w`)
 * goes to the lookaround matcher, which is exact but slower, unless the pattern has no literal and so
 * would be tried on every file.
 */
export function convertRegex(source: string, ignoreCase: boolean): ReferenceRegex {
  const parsed = parsePython(source, { ignoreCase });
  if (!parsed.ok) return parsed;
  const { node, notes } = parsed;
  // "." means "any edit in these files": a match for each line, not for each character.
  if (node.kind === 'class' && node.ranges.join() === NOT_NEWLINE.join()) {
    return { ok: true, field: 'patterns', pattern: '[^\\n]+', notes };
  }
  const printed = printRe2(node);
  if (printed.ok) {
    const exact = printed.differences.length === 0;
    if (exact || requiredLiterals(node) === undefined) {
      return { ok: true, field: 'patterns', pattern: printed.pattern, notes };
    }
  }
  const compiled = compileAutomaton(node, PYTHON_WORD);
  if (compiled.ok) {
    return { ok: true, field: 'lookaround', pattern: ignoreCase ? `(?i)${source}` : source, notes };
  }
  if (printed.ok) return { ok: true, field: 'patterns', pattern: printed.pattern, notes };
  return { ok: false, error: { ...compiled.error, length: source.length } };
}

/** RE2 alone, for conditions; lookaround is refused. */
export function convertCondition(source: string, ignoreCase: boolean): ReferenceRegex {
  const parsed = parsePython(source, { ignoreCase });
  if (!parsed.ok) return parsed;
  const printed = printRe2(parsed.node);
  if (!printed.ok) return printed;
  return { ok: true, field: 'patterns', pattern: printed.pattern, notes: parsed.notes };
}
