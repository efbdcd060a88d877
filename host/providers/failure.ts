/** Failures as replies. */
import type { FailureClass, ModelReply, ModelUsage } from '../../orchestrator/transport.ts';

export type Failure = Extract<ModelReply, { kind: 'failure' }>;

/** Nothing was used: the request was refused or never arrived. */
export const NO_USAGE: ModelUsage = Object.freeze({
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});

export function failure(
  failed: FailureClass,
  message: string,
  more: {
    readonly status?: number | undefined;
    readonly retryAfterMs?: number | undefined;
    readonly usage?: ModelUsage | undefined;
  } = {},
): Failure {
  const { status, retryAfterMs, usage } = more;
  return {
    kind: 'failure',
    failure: failed,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    message,
    ...(usage === undefined ? {} : { usage }),
  };
}
