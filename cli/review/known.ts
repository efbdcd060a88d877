/** What a review made of findings that are known from earlier ones. */
import { plainLine } from '../../engine/text/plain.ts';
import type { Kept } from '../../host/findings/memory.ts';
import { resolvedLine } from '../../orchestrator/report.ts';
import { counted } from '../words.ts';

/** Nothing where nothing was known. */
export function keptText(kept: Kept | undefined): string {
  if (kept === undefined) return '';
  const { resolved, dismissed } = kept;
  const lines = resolved.map(({ finding, evidence }) =>
    plainLine(resolvedLine(finding, evidence), 1_000),
  );
  if (dismissed > 0)
    lines.push(
      `${counted(dismissed, 'finding')} not told: accepted, or called false. See: sg findings`,
    );
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}
