/** The fail-open boundary: whatever goes wrong in a hook is silence for the host. */
import type { Log } from '../host/log.ts';
import { respond } from './respond.ts';
import type { HookAnswer } from './respond.ts';

/** What `action` answers; silence and one line in the log when it throws or rejects. */
export async function failOpen(log: Log, action: () => Promise<HookAnswer>): Promise<HookAnswer> {
  try {
    return await action();
  } catch (error) {
    log.write('failed', describe(error));
    return respond({ kind: 'silent', reason: 'failed' });
  }
}

/** The message of a parse error quotes the payload, which is code: it is not logged. */
function describe(error: unknown): { reason: string; at: string } {
  if (error instanceof SyntaxError) return { reason: 'the payload is not JSON', at: '' };
  if (!(error instanceof Error)) return { reason: typeof error, at: '' };
  const frame = error.stack?.split('\n').find((line) => line.startsWith('    at '));
  return { reason: `${error.name}: ${error.message}`, at: frame?.trim() ?? '' };
}
