/**
 * Figures that go with a hook's answer. The host takes booleans and finite numbers under short lower-case
 * names, drops the lot for one value of another kind, and keeps the first twenty. The same facts give the
 * same bytes, whoever answers.
 */
import type { Rule } from '../engine/rule.ts';

export type MetricValue = boolean | number;
/** At most `MAX_METRICS`, the most important first. */
export type Metrics = Readonly<Record<string, MetricValue>>;

export const MAX_METRICS = 20;

const KEY = /^[a-z][a-z0-9_]{0,39}$/;

/**
 * Builds metrics from rows in order of importance. A row without a value is left out, as are names and
 * values that the host refuses, names that came before, and what is beyond the twentieth.
 */
export function buildMetrics(
  rows: Iterable<readonly [name: string, value: MetricValue | undefined]>,
): Metrics {
  const metrics: Record<string, MetricValue> = {};
  let count = 0;
  for (const [name, value] of rows) {
    if (count === MAX_METRICS) break;
    if (!KEY.test(name) || Object.hasOwn(metrics, name) || !isMetric(value)) continue;
    metrics[name] = value;
    count += 1;
  }
  return metrics;
}

function isMetric(value: unknown): value is MetricValue {
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

/**
 * Numbers that the Python plugin gave its rules; never changed. A rule of ours that covers one of them
 * names it as its `parity`.
 */
const PARITY_NUMBERS: Readonly<Record<string, number>> = {
  github_actions_workflow: 1,
  child_process_exec: 2,
  new_function_injection: 3,
  eval_injection: 4,
  react_dangerously_set_html: 5,
  document_write_xss: 6,
  innerHTML_xss: 7,
  pickle_deserialization: 8,
  os_system_injection: 9,
  python_subprocess_shell: 10,
  go_exec_shell_injection: 11,
  unsafe_yaml_load: 12,
  node_createcipher_no_iv: 13,
  aes_ecb_mode: 14,
  tls_verification_disabled: 15,
  marshal_loads: 16,
  shelve_open: 17,
  xml_unsafe_parse: 18,
  pickle_variants_load: 19,
  outerHTML_xss: 20,
  insertAdjacentHTML_xss: 21,
  script_src_without_sri: 22,
  torch_unsafe_load: 23,
  yaml_unsafe_load_variants: 24,
  pickle_wrapper_load: 25,
};

/** A user's own rule. */
const OF_USER = -1;
/** A built-in rule that the Python plugin has no counterpart of. */
const WITHOUT_NUMBER = 0;

/** Number of a rule in metrics: 1 to 25, 0 for other built-in rules, -1 for users' own. */
export function ruleNumber({ origin, parity }: Pick<Rule, 'origin' | 'parity'>): number {
  if (origin !== 'builtin') return OF_USER;
  if (parity === undefined || !Object.hasOwn(PARITY_NUMBERS, parity)) return WITHOUT_NUMBER;
  return PARITY_NUMBERS[parity] ?? WITHOUT_NUMBER;
}

/** What the check after an edit found and did not get to. */
export interface PatternFacts {
  /** Rules that were told, in the order of the text; a rule of two files counts twice. */
  readonly told: readonly Pick<Rule, 'origin' | 'parity'>[];
  /** Rules that could not be evaluated in full. */
  readonly incomplete: number;
  /** Problems of users' rule files that were told. */
  readonly ruleProblems: number;
  /** Version of the plugin. */
  readonly version: string;
}

/**
 * Metrics of the check after an edit; empty when there is nothing to tell. `rule_id` is the first rule's
 * number; bit n-1 of `rule_mask` stands for number n.
 */
export function patternMetrics({ told, incomplete, ruleProblems, version }: PatternFacts): Metrics {
  if (told.length + incomplete + ruleProblems === 0) return {};
  const numbers = told.map(ruleNumber);
  const mask = new Set(numbers.filter((number) => number > 0));
  const count = (wanted: number): number | undefined =>
    numbers.filter((number) => number === wanted).length || undefined;
  return buildMetrics([
    ['pattern_hits', told.length],
    ['rule_id', numbers[0]],
    ['rule_mask', [...mask].reduce((sum, number) => sum + 2 ** (number - 1), 0)],
    ['incomplete_rules', incomplete || undefined],
    ['user_rule_hits', count(OF_USER)],
    ['other_rule_hits', count(WITHOUT_NUMBER)],
    ['rule_problems', ruleProblems || undefined],
    ['pv', versionNumber(version)],
  ]);
}

/** `major * 10000 + minor * 100 + patch`; undefined for what is no version. */
export function versionNumber(version: string): number | undefined {
  const [, major, minor, patch] = /^(\d{1,6})\.(\d{1,2})\.(\d{1,2})(?:$|[-+])/.exec(version) ?? [];
  if (major === undefined) return undefined;
  return Number(major) * 10_000 + Number(minor) * 100 + Number(patch);
}
