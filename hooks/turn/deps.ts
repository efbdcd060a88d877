/** What the hooks of a turn are given. */
import type { Config, Environment } from '../../host/config.ts';
import type { Log } from '../../host/log.ts';
import type { SecretFiles } from '../../host/review/secret-scanner.ts';
import type { TurnStore } from '../../host/state/turn.ts';
import type { Clock } from '../../orchestrator/ports.ts';
import type { TurnPayload } from './payload.ts';

/** Absolute paths of what the plugin brings along. */
export interface PluginFiles extends SecretFiles {
  readonly pack: string;
  readonly snapshot: string;
}

export interface TurnDeps {
  readonly payload: TurnPayload;
  /** As `sessionKey` makes it. */
  readonly session: string;
  readonly config: Config;
  readonly env: Environment;
  readonly log: Log;
  readonly store: TurnStore;
  readonly clock: Clock;
}

export interface StopDeps extends TurnDeps {
  readonly event: 'stop' | 'subagent-stop';
  /** `clock.monotonic()` at which this process has to be done. */
  readonly until: number;
  /** Aborted when nobody waits for an answer any more. */
  readonly signal: AbortSignal;
  readonly files: PluginFiles;
}
