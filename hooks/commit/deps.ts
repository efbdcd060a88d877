/** What the hook of commits is given in a process of its own. */
import type { Config, Environment } from '../../host/config.ts';
import type { Log } from '../../host/log.ts';
import type { ReviewConfig } from '../../host/review-config.ts';
import type { TurnStore } from '../../host/state/turn.ts';
import type { Clock } from '../../orchestrator/ports.ts';
import type { PluginFiles } from '../turn/deps.ts';
import type { CommandPayload } from './payload.ts';

export interface CommitDeps {
  readonly payload: CommandPayload;
  /** As `sessionKey` makes it. */
  readonly session: string;
  readonly config: Config;
  readonly stateDir: string;
  readonly env: Environment;
  readonly home: string | undefined;
  readonly settings: ReviewConfig;
  readonly log: Log;
  readonly store: TurnStore;
  readonly clock: Clock;
  /** Whether the resident service noticed something and left it to this process. */
  readonly isSent: boolean;
  /** `clock.monotonic()` at which this process has to be done. */
  readonly until: number;
  /** Aborted when nobody waits for an answer any more. */
  readonly signal: AbortSignal;
  readonly files: PluginFiles;
}
