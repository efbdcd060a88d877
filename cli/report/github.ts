/**
 * Workflow commands that GitHub shows as annotations:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
import type { Severity } from '../../engine/rule.ts';
import { createStyle } from '../style.ts';
import type { NotScanned, ReportedFinding, ReportWriter } from './model.ts';
import { summary } from './text.ts';

const LEVELS: Readonly<Record<Severity, string>> = {
  low: 'notice',
  medium: 'warning',
  high: 'error',
  critical: 'error',
};

/** One command a finding, and a line for people at the end. */
export function githubWriter(): ReportWriter {
  return {
    begin: () => '',
    findings: (found) => found.map(annotation).join(''),
    end: (end) =>
      [...end.notScanned, ...end.incomplete].map(trouble).join('') +
      `${summary(end, createStyle(false))}\n`,
  };
}

function annotation({ finding, rule }: ReportedFinding): string {
  const { start, end } = finding;
  const { what, why, fix } = rule.message;
  return command(
    LEVELS[finding.severity],
    {
      title: `${finding.ruleId}: ${rule.title}`,
      file: finding.path,
      line: start.line,
      endLine: end.line,
      // GitHub refuses columns of places on several lines.
      ...(start.line === end.line && { col: start.column, endColumn: end.column }),
    },
    `${what} ${why} ${fix}`.trim() || rule.title,
  );
}

function trouble({ path, reason }: NotScanned): string {
  return command('error', { title: 'Not scanned', file: path }, reason);
}

function command(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name} ${list.join(',')}::${escapeData(message)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(value: string | number): string {
  return escapeData(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
