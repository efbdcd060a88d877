/** PreToolUse of the editing tools: denies an edit that would introduce what the policy blocks. */
import type { LoadedPolicy, Policy } from '../../host/gate/policy.ts';
import { inspect } from '../inspect.ts';
import type { EditScanner, InspectDeps } from '../inspect.ts';
import type { Told } from '../message.ts';
import { respond } from '../respond.ts';
import type { HookAnswer } from '../respond.ts';
import { asDone } from './edit.ts';
import type { ReadOriginal } from './edit.ts';

export interface BlockDeps extends InspectDeps {
  readonly policy: LoadedPolicy;
  readonly readOriginal: ReadOriginal;
}

/** Whatever keeps it from an answer lets the edit through, and the user is told. */
export async function handlePreToolUse(input: unknown, deps: BlockDeps): Promise<HookAnswer> {
  const { policy: loaded } = deps;
  if (!loaded.ok) return allow(`the policy cannot be used: ${loaded.problems.join('; ')}`);
  const { policy } = loaded;
  if (policy.block.size === 0) return respond({ kind: 'silent', reason: 'off' });
  const payload = asDone(input, deps.readOriginal);
  if (payload === undefined) return allow('the file or the edit cannot be read');
  const outcome = await inspect(payload, {
    ...deps,
    async openScanner(file) {
      const scanner = await deps.openScanner(file);
      return policy.forbid.has('comments') ? withoutComments(scanner) : scanner;
    },
  });
  if (outcome.kind === 'skipped')
    return outcome.reason === 'exempt'
      ? respond({ kind: 'silent', reason: outcome.reason })
      : allow(outcome.reason);
  const { told, overdue, partial } = outcome;
  if (told.length > 0) return respond({ kind: 'deny', reason: reasonOf(told, policy) });
  if (overdue.length + partial.length > 0) return allow('not all rules were tried in time');
  return respond({ kind: 'silent', reason: 'clean' });
}

function allow(reason: string): HookAnswer {
  const notice = `security-guidance: this edit was not held against the policy: ${reason}.`;
  return respond({ kind: 'speak', notice: notice.slice(0, 2_000) });
}

/** Comments that hide findings count for nothing. */
function withoutComments(scanner: EditScanner): EditScanner {
  return {
    ...scanner,
    async scan(bytes) {
      const { findings, suppressed, incomplete } = await scanner.scan(bytes);
      return {
        findings: [...findings, ...suppressed.map(({ finding }) => finding)],
        suppressed: [],
        incomplete,
      };
    },
  };
}

const MAX_TOLD = 5;

/** Rules are our own, so that their text can be said as it is. */
function reasonOf(told: readonly Told[], { files, forbid }: Policy): string {
  const items = told.slice(0, MAX_TOLD).map(({ rule, places: [first] }) => {
    const where = first === undefined ? '' : ` (line ${first.line})`;
    const { what, why, fix } = rule.message;
    return `- ${rule.id}${where}: ${what} ${why} Fix: ${fix}`;
  });
  const more = told.length > MAX_TOLD ? [`- and ${told.length - MAX_TOLD} more rules`] : [];
  const ways = forbid.has('comments')
    ? ''
    : ' Where it is intended and the user agrees, a comment `sg-ignore: <rule id> -- <reason>` on the line says so.';
  return [
    `security-guidance: this edit was not made. It would introduce what the organisation's policy (${files.join(', ')}) blocks:`,
    ...items,
    ...more,
    `Write it without that.${ways}`,
  ].join('\n');
}
