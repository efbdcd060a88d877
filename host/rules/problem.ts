/** What is wrong with a rule file, or read in another way than its author may expect. */

/** A place in a rule file, both 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface RuleFileProblem {
  /**
   * `error`: a rule or a file is not loaded. `warning`: loaded, but a part of it is left out or replaced.
   * `note`: loaded as it was meant, where the Python plugin would have done something else.
   */
  readonly level: 'error' | 'warning' | 'note';
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Id of the rule, where it has come so far as to have one. */
  readonly ruleId?: string;
  /** What was got and what was expected, or what was meant. */
  readonly reason: string;
  /** What was done about it. */
  readonly action: string;
}

/** `file:line:column: level: reason; action`, as far as the place is known. */
export function formatRuleFileProblem(problem: RuleFileProblem): string {
  const place = problem.line === undefined ? '' : `:${problem.line}:${problem.column ?? 1}`;
  const rule = problem.ruleId === undefined ? '' : ` [${problem.ruleId}]`;
  return `${problem.file}${place}: ${problem.level}: ${problem.reason}; ${problem.action}${rule}`;
}

/** A value as it is shown in a message: JSON, cut to 60 characters. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = Array.from(JSON.stringify(value) ?? 'something that is no data');
  return text.length > 60 ? `${text.slice(0, 57).join('')}…` : text.join('');
}

/** The known name that `name` most likely means: at most two edits away, or written with `_` for `-`. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = name.toLowerCase().replaceAll('_', '-');
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(plain, candidate.toLowerCase().replaceAll('_', '-'));
    if (distance < (best?.distance ?? 3)) best = { name: candidate, distance };
  }
  return best?.name;
}

function editDistance(a: string, b: string): number {
  // Names are short; what is longer is no misspelling of one.
  if (Math.abs(a.length - b.length) > 2 || a.length > 40) return 3;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 3;
}
