/**
 * What is known of the repositories under review from earlier reviews: asked before one is made, told of what it
 * found afterwards. No failure of it costs a review its findings.
 */
import type { Earlier } from '../../orchestrator/candidates.ts';
import type { ChangeSet } from '../../orchestrator/change.ts';
import { agreed, MAX_OPEN } from '../../orchestrator/earlier.ts';
import type { Fate, OpenFinding } from '../../orchestrator/earlier.ts';
import type { ReviewFinding } from '../../orchestrator/finding.ts';
import { keyOf } from '../../orchestrator/identity.ts';
import type { ReviewRecord } from '../../orchestrator/record.ts';
import type { ReviewTools } from '../../orchestrator/review.ts';
import { shownPath } from '../../orchestrator/reviewable.ts';
import type { Environment } from '../config.ts';
import { findRepo } from '../git/repo.ts';
import { ReviewedFiles } from './files.ts';
import type { KeptFinding, Layer } from './kept.ts';
import { keepRecord } from './records.ts';
import { filesOf, NOTHING_REMEMBERED, remember } from './remember.ts';
import type { Remembered } from './remember.ts';
import { findStore } from './store.ts';
import type { FindingStore } from './store.ts';

export interface MemoryContext {
  /** Undefined: nothing is known, and nothing is kept. */
  readonly stateDir: string | undefined;
  readonly layer: Layer;
  readonly session: string;
  readonly changes: ChangeSet;
  /** Real path of each root by the name that `ChangedFile.repo` gives it. */
  readonly roots: ReadonlyMap<string, string>;
  readonly tools: Pick<ReviewTools, 'redactor' | 'hash'>;
  readonly env: Environment;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * What is under review: the files as they lie there, the newest commit, or a state that is neither, in which code
   * may be missing because it was not written yet.
   */
  readonly state: 'worktree' | 'head' | 'other';
  /** Full id of the reviewed commit; the one that is checked out when absent. */
  readonly commit?: string;
}

export interface Memory {
  /** For `ReviewInput.open`. */
  readonly open: readonly OpenFinding[];
  /** Accepted or called false, in files under review: for `ReviewInput.earlier`. */
  readonly dismissed: readonly Earlier[];
  /** `ReviewFinding.key` of those that are fixed: one that is found again is news, whoever was told of it. */
  readonly fixed: ReadonlySet<string>;
  /**
   * Keeps what a review found, and the record of it where there was one. `fates` are those of the review. Never
   * rejects.
   */
  keepFindings(
    findings: readonly ReviewFinding[],
    record: ReviewRecord | undefined,
    fates?: readonly Fate[],
  ): Promise<Kept>;
}

export interface Kept extends Remembered {
  /** What could not be kept, and why; a sentence each. */
  readonly problems: readonly string[];
}

/** One repository. */
interface Part {
  readonly name: string;
  readonly root: string;
  readonly store: FindingStore;
  readonly files: ReviewedFiles;
  readonly asked: readonly KeptFinding[];
  readonly dismissed: readonly KeptFinding[];
  readonly fixed: readonly string[];
  readonly commit: () => Promise<string>;
}

const MAX_DISMISSED = 40;

export async function openMemory(context: MemoryContext): Promise<Memory> {
  const { stateDir, roots, changes } = context;
  const problems: string[] = [];
  const parts: Part[] = [];
  if (stateDir !== undefined)
    for (const [name, root] of roots) {
      const store = findStore(stateDir, root);
      // The changes of a folder that is no repository have been read already, or there are none.
      if (store.kind === 'failed') continue;
      const read = store.value.read();
      if (read.kind === 'unreadable')
        problems.push(`the findings kept of ${root} cannot be read: ${read.reason}`);
      const kept = read.kind === 'findings' ? read.findings : [];
      parts.push(await partOf({ name, root, store: store.value }, kept, context));
    }
  return {
    open: parts.flatMap(({ name, asked }) => asked.map((each) => openFinding(each, name))),
    dismissed: parts.flatMap(({ name, dismissed }) =>
      dismissed.map(({ finding: { path, category, title } }) => ({
        path: shownPath({ repo: name, path }),
        category,
        title,
      })),
    ),
    fixed: new Set(parts.flatMap(({ fixed }) => fixed)),
    async keepFindings(findings, record, fates = []) {
      if (stateDir === undefined) return { ...NOTHING_REMEMBERED, findings, problems: [] };
      const done: Remembered[] = [];
      const homeless = findings.filter(({ repo }) => !parts.some(({ name }) => name === repo));
      for (const part of parts) {
        const own = findings.filter(({ repo }) => repo === part.name);
        if (own.length + part.asked.length === 0) continue;
        const { remembered, problem } = await keepPart(part, own, agreed(fates), record, context);
        done.push(remembered);
        if (problem !== undefined)
          problems.push(`the findings of ${part.root} could not be kept: ${problem}`);
      }
      const all: Remembered = {
        findings: [...homeless, ...done.flatMap((each) => each.findings)],
        open: done.flatMap((each) => each.open),
        resolved: done.flatMap((each) => each.resolved),
        dismissed: done.reduce((sum, each) => sum + each.dismissed, 0),
      };
      if (record !== undefined) {
        const written = await keepRecord(stateDir, {
          at: context.now(),
          layer: context.layer,
          session: context.session,
          roots: [...roots.values()],
          record: withKnown(record, findings.length, all),
        });
        if (!written.ok) problems.push(`the record could not be kept: ${written.reason}`);
      }
      return { ...all, problems };
    },
  };

  async function partOf(
    own: Pick<Part, 'name' | 'root' | 'store'>,
    kept: readonly KeptFinding[],
    { tools, env, state }: MemoryContext,
  ): Promise<Part> {
    const mine = changes.files.filter(({ repo }) => repo === own.name);
    const worktree = state === 'worktree' ? own.root : undefined;
    const files = new ReviewedFiles(mine, tools.redactor, worktree);
    let head: Promise<string> | undefined;
    const commit = (): Promise<string> =>
      (head ??=
        context.commit === undefined
          ? findRepo(own.root, env).then((repo) =>
              repo.kind === 'ok' ? (repo.value.head ?? '') : '',
            )
          : Promise.resolve(context.commit));
    const asked: KeptFinding[] = [];
    if (state !== 'other')
      for (const each of kept.toSorted((a, b) => b.last.at - a.last.at)) {
        if (asked.length >= MAX_OPEN) break;
        if (each.state === 'new' && (await isToAsk(each, files, commit))) asked.push(each);
      }
    const dismissed = kept
      .filter((each) => each.state === 'accepted' || each.state === 'false-positive')
      .filter(({ finding }) => files.isChanged(finding.path))
      .slice(0, MAX_DISMISSED);
    const fixed = kept
      .filter((each) => each.state === 'fixed')
      .map(({ finding }) => keyOf({ ...finding, repo: own.name }, tools.hash));
    return { ...own, files, asked, dismissed, fixed, commit };
  }

  /** Whether its files are others than those it was seen in, by a change and not by a switch to another branch. */
  async function isToAsk(
    { finding, contents, last }: KeptFinding,
    files: ReviewedFiles,
    commit: () => Promise<string>,
  ): Promise<boolean> {
    const isNow = ({ path }: { readonly path: string }): boolean => {
      const digest = files.digest(path);
      return digest !== undefined && digest !== contents[path];
    };
    const { path, quote } = finding;
    const mayBeHere = files.isChanged(path) || last.session === context.session;
    if (!mayBeHere && !(await sameCommit())) return false;
    if (!filesOf(finding).some((each) => isNow({ path: each }))) return false;
    if (last.session === context.session || files.find(path, quote) !== undefined) return true;
    return files.wasThere(path, quote) || sameCommit();

    async function sameCommit(): Promise<boolean> {
      return last.commit !== '' && last.commit === (await commit());
    }
  }
}

async function keepPart(
  { name, store, files, asked, commit }: Part,
  findings: readonly ReviewFinding[],
  fates: ReadonlyMap<string, Fate>,
  record: ReviewRecord | undefined,
  { layer, session, now, tools }: MemoryContext,
): Promise<{ readonly remembered: Remembered; readonly problem?: string }> {
  const [newest] = record?.commits ?? [];
  const round = {
    sighting: { at: now(), layer, session, commit: newest ?? (await commit()) },
    findings,
    asked: new Set(asked.map(({ fingerprint }) => fingerprint)),
    fates: new Map(
      asked.flatMap(({ fingerprint }) => {
        const fate = fates.get(idOf(fingerprint));
        return fate === undefined ? [] : [[fingerprint, fate]];
      }),
    ),
    files,
    hash: tools.hash,
  };
  let result = NOTHING_REMEMBERED;
  const written = await store.change((kept) => {
    const done = remember(kept, round);
    result = done.remembered;
    return done.kept;
  });
  if (!written.ok && result === NOTHING_REMEMBERED) {
    const read = store.read();
    result = remember(read.kind === 'findings' ? read.findings : asked, round).remembered;
  }
  return {
    remembered: {
      ...result,
      open: result.open.map((each) => ({ ...each, finding: { ...each.finding, repo: name } })),
      resolved: result.resolved.map((each) => ({
        ...each,
        finding: { ...each.finding, repo: name },
      })),
    },
    ...(written.ok ? {} : { problem: written.reason }),
  };
}

/** Of those that are asked about together; long enough that no two are alike. */
function idOf(fingerprint: string): string {
  return fingerprint.slice(0, 12);
}

function openFinding({ fingerprint, finding }: KeptFinding, repo: string): OpenFinding {
  const { path, symbol, category, title, quote } = finding;
  const id = idOf(fingerprint);
  const shown = (each: string): string => shownPath({ repo, path: each });
  const files = filesOf(finding).map(shown);
  return { id, path: shown(path), files, symbol, category, title, quote };
}

/** The stage in which what is known took its part. */
function withKnown(record: ReviewRecord, found: number, kept: Remembered): ReviewRecord {
  const { findings, open, resolved, dismissed } = kept;
  const counts = { dismissed, resolved: resolved.length, 'still-open': open.length };
  if (found + open.length + resolved.length === 0) return record;
  const stage = {
    name: 'known',
    in: found,
    out: findings.length,
    counts,
    milliseconds: 0,
  } as const;
  return { ...record, stages: [...record.stages, stage] };
}
