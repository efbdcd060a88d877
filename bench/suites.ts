/** Names of the benchmark suites, apart from what they load. */
export const SUITES = [
  'engine',
  'hook',
  'linear',
  'scan',
  'rivals',
  'snapshot',
  'corpus',
  'latency',
] as const;
export type Suite = (typeof SUITES)[number];

/** What runs when none is named: scan and rivals want a folder of the user's, latency takes minutes. */
export const DEFAULT_SUITES: readonly Suite[] = ['engine', 'hook', 'linear'];
