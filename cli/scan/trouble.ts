/** What was not scanned, for stderr. */
import { escapeControls } from '../escape.ts';
import type { ReportEnd } from '../report/model.ts';

export function troubleLines(report: ReportEnd): string[] {
  return [
    ...report.notScanned.map(
      ({ path, reason }) => `not scanned: ${escapeControls(path)}: ${escapeControls(reason)}`,
    ),
    ...report.incomplete.map(
      ({ path, reason, ruleId }) =>
        `scanned in part: ${escapeControls(path)}: ${ruleId === undefined ? '' : `rule ${ruleId}: `}${escapeControls(reason)}`,
    ),
  ];
}
