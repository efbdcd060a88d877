/** Rule hits and earlier findings as lines for the prompt: bounded, redacted, one line each. */
import { byteLength, firstBytes, visible } from './pack-text.ts';
import type { Redactor } from './redact.ts';

/** What a rule found in this turn's changes. */
export interface Candidate {
  /** As the review names the file, its repository in front where there are several. */
  readonly path: string;
  readonly line: number;
  readonly ruleId: string;
  readonly title: string;
}

/** What was told before, in this session or about a commit. */
export interface Earlier {
  readonly path: string;
  readonly category: string;
  readonly title: string;
}

const MAX_ENTRIES = 60;
const MAX_ENTRY_BYTES = 300;

/** `path:line rule-id: title`, in the order given; empty when there are none. */
export function renderCandidates(
  candidates: readonly Candidate[],
  redactor: Pick<Redactor, 'redact'>,
): string {
  return listed(
    candidates.map(({ path, line, ruleId, title }) => `${path}:${line} ${ruleId}: ${title}`),
    redactor,
  );
}

/** `path category: title`, in the order given; empty when there are none. */
export function renderEarlier(
  earlier: readonly Earlier[],
  redactor: Pick<Redactor, 'redact'>,
): string {
  return listed(
    earlier.map(({ path, category, title }) => `${path} ${category}: ${title}`),
    redactor,
  );
}

function listed(entries: readonly string[], redactor: Pick<Redactor, 'redact'>): string {
  const lines = entries.slice(0, MAX_ENTRIES).map((entry) => {
    const shown = visible(redactor.redact(entry));
    const cut = byteLength(shown) > MAX_ENTRY_BYTES;
    return `${cut ? `${firstBytes(shown, MAX_ENTRY_BYTES)}…` : shown}\n`;
  });
  const more = entries.length - lines.length;
  return lines.join('') + (more > 0 ? `(${more} more are not listed)\n` : '');
}
