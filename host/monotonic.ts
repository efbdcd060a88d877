/**
 * A clock that all threads of a process share and nobody can set, in milliseconds. Not by `performance`, which a short
 * process waits for longer than for most of what it does.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
