/** The resident service of the demo: started as a session starts it, in the scratch folder, and ended again. */
import { askStatus } from '../status/service.ts';
import { runHook } from './hook.ts';
import type { HookSetting } from './hook.ts';

export interface DemoService {
  /** Edits that it has answered so far; undefined when it does not answer. */
  answered(): Promise<number | undefined>;
  /** Resolves when it is gone. */
  end(): Promise<void>;
}

const START_MS = 5_000;
const END_MS = 3_000;
const STEP_MS = 10;

/** Undefined when none answers in time. `dir` is the service's folder. Rejects when `setting` is aborted. */
export async function startService(
  setting: HookSetting,
  command: string,
  dir: string,
): Promise<DemoService | undefined> {
  const payload = {
    session_id: 'demo',
    transcript_path: '/dev/null',
    cwd: setting.cwd,
    hook_event_name: 'SessionStart',
    source: 'startup',
  };
  await runHook(setting, command, payload);
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    setting.signal.throwIfAborted();
    const state = await askStatus(dir);
    if (state.kind === 'running' && state.status.pid !== undefined)
      return serviceOf(dir, state.status.pid);
    await pause();
  }
  return undefined;
}

function serviceOf(dir: string, pid: number): DemoService {
  return {
    async answered() {
      const state = await askStatus(dir);
      return state.kind === 'running' ? state.status.edits['answered'] : undefined;
    },
    async end() {
      // All that it keeps is about to be deleted, and after Ctrl-C there is little time.
      if (!kill(pid)) return;
      const until = performance.now() + END_MS;
      // Not until nobody has that process id: a dead process keeps it for as long as its parent likes.
      while ((await askStatus(dir)).kind === 'running' && performance.now() < until) await pause();
    },
  };
}

/** False when there is no such process. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, STEP_MS);
  });
}
