/** Plans Python patterns that RE2 cannot express, for `buildRuleSet`. */
import { planNode, type PlanResult } from '../match/plan.ts';
import { parsePython } from '../regex/python-parse.ts';
import { PYTHON_WORD } from '../regex/python-unicode.ts';
import { compileAutomaton } from './matcher.ts';

/** `source` is Python `re` syntax, as in `Rule.lookaround`. */
export function planLookaround(source: string): PlanResult {
  const parsed = parsePython(source);
  if (!parsed.ok) return parsed;
  const compiled = compileAutomaton(parsed.node, PYTHON_WORD);
  if (!compiled.ok) return compiled;
  return { ok: true, plan: planNode(source, parsed.node, compiled.matcher) };
}
