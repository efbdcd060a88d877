/** The resident service: does it answer, and how did its starts go. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../host/config.ts';
import { explainAttempt, readHealth } from '../../host/service/health/attempts.ts';
import type { Attempt } from '../../host/service/health/attempts.ts';
import { ping } from '../../host/service/health/ping.ts';
import { isOlder, VERSION } from '../../host/service/health/version.ts';
import { serviceDir } from '../../host/service/paths.ts';
import type { Io } from '../io.ts';
import { cooldownReport } from '../status/report.ts';
import { attemptLine, stoppedReason } from '../status/text.ts';
import { duration } from '../words.ts';
import { fail, ok, warn } from './check.ts';
import type { Check } from './check.ts';

const PING_MS = 1000;

export async function checkService(config: Config, now: number): Promise<Check[]> {
  if (!config.service)
    return [ok('service', 'switched off by SG_SERVICE=0: hooks work in their own process')];
  if (config.stateDir === undefined) return [];
  const dir = serviceDir(config.stateDir);
  const begun = performance.now();
  const pong = await ping(dir, PING_MS);
  const ms = Math.max(1, Math.round(performance.now() - begun));
  return [
    pong.kind === 'version' ? runningCheck(pong.version, ms) : stoppedCheck(pong.code),
    startsCheck(dir, now, pong.kind === 'version'),
  ];
}

function runningCheck(version: string, ms: number): Check {
  if (isOlder(version, VERSION)) {
    return warn(
      'service',
      `version ${version} runs, sg is ${VERSION}`,
      'nothing: the next session replaces it; or run "sg doctor --probe"',
    );
  }
  return ok('service', `version ${version} answers in ${ms} ms`);
}

/** No service is slower, and nothing worse: a session starts one. */
function stoppedCheck(code: string): Check {
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR')
    return ok(
      'service',
      `not running (${stoppedReason(code)}); the next session or edit starts it`,
    );
  return warn(
    'service',
    `${stoppedReason(code)} (${code})`,
    'run "sg doctor --probe"; if that does not help, end the process that "sg status" or service.json names',
  );
}

function startsCheck(dir: string, now: number, running: boolean): Check {
  const health = readHealth(dir);
  const cooldown = cooldownReport(health, now);
  if (health.corrupt !== undefined) {
    return warn(
      'starts',
      `health.json is not usable: ${health.corrupt}`,
      'nothing: the next start puts it aside',
    );
  }
  const last = health.attempts.at(-1);
  if (cooldown !== undefined) {
    const reason = lastFailure(health.attempts);
    return warn(
      'starts',
      `resting until ${cooldown.until}, since a start was killed (${cooldown.signal})${reason === undefined ? '' : `: ${attemptLine(reason, now)}`}; next try in ${duration(cooldown.nextTryMs)}`,
      'see that the machine has memory left, then run "sg doctor --probe"; SG_SERVICE=0 does without',
    );
  }
  if (last === undefined) return ok('starts', 'none yet');
  const line = attemptLine(last, now);
  if (last.outcome !== 'failed' || running) return ok('starts', `last: ${line}`);
  return warn('starts', `last: ${line}`, explainAttempt(last)?.action ?? 'run "sg serve"');
}

function lastFailure(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.findLast(({ outcome }) => outcome === 'failed');
}

/** Starts the service, in a cooldown too, and says how that went. */
export async function probeService(config: Config, io: Io): Promise<Check> {
  const script = join(io.assets.plugin, 'service', 'start.js');
  if (!config.service)
    return warn('probe', 'switched off by SG_SERVICE=0', 'unset SG_SERVICE and try again');
  if (config.stateDir === undefined)
    return fail('probe', 'there is no state folder', 'set HOME or SECURITY_WARNINGS_STATE_DIR');
  if (!existsSync(script))
    return fail('probe', `${script} is missing`, 'build or install the package again');
  const result = await runStarter(script, serviceDir(config.stateDir), io);
  if (result === undefined)
    return fail('probe', 'the starter itself ended early', `run: node ${script}`);
  const outcome = 'outcome' in result ? result.outcome : undefined;
  if (outcome === 'started') return ok('probe', 'the service was started');
  if (outcome === 'already-running') return ok('probe', 'the service runs already');
  if (outcome === 'busy') return ok('probe', 'another start is under way');
  const attempt = readHealth(serviceDir(config.stateDir)).attempts.at(-1);
  const said = attempt?.outcome === 'failed' ? attemptLine(attempt, Date.now()) : 'no start';
  const action = attempt === undefined ? undefined : explainAttempt(attempt)?.action;
  return fail('probe', said, action ?? 'run "sg serve" to see what it says');
}

function runStarter(script: string, dir: string, io: Io): Promise<object | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, dir, '--probe', '--json'], {
      env: { ...io.env },
      stdio: ['ignore', 'pipe', 'ignore'],
      signal: io.signal,
      windowsHide: true,
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.on('error', () => resolve(undefined));
    child.on('close', () => {
      try {
        const value: unknown = JSON.parse(text);
        resolve(typeof value === 'object' && value !== null ? value : undefined);
      } catch {
        resolve(undefined);
      }
    });
  });
}
