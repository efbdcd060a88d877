/** How long an endpoint asks to be left alone. */

/**
 * Milliseconds from `retry-after-ms`, or `retry-after` in seconds or as an HTTP date; uncapped and never
 * negative. Undefined when absent or neither.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const exact = amount(headers.get('retry-after-ms'));
  if (exact !== undefined) return exact;
  const value = headers.get('retry-after');
  const seconds = amount(value);
  if (seconds !== undefined) return seconds * 1000;
  const date = value === null ? Number.NaN : Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function amount(value: string | null): number | undefined {
  if (value === null || value.length > 20 || !/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return undefined;
  return Number(value);
}
