/**
 * The process of a prompt or of a turn's end: main.js NAME. What a turn needs is loaded once there is something to
 * do. Whatever goes wrong, it ends with 0; hooks/run.sh turns anything but our own code into 0 as well.
 */
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../host/config.ts';
import { homeOrNone } from '../../host/home.ts';
import { createLog } from '../../host/log.ts';
import { readReviewConfig } from '../../host/review-config.ts';
import type { ReviewConfig } from '../../host/review-config.ts';
import { systemClock } from '../../host/review/clock.ts';
import { sessionKey } from '../../host/state/key.ts';
import { openTurnStore } from '../../host/state/turn.ts';
import { failOpen } from '../fail-open.ts';
import { respond } from '../respond.ts';
import type { HookAnswer, TurnOutcome } from '../respond.ts';
import { readPayload } from '../stdin.ts';
import { decodeCommandPayload } from '../commit/payload.ts';
import type { PluginFiles, StopDeps, TurnDeps } from './deps.ts';
import { gateStop } from './gates.ts';
import { decodeTurnPayload } from './payload.ts';
import { SKIP, logSkip } from './skip.ts';

const OLDEST_NODE = 20;
/** Less than the host waits, as hooks.json says. */
const LONGEST_MS = { prompt: 25_000, stop: 140_000, commits: 590_000 };
/** Kept for what follows a review. */
const CLOSING_MS = 5_000;
/** How often it is looked whether the shell that waits for this process is still there. */
const PARENT_MS = 1_000;

const [, , event = ''] = process.argv;
// Set by hooks/run.sh.
const clientFailure = process.env['SG_CLIENT_FAILURE'];
/** How the service says that there is something to do. */
const LEFT_TO_US = 'status-503';
const config = readConfig(process.env, homeOrNone());
const log = createLog({ path: config.logPath, now: Date.now });

// No top-level await: the bundle is CommonJS, which starts faster than an ES module.
void failOpen(log, async () => respond(await answer())).then((given) => {
  // Connections and timers that are left do not matter any more.
  process.exit(write(given));
});

async function answer(): Promise<TurnOutcome> {
  const settings = readReviewConfig(process.env);
  if (!config.enabled) return silent('off');
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) return silent('node-too-old');
  const stdin = readPayload();
  const value: unknown = stdin.kind === 'text' ? JSON.parse(stdin.text) : undefined;
  if (event === 'commits') return commits(value, settings);
  const isPrompt = event === 'user-prompt-submit';
  if (!settings.turnReview && !(isPrompt && isOn(settings))) return silent('off');
  const payload = decodeTurnPayload(value);
  if (payload === undefined) return silent('malformed');
  const session = sessionKey(config.remoteSessionId, payload.sessionId);
  const deps: TurnDeps = {
    payload,
    session,
    config,
    env: process.env,
    log,
    store: openTurnStore(config.stateDir, session, Date.now),
    clock: systemClock,
  };
  if (isPrompt) {
    endAfter(LONGEST_MS.prompt);
    const { handlePrompt } = await import('./prompt.ts');
    const [outcome] = await Promise.all([handlePrompt(deps), beginCommits(value, settings)]);
    return outcome;
  }
  if (event === 'stop' || event === 'subagent-stop') {
    endAfter(LONGEST_MS.stop);
    const gate = gateStop(deps);
    if (gate.kind === 'open') {
      const { handleStop } = await import('./stop.ts');
      return handleStop(stopDeps(deps, event));
    }
    if (gate.kind !== 'silent' && !(gate.kind === 'held' && !gate.isFirst)) {
      const { sayGate } = await import('./notice.ts');
      return sayGate(gate, deps);
    }
    logSkip(log, gate.kind === 'held' ? SKIP.held : gate.skip);
    return silent(gate.kind);
  }
  return silent('other-event');
}

function stopDeps(deps: TurnDeps, name: StopDeps['event']): StopDeps {
  return {
    ...deps,
    event: name,
    until: deps.clock.monotonic() + LONGEST_MS.stop - CLOSING_MS,
    signal: whileWaitedFor(),
    files: pluginFiles(),
  };
}

/** After a command, and beside the review of a turn. */
async function commits(value: unknown, settings: ReviewConfig): Promise<TurnOutcome> {
  const payload = decodeCommandPayload(value);
  const { stateDir } = config;
  if (!isOn(settings) || payload === undefined || stateDir === undefined) return silent('off');
  endAfter(LONGEST_MS.commits);
  if (clientFailure !== undefined && clientFailure !== LEFT_TO_US && config.service) {
    const { ensureService } = await import('../ensure-service.ts');
    ensureService({ config, log, now: Date.now, script: inPlugin('service/start.js') });
  }
  const session = sessionKey(config.remoteSessionId, payload.sessionId);
  const { handleCommits } = await import('../commit/commits.ts');
  return handleCommits({
    payload,
    session,
    config,
    stateDir,
    env: process.env,
    home: homeOrNone(),
    settings,
    log,
    store: openTurnStore(stateDir, session, Date.now),
    clock: systemClock,
    isSent: clientFailure === LEFT_TO_US,
    until: systemClock.monotonic() + LONGEST_MS.commits - CLOSING_MS,
    signal: whileWaitedFor(),
    files: pluginFiles(),
  });
}

/** Looks at the repositories of a session before anything is committed in them. */
async function beginCommits(value: unknown, settings: ReviewConfig): Promise<void> {
  const payload = decodeCommandPayload(value);
  const { stateDir } = config;
  if (!isOn(settings) || payload === undefined || stateDir === undefined) return;
  const { begin } = await import('../commit/notice.ts');
  await begin({
    payload,
    session: sessionKey(config.remoteSessionId, payload.sessionId),
    stateDir,
    config,
    env: process.env,
    home: homeOrNone(),
    settings: settings.commit,
    log,
    now: Date.now,
  });
}

function isOn({ commit }: ReviewConfig): boolean {
  return commit.commits || commit.push;
}

function pluginFiles(): PluginFiles {
  return {
    pack: inPlugin('rules.pack'),
    secretsPack: inPlugin('secrets.pack'),
    wasm: inPlugin('re2.wasm'),
    snapshot: inPlugin('re2.snapshot'),
  };
}

/** Aborted once the shell is gone that started this process: nobody is to pay for an answer that nobody reads. */
function whileWaitedFor(): AbortSignal {
  const controller = new AbortController();
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) controller.abort();
  }, PARENT_MS).unref();
  return controller.signal;
}

function endAfter(ms: number): void {
  setTimeout(() => {
    log.write('failed', { reason: `${event} took longer than ${ms} ms` });
    process.exit(0);
  }, ms).unref();
}

function silent(reason: string): TurnOutcome {
  return { kind: 'silent', reason };
}

/** 0 where the text could not be written as a whole. */
function write({ stdout, exitCode }: HookAnswer): number {
  try {
    const bytes = Buffer.from(stdout);
    let done = 0;
    while (done < bytes.length) done += writeSync(1, bytes, done);
    return exitCode;
  } catch (error) {
    log.write('answer-not-written', { reason: error instanceof Error ? error.message : 'unknown' });
    return 0;
  }
}

/** The plugin's folder holds `turn/`, `rules.pack` and `re2.wasm`. */
function inPlugin(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}
