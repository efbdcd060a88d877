/** Names of the benchmark suites, apart from what they load. */
export const SUITES = ['engine', 'hook', 'linear', 'scan'] as const;
export type Suite = (typeof SUITES)[number];
