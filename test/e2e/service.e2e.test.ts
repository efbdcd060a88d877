/**
 * The resident service in real sessions. It is killed between two edits: the hook's own process answers the
 * next one and starts a new service for the rest.
 */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer } from './api-server.ts';
import type { ApiServer } from './api-server.ts';
import { createSandbox, requireProgram } from './claude-cli.ts';
import type { Ended, Sandbox } from './claude-cli.ts';
import { hookTimes } from './debug-log.ts';
import { MODES, runSession } from './modes.ts';
import type { Mode } from './modes.ts';
import { pause, processesOf } from './processes.ts';
import {
  endService,
  killService,
  lastStart,
  logged,
  serviceAnswers,
  serviceState,
  wasTooBusy,
} from './resident.ts';
import type { ServiceState } from './resident.ts';
import { dangerous, expectNothingTwice, expectWarnings, script } from './scripted.ts';
import { EDITS, PROJECT_FILES } from './session.ts';
import { terminalKind } from './terminal.ts';

/** The edit, counted from 0, before which the service is killed; a dangerous one. */
const KILLED = 4;
/** No hook asks for a start sooner after the last one. */
const PAUSE_MS = 5_200;
/** The most that there is, since this machine may have other work to do. */
const PATIENT = { SG_EDIT_DEADLINE_MS: '200' };
/** Sessions in which a time limit was met say nothing about who answers when there is time. */
const ATTEMPTS = 4;

const terminal = terminalKind();

let sandbox: Sandbox;
let api: ApiServer;

beforeAll(requireProgram, 600_000);

async function leave(): Promise<void> {
  await api.close();
  expect(sandbox.remove()).toEqual([]);
}

afterEach(leave);

interface Played {
  readonly ended: Ended;
  readonly turns: readonly number[];
  readonly atStart: ServiceState;
  readonly beforeKill: ServiceState;
  readonly isBack: ServiceState;
  readonly atEnd: ServiceState;
}

async function play(mode: Mode): Promise<Played> {
  sandbox = createSandbox(PROJECT_FILES);
  const { steps, turns } = script(sandbox.project);
  const seen: ServiceState[] = [];
  api = await startApiServer(steps, async (turn) => {
    if (turn === 1) seen.push(await serviceAnswers(sandbox));
    if (turn === turns[KILLED]) {
      await pause(lastStart(sandbox) + PAUSE_MS - Date.now());
      const state = await serviceAnswers(sandbox);
      seen.push(state);
      await killService(sandbox, state.pid);
    }
    if (turn === turns[KILLED + 1]) seen.push(await serviceAnswers(sandbox));
  });
  const ended = await runSession(mode, sandbox, api, { env: PATIENT, terminal });
  expect(ended.code, ended.stderr + ended.stdout).toBe(0);
  const atEnd = await serviceState(sandbox);
  const [atStart, beforeKill, isBack] = seen;
  if (!atStart || !beforeKill || !isBack || !atEnd) {
    throw new Error(`the service was seen ${seen.length} times: ${api.refused.join('; ')}`);
  }
  return { ended, turns, atStart, beforeKill, isBack, atEnd };
}

function expectAnswered({ edits }: ServiceState, first: number, end: number): void {
  expect(edits).toEqual({
    answered: end - first,
    told: dangerous(first, end),
    incomplete: 0,
    refused: 0,
    failed: 0,
  });
}

function expectServed({ ended, turns, atStart, beforeKill, isBack, atEnd }: Played): void {
  expect(ended.stderr).toBe('');
  expect(ended.stdout).not.toMatch(/hook[ _-]?error|hook failed/i);
  expectWarnings(api, turns);

  expectAnswered(atStart, 0, 0);
  expect(beforeKill.pid).toBe(atStart.pid);
  expectAnswered(beforeKill, 0, KILLED);
  expect(isBack.pid).not.toBe(beforeKill.pid);
  expectAnswered(isBack, KILLED + 1, KILLED + 1);
  // It outlives the session, and answered all that came after its start.
  expect(atEnd.pid).toBe(isBack.pid);
  expectAnswered(atEnd, KILLED + 1, EDITS.length);
  // In between, and only then, the hook's own process did the work.
  expect(logged(sandbox, 'service-not-used').map(({ reason }) => reason)).toEqual(['refused']);
  expect(logged(sandbox, 'service-start').map(({ outcome }) => outcome)).toEqual([
    'started',
    'started',
  ]);
  expect(logged(sandbox, 'failed')).toEqual([]);
}

/** The host ran each hook once, and none of them failed. */
function expectHooksRan(): void {
  const times = hookTimes(sandbox.debugFile);
  // The first is the policy's: without one no program is started for it.
  const edits = EDITS.flatMap(() => ['PreToolUse', 'PostToolUse']);
  expect(times.map(({ event }) => event)).toEqual(['SessionStart', ...edits]);
  expect(times.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
}

async function expectCleanLeave({ atEnd }: Played): Promise<void> {
  expect(processesOf(sandbox.root).map(({ pid }) => pid)).toEqual([atEnd.pid]);
  await endService(sandbox, atEnd.pid);
}

describe('the service answers the edits of a real session', () => {
  for (const mode of MODES) {
    const where =
      mode === 'interactive' ? ` (${terminal ?? 'neither tmux nor script is here'})` : '';
    it.skipIf(mode === 'interactive' && terminal === undefined)(
      `in ${mode} mode${where}`,
      async () => {
        for (let attempt = 1; ; attempt += 1) {
          const played = await play(mode);
          expectHooksRan();
          expectNothingTwice(api);
          const busy = wasTooBusy(sandbox, [played.beforeKill, played.atEnd]);
          if (!busy) expectServed(played);
          await expectCleanLeave(played);
          if (!busy) return;
          if (attempt === ATTEMPTS) throw new Error('this machine is too busy for this test');
          await leave();
        }
      },
      300_000,
    );
  }
});
