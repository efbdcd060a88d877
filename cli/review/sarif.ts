/** The SARIF report of a review: one rule a weakness, since a model has no rules of its own. */
import { plainLine } from '../../engine/text/plain.ts';
import { CATEGORIES } from '../../orchestrator/cwe.ts';
import { REVIEW_CONFIDENCES, REVIEW_SEVERITIES } from '../../orchestrator/finding.ts';
import type {
  Coverage,
  ReviewFinding,
  ReviewOutcome,
  TraceStep,
} from '../../orchestrator/finding.ts';
import { bySeverity, notReviewedLine } from '../../orchestrator/report.ts';
import { shownPath } from '../../orchestrator/reviewable.ts';
import {
  artifact,
  cweRelationships,
  cweUri,
  LEVELS,
  sarifLog,
  SCORES,
  tagsOf,
} from '../report/sarif-log.ts';
import type { Json } from '../report/sarif-log.ts';

/** `root` is the absolute path of the repository, `more` what a result has beside the finding. Changes without a verdict have no list of results. */
export function reviewSarif(
  outcome: ReviewOutcome,
  root: string,
  more: (finding: ReviewFinding) => Json = () => ({}),
): string {
  const findings = outcome.kind === 'findings' ? bySeverity(outcome.findings) : [];
  const cwes = [...new Set(findings.map(({ cwe }) => cwe))];
  const rules = cwes.map((cwe) =>
    descriptor(
      cwe,
      findings.filter((finding) => finding.cwe === cwe),
    ),
  );
  const reviewed = outcome.kind !== 'not-reviewed';
  return sarifLog({
    root,
    rules,
    cwes,
    successful: reviewed,
    notifications: reviewed ? leftOut(outcome.coverage) : [noVerdict(outcome)],
    results: reviewed
      ? findings.map((finding) => ({
          ...result(finding, cwes.indexOf(finding.cwe), root),
          ...more(finding),
        }))
      : undefined,
    ...(outcome.usage !== undefined && { properties: { usage: outcome.usage } }),
  });
}

function ruleId(cwe: string): string {
  return `review-${cwe.toLowerCase()}`;
}

function descriptor(cwe: string, findings: readonly ReviewFinding[]): Json {
  const names = Object.entries(CATEGORIES)
    .filter(([, number]) => number === cwe)
    .map(([category]) => category);
  const weakness = names.map((name) => name.replaceAll('-', ' ')).join(', ');
  const what = `A model that reviewed the change reports ${cwe}: ${weakness}. The code that it quotes is there; whether the finding holds is for you to judge.`;
  const fixes = new Set(
    findings.map((finding) => `${placeOf(finding)}: ${plain(finding.fix, 1_000)}`),
  );
  const severity = REVIEW_SEVERITIES.findLast((each) =>
    findings.some((finding) => finding.severity === each),
  );
  const precision = REVIEW_CONFIDENCES.find((each) =>
    findings.some((finding) => finding.confidence === each),
  );
  return {
    id: ruleId(cwe),
    name: names
      .flatMap((name) => name.split('-'))
      .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
      .join(''),
    shortDescription: { text: `${cwe}: ${weakness}` },
    fullDescription: { text: what },
    help: { text: [what, 'Fix:', ...fixes].join('\n') },
    helpUri: cweUri(cwe),
    defaultConfiguration: { level: LEVELS[severity ?? 'medium'] },
    ...cweRelationships(cwe),
    properties: {
      tags: tagsOf(cwe),
      precision,
      'security-severity': SCORES[severity ?? 'medium'],
      cwe,
    },
  };
}

function result(finding: ReviewFinding, ruleIndex: number, root: string): Json {
  const { cwe, severity, confidence, line, endLine, quote, key, category, place } = finding;
  const { trace = [], verdict, past } = finding;
  return {
    ruleId: ruleId(cwe),
    ruleIndex,
    level: LEVELS[severity],
    message: {
      text: `${plain(finding.title, 200)}. Attack: ${plain(finding.attack, 1_000)} Fix: ${plain(finding.fix, 1_000)}`,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(shownPath(finding), root),
          region: {
            startLine: line,
            ...(endLine !== undefined && { endLine }),
            snippet: { text: quote },
          },
        },
      },
    ],
    ...(trace.length > 0 && {
      codeFlows: [{ threadFlows: [{ locations: trace.map((step) => stepOf(step, root)) }] }],
    }),
    partialFingerprints: { 'sgReview/v1': key },
    properties: {
      cwe,
      category,
      severity,
      confidence,
      place,
      ...(verdict && { verdict }),
      ...(past && { past }),
    },
  };
}

function stepOf({ path, line, note }: TraceStep, root: string): Json {
  return {
    location: {
      physicalLocation: {
        artifactLocation: artifact(path, root),
        region: { startLine: line },
      },
      message: { text: plain(note, 200) },
    },
  };
}

function noVerdict({ reason, detail }: Extract<ReviewOutcome, { kind: 'not-reviewed' }>): Json {
  const text = notReviewedLine(reason, detail);
  return { level: 'error', message: { text: escaped(text) }, descriptor: { id: reason } };
}

/** Most of it is left out by intent, as documents are. */
function leftOut({ left }: Coverage): Json[] {
  return left.map(({ path, reason }) => ({
    level: 'note',
    message: { text: `Not reviewed: ${plain(path, 300)}: ${plain(reason, 200)}` },
  }));
}

function placeOf(finding: ReviewFinding): string {
  return `${plain(shownPath(finding), 300)}:${finding.line}`;
}

function plain(text: string, max: number): string {
  return escaped(plainLine(text, max));
}

/** A message may hold links in brackets, and a model's text must not make one. */
function escaped(text: string): string {
  return text.replaceAll(/[\\[\]]/g, String.raw`\$&`);
}
