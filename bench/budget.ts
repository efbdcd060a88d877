/**
 * Bounds on measures: a JSON object of measure names and numbers. A name that ends with `*` bounds every
 * measure that begins with what stands before it. Whether a bound is a floor or a ceiling is the measure's
 * matter: a speedup has to reach it, a cost must not pass it.
 */
import { formatMeasure, type Measure } from './measure.ts';

export interface Budget {
  readonly name: string;
  readonly bound: number;
  /** 1-based, in the file. */
  readonly line: number;
}

export type ParsedBudgets =
  | { readonly ok: true; readonly file: string; readonly budgets: readonly Budget[] }
  | { readonly ok: false; readonly message: string };

/** `file` is what messages call it. */
export function parseBudgets(file: string, text: string): ParsedBudgets {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(`${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused(`${file}: expected an object of measure names and numbers`);
  }
  const lines = text.split('\n');
  const budgets: Budget[] = [];
  for (const [name, bound] of Object.entries(value)) {
    const line = lines.findIndex((each) => each.includes(JSON.stringify(name))) + 1;
    if (typeof bound !== 'number' || !Number.isFinite(bound)) {
      const got = JSON.stringify(bound);
      return refused(`${file}:${line}: ${JSON.stringify(name)} is ${got}, expected a number`);
    }
    budgets.push({ name, bound, line });
  }
  return { ok: true, file, budgets };
}

function refused(message: string): ParsedBudgets {
  return { ok: false, message };
}

/** A budget that does not hold: `measure` is outside, or absent when nothing of that name was measured. */
export interface Broken {
  readonly budget: Budget;
  readonly measure?: Measure;
}

/** Judges the budgets of the suites that ran; a name is a suite's by what stands before its first `/`. */
export function judge(
  budgets: readonly Budget[],
  measures: readonly Measure[],
  suites: readonly string[],
): Broken[] {
  return budgets
    .filter(({ name }) => suites.includes(name.split('/', 1)[0] ?? ''))
    .flatMap((budget): Broken[] => {
      const bounded = measures.filter(({ name }) => covers(budget.name, name));
      if (bounded.length === 0) return [{ budget }];
      return bounded
        .filter((measure) => !isWithin(measure, budget.bound))
        .map((measure) => ({ budget, measure }));
    });
}

function covers(budget: string, measure: string): boolean {
  return budget.endsWith('*') ? measure.startsWith(budget.slice(0, -1)) : measure === budget;
}

/** A value that is no number keeps no bound. */
function isWithin({ value, better }: Measure, bound: number): boolean {
  return better === 'lower' ? value <= bound : value >= bound;
}

/** The line of the budget file that does not hold, and why. */
export function describeBroken(file: string, { budget, measure }: Broken): string {
  const line = `${file}:${budget.line}: "${budget.name}": ${budget.bound}`;
  if (measure === undefined) return `${line}: nothing of that name was measured`;
  const bound = formatMeasure(measure, budget.bound);
  const kind = measure.better === 'lower' ? 'at most' : 'at least';
  const name = measure.name === budget.name ? '' : `${measure.name} `;
  return `${line}: ${name}is ${formatMeasure(measure, measure.value)}, expected ${kind} ${bound}`;
}
