/** What `sg doctor` looked at, one line each. */

export type Level = 'ok' | 'warn' | 'fail';

export interface Check {
  /** What was looked at, a word or two. */
  readonly name: string;
  readonly level: Level;
  readonly message: string;
  /** What to do about it; for those that are not ok. */
  readonly action?: string;
}

export function ok(name: string, message: string): Check {
  return { name, level: 'ok', message };
}

export function warn(name: string, message: string, action: string): Check {
  return { name, level: 'warn', message, action };
}

export function fail(name: string, message: string, action: string): Check {
  return { name, level: 'fail', message, action };
}
