/** What this session changed since its turn began. */
import { join } from 'node:path';
import { attribute } from '../../host/git/attribution.ts';
import { changesSince } from '../../host/git/changes.ts';
import { openContentStore } from '../../host/git/kept.ts';
import { parseSnapshot } from '../../host/git/snapshot.ts';
import { readEdits } from '../../host/state/edits.ts';
import { CONTENT_FOLDER } from '../../host/state/key.ts';
import type { TurnState } from '../../host/state/turn.ts';
import type { ChangeSet } from '../../orchestrator/change.ts';
import type { NotReviewedReason } from '../../orchestrator/finding.ts';
import type { StopDeps } from './deps.ts';
import { newRoots, realFile, turnFolders } from './folders.ts';

export type TurnChanges =
  | {
      readonly kind: 'changes';
      readonly changes: ChangeSet;
      /** Real path of each root by the name that `ChangedFile.repo` gives it. */
      readonly roots: ReadonlyMap<string, string>;
    }
  | {
      readonly kind: 'unknown';
      readonly reason: Extract<NotReviewedReason, 'no-repository' | 'unknown-changes'>;
      readonly detail: string;
    };

export async function turnChanges(
  { snapshot: kept }: TurnState,
  { config, payload, env, session }: StopDeps,
  stateDir: string,
): Promise<TurnChanges> {
  const snapshot = parseSnapshot(kept);
  if (snapshot === undefined)
    return unknown('unknown-changes', 'the record of how the turn began is of another version');
  const edits = readEdits(stateDir, session, snapshot.takenAtMs);
  const mine = edits.mine.map(realFile);
  const also = newRoots(snapshot, turnFolders(config, payload.cwd), mine);
  const keep = openContentStore(join(stateDir, CONTENT_FOLDER, session));
  const since = await changesSince(snapshot, { env, also, keep });
  if (since.kind === 'failed')
    return unknown(
      since.reason === 'not-a-repo' ? 'no-repository' : 'unknown-changes',
      since.detail,
    );
  // A command may have changed any file that no other session is known to have edited.
  const changes = attribute(since.value, {
    mine,
    others: edits.others.map(realFile),
    ranCommands: true,
  });
  return { kind: 'changes', changes, roots: since.value.roots };
}

function unknown(
  reason: 'no-repository' | 'unknown-changes',
  detail: string,
): Extract<TurnChanges, { kind: 'unknown' }> {
  return { kind: 'unknown', reason, detail };
}
