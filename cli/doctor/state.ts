/** The state folder and the log. */
import { closeSync, lstatSync, openSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../host/config.ts';
import { codeEntry } from '../../host/service/health/codes.ts';
import { refusalOf } from '../../host/service/health/folder.ts';
import { codeOf, errnoOf } from '../../host/service/health/start-error.ts';
import { serviceDir } from '../../host/service/paths.ts';
import { logReport } from '../status/report.ts';
import { bytes, duration } from '../words.ts';
import { fail, ok, warn } from './check.ts';
import type { Check } from './check.ts';

export function checkState({ stateDir }: Config): Check[] {
  if (stateDir === undefined) {
    return [
      warn(
        'state',
        'there is no state folder: hooks repeat themselves and no service runs',
        'set HOME, CLAUDE_CONFIG_DIR or SECURITY_WARNINGS_STATE_DIR',
      ),
    ];
  }
  const dir = serviceDir(stateDir);
  return [
    folderCheck('state', stateDir),
    ...(isThere(dir) ? [folderCheck('service dir', dir)] : []),
  ];
}

/** Whether a folder of ours can be written, and by nobody else. */
function folderCheck(name: string, dir: string): Check {
  try {
    if (!isThere(dir)) {
      const above = nearestFolder(dir);
      tryToWrite(above);
      return ok(name, `${dir} is not there yet and can be made`);
    }
    const refusal = refusalOf(dir);
    if (refusal === 'not-private') {
      return warn(
        name,
        `${dir} can be entered by other users (mode ${modeOf(dir)})`,
        `run: chmod 700 ${dir}`,
      );
    }
    if (refusal !== undefined && !isLinkToFolder(dir)) {
      const { meaning, action } = codeEntry(refusal);
      return fail(name, `${dir}: ${meaning}`, action);
    }
    tryToWrite(dir);
    return ok(name, `${dir} can be written, by you alone`);
  } catch (error) {
    const { meaning, action } = codeEntry(codeOf(error));
    const errno = errnoOf(error);
    return fail(name, `${dir}: ${meaning}${errno === undefined ? '' : ` (${errno})`}`, action);
  }
}

/** Throws as `node:fs` does. */
function tryToWrite(dir: string): void {
  const path = join(dir, `.sg-doctor.${process.pid}.tmp`);
  closeSync(openSync(path, 'wx', 0o600));
  unlinkSync(path);
}

function nearestFolder(path: string): string {
  const parent = dirname(path);
  return isThere(parent) || parent === path ? parent : nearestFolder(parent);
}

/** People link their configuration folder to where they keep it. */
function isLinkToFolder(path: string): boolean {
  return lstatSync(path).isSymbolicLink() && statSync(path).isDirectory();
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ENOENT';
  }
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8).padStart(4, '0');
}

const LARGE = 4 * 1024 * 1024;
const RECENT_MS = 24 * 60 * 60 * 1000;

export function checkLog({ logPath }: Config, now: number): Check {
  if (logPath === undefined)
    return warn('log', 'nothing is logged: there is no state folder', 'see state');
  const log = logReport(logPath, now);
  if (log.problem !== undefined) {
    return warn(
      'log',
      `${logPath}: ${log.problem}`,
      'repair it, or set SECURITY_GUIDANCE_DEBUG_LOG to another file',
    );
  }
  if (log.bytes === undefined) return ok('log', `${logPath} is not written yet`);
  const size = `${logPath}: ${bytes(log.bytes)}`;
  if (log.bytes > LARGE)
    return warn('log', `${size}; it is not turned over`, `remove or rename it`);
  const { lastError } = log;
  if (lastError === undefined) return ok('log', `${size}, no error in it`);
  const age = now - lastError.time;
  const said = `${size}, last error ${duration(age)} ago: ${lastError.event}${lastError.reason === undefined ? '' : `: ${lastError.reason}`}`;
  if (age > RECENT_MS) return ok('log', said);
  return warn('log', said, 'if it comes again, report it with its line in the log');
}
