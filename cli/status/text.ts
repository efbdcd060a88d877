/** `sg status` for people and for programs. */
import { explainAttempt, codeNameOf } from '../../host/service/health/attempts.ts';
import type { Attempt } from '../../host/service/health/attempts.ts';
import { escapeControls } from '../escape.ts';
import type { Style } from '../style.ts';
import type { LogReport, StatusReport } from './report.ts';
import { reviewLines, reviewsJson } from './reviews.ts';
import type { ServiceState, ServiceStatus } from './service.ts';
import { bytes, counted, duration, tally } from '../words.ts';

const SHOWN_ATTEMPTS = 5;

export function statusText(report: StatusReport, now: number, style: Style): string {
  const lines = [
    ...checkingLines(report),
    ...section('Service', serviceLines(report.service, style), style),
    ...section('Starts', startLines(report, now), style),
    ...section('Log', logLines(report.log, now), style),
    ...section('Reviews', reviewLines(report.reviews, now), style),
  ];
  return `${lines.join('\n')}\n`;
}

function checkingLines({ version, checking, stateDir }: StatusReport): string[] {
  const edits = checking ? 'edits are checked' : 'switched off: edits are not checked';
  const state = stateDir === undefined ? 'no state folder' : `state in ${stateDir}`;
  return [escapeControls(`security-guidance ${version}: ${edits}, ${state}`)];
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return ['', style.bold(title), ...lines.map((line) => `  ${line}`)];
}

function serviceLines(service: ServiceState, style: Style): string[] {
  if (service.kind === 'off')
    return ['switched off by SG_SERVICE=0: every hook works in its own process'];
  if (service.kind === 'running') return runningLines(service.status, style);
  return [
    `not running (${escapeControls(stoppedReason(service.code))})`,
    'hooks check edits in their own process; the next session or edit starts the service',
  ];
}

/** Why nothing answers, in words. */
export function stoppedReason(code: string): string {
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no socket',
    ECONNREFUSED: 'the socket has no owner',
    ENOTSOCK: 'something else is in the place of the socket',
    EACCES: 'permission denied',
    ENOTDIR: 'a part of the path is not a folder',
    TIMEOUT: 'it does not answer',
    BAD_REPLY: 'what answers is no service of ours',
  };
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code;
}

function runningLines(status: ServiceStatus, style: Style): string[] {
  const { pid, startedAt, uptimeMs, rssBytes, workers, rules, latencyMs } = status;
  const since = startedAt === undefined ? '' : ` since ${startedAt}`;
  const age = uptimeMs === undefined ? '' : ` (${duration(uptimeMs)})`;
  const facts = [
    rules === undefined ? undefined : counted(rules, 'rule'),
    status.customRuleSets === undefined
      ? undefined
      : `custom rules of ${counted(status.customRuleSets, 'project')}`,
    workers === undefined ? undefined : counted(workers, 'worker'),
    status.restarts === undefined ? undefined : `${status.restarts} replaced`,
    rssBytes === undefined ? undefined : `${bytes(rssBytes)} of memory`,
  ].filter((fact) => fact !== undefined);
  const times = latencyMs === undefined ? [] : Object.entries(latencyMs);
  const head = `version ${status.version}, process ${pid ?? 'unknown'}${since}${age}`;
  const lines = [
    facts.join(', '),
    `edits: ${tally(Object.entries(status.edits)) || 'none yet'}`,
    times.length === 0
      ? ''
      : `time in the service, ms: ${tally(times.map(([name, ms]) => [name, round(ms)]))}`,
    `skipped: ${tally(Object.entries(status.skipped)) || 'nothing'}`,
    `background: ${tally(Object.entries(status.background)) || 'nothing'}`,
    ...status.problems.map((problem) => `rule file: ${problem}`),
  ].filter((line) => line !== '');
  return [`${style.good('running')}: ${escapeControls(head)}`, ...lines.map(escapeControls)];
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

function startLines({ health, cooldown }: StatusReport, now: number): string[] {
  const lines: string[] = [];
  if (cooldown !== undefined) {
    const next =
      cooldown.nextTryMs === 0 ? 'with the next edit' : `in ${duration(cooldown.nextTryMs)}`;
    lines.push(
      `resting: a start was killed (${cooldown.signal}) at ${cooldown.since}; next try ${next}, or now by "sg doctor --probe"`,
    );
  }
  if (health.corrupt !== undefined) lines.push(`health.json was not usable: ${health.corrupt}`);
  const shown = health.attempts.slice(-SHOWN_ATTEMPTS).toReversed();
  lines.push(...shown.map((attempt) => attemptLine(attempt, now)));
  if (lines.length === 0) lines.push('none yet');
  return lines.map(escapeControls);
}

/** One attempt in one line, with what it means when it failed. */
export function attemptLine(attempt: Attempt, now: number): string {
  const last = attempt.lastAt ?? attempt.at;
  const ago = now - Date.parse(last);
  const when = ago < 0 ? last : `${duration(ago)} ago`;
  const took = attempt.durationMs === undefined ? '' : ` after ${duration(attempt.durationMs)}`;
  const times = attempt.times === undefined ? '' : `, ${attempt.times} times in a row`;
  const probe = attempt.probe ? ' (probe)' : '';
  const outcome =
    attempt.outcome === 'begun' ? 'under way, or died with its starter' : attempt.outcome;
  const head = `${when}: ${outcome}${probe}${attempt.outcome === 'failed' ? took : ''}${times}`;
  if (attempt.outcome !== 'failed') return head;
  const meaning = explainAttempt(attempt)?.meaning ?? 'a failure that a newer version knows';
  const name = codeNameOf(attempt) ?? 'unknown';
  const details = [
    attempt.phase === undefined ? undefined : `phase ${attempt.phase}`,
    `code ${attempt.code ?? 'none'} ${name}`,
    attempt.exceptionType,
    attempt.errno,
    attempt.signal,
    attempt.exitCode === undefined ? undefined : `exit ${attempt.exitCode}`,
    attempt.bucket === undefined ? undefined : `bucket ${attempt.bucket}`,
  ].filter((detail) => detail !== undefined);
  return `${head}: ${meaning} [${details.join(', ')}]`;
}

function logLines(log: LogReport, now: number): string[] {
  if (log.path === undefined) return ['none: there is no state folder'];
  const path = escapeControls(log.path);
  if (log.problem !== undefined) return [`${path}: ${escapeControls(log.problem)}`];
  if (log.bytes === undefined) return [`${path}: not written yet`];
  const { lastError } = log;
  const error =
    lastError === undefined
      ? []
      : [
          `last error ${duration(now - lastError.time)} ago: ${lastError.event}${lastError.reason === undefined ? '' : `: ${lastError.reason}`}`,
        ];
  return [
    `${path}: ${bytes(log.bytes)}`,
    escapeControls(`last 24 hours: ${tally(log.events) || 'nothing'}`),
    ...error.map(escapeControls),
  ];
}

export function statusJson(report: StatusReport): string {
  const { service, health, log } = report;
  return `${JSON.stringify(
    {
      version: 1,
      program: report.version,
      checking: report.checking,
      stateDir: report.stateDir ?? null,
      service:
        service.kind === 'running'
          ? { state: 'running', ...service.status, latencyMs: service.status.latencyMs ?? null }
          : { state: service.kind, reason: service.kind === 'stopped' ? service.code : null },
      cooldown: report.cooldown ?? null,
      attempts: health.attempts.map((attempt) => ({
        ...attempt,
        codeName: codeNameOf(attempt) ?? null,
      })),
      log: {
        path: log.path ?? null,
        bytes: log.bytes ?? null,
        problem: log.problem ?? null,
        events: Object.fromEntries(log.events),
        lastError:
          log.lastError === undefined
            ? null
            : { ...log.lastError, time: new Date(log.lastError.time).toISOString() },
      },
      reviews: reviewsJson(report.reviews),
    },
    null,
    2,
  )}\n`;
}
