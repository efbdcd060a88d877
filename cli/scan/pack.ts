/** Which of a command's rules are searched for as the build packed them. */
import type { Rule } from '../../engine/rule.ts';

export interface SplitRules {
  /** Ids of those that are in the pack. */
  readonly only: ReadonlySet<string>;
  /** Those that no build has seen. */
  readonly own: readonly Rule[];
}

/** `packed`: ids of the pack. */
export function splitRules(rules: readonly Rule[], packed: readonly string[]): SplitRules {
  const ids = new Set(packed);
  const isBuiltin = ({ id, origin }: Rule): boolean => origin === 'builtin' && ids.has(id);
  return {
    only: new Set(rules.filter(isBuiltin).map(({ id }) => id)),
    own: rules.filter((rule) => !isBuiltin(rule)),
  };
}
