/** The findings of one repository on this machine: a file in the state folder, for whoever reviews it next. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { findLayout } from '../git/layout.ts';
import type { GitResult } from '../git/result.ts';
import { ok } from '../git/result.ts';
import { decodeKept } from './kept.ts';
import type { FindingState, KeptFinding } from './kept.ts';
import { changeVersioned, readVersioned } from './versioned.ts';
import type { Written } from './versioned.ts';

export type StoreRead =
  | {
      readonly kind: 'findings';
      readonly findings: readonly KeptFinding[];
      /** Entries that are of another shape, and are lost when the file is written next. */
      readonly damaged: number;
    }
  /** `isNewer`: a newer version wrote it, and it is left alone; else the next review sets it aside. */
  | { readonly kind: 'unreadable'; readonly reason: string; readonly isNewer: boolean };

export interface FindingStore {
  readonly path: string;
  /** Without a lock: what was written last. Never throws. */
  read(): StoreRead;
  /** Under a lock, so that nothing of another process is lost. Never rejects. */
  change(make: (findings: readonly KeptFinding[]) => readonly KeptFinding[]): Promise<Written>;
}

const FOLDER = 'findings';
const MAX_FINDINGS = 1_000;
/** Half of what a state file may have. */
const MAX_BYTES = 4 * 1024 * 1024;
/** What is given up first where there is no room: what the user decided is kept longest. */
const WORTH: Readonly<Record<FindingState, number>> = {
  fixed: 0,
  new: 1,
  accepted: 2,
  'false-positive': 2,
};

/** The store of the repository that `folder` is in; its worktrees share one. */
export function findStore(stateDir: string, folder: string): GitResult<FindingStore> {
  const layout = findLayout(folder);
  return layout.kind === 'failed' ? layout : ok(openStore(stateDir, layout.value.commonDir));
}

/** `commonDir` is the real path of the folder that holds the repository's objects. */
function openStore(stateDir: string, commonDir: string): FindingStore {
  const id = createHash('sha256').update(commonDir).digest('hex').slice(0, 32);
  const path = join(stateDir, FOLDER, `${id}.json`);
  return {
    path,
    read() {
      const file = readVersioned(path);
      if (file.kind === 'unreadable') return file;
      const entries = file.kind === 'fields' ? entriesOf(file.fields) : [];
      const findings = entries.map(decodeKept).filter((each) => each !== undefined);
      return { kind: 'findings', findings, damaged: entries.length - findings.length };
    },
    change: (make) =>
      changeVersioned(path, (fields) => {
        const before = entriesOf(fields)
          .map(decodeKept)
          .filter((each) => each !== undefined);
        return { repository: commonDir, findings: bounded(make(before)) };
      }),
  };
}

function entriesOf(fields: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Array.isArray(fields['findings']) ? fields['findings'] : [];
}

function bounded(findings: readonly KeptFinding[]): readonly KeptFinding[] {
  const byWorth = [...findings].sort(
    (a, b) => WORTH[b.state] - WORTH[a.state] || b.last.at - a.last.at,
  );
  let room = MAX_BYTES;
  const kept = new Set(
    byWorth.slice(0, MAX_FINDINGS).filter((each) => {
      room -= Buffer.byteLength(JSON.stringify(each));
      return room >= 0;
    }),
  );
  return kept.size === findings.length ? findings : findings.filter((each) => kept.has(each));
}
