/** The files of one repository as a review sees them: whether kept findings still have their code in them. */
import { createHash } from 'node:crypto';
import { decodeText } from '../../engine/text/decode.ts';
import { decodeUtf8 } from '../../engine/text/utf8.ts';
import type { ChangedFile } from '../../orchestrator/change.ts';
import type { ReviewFinding } from '../../orchestrator/finding.ts';
import { splitLines } from '../../orchestrator/hunks-lines.ts';
import { isDataFile } from '../../orchestrator/pack-prepare.ts';
import { PLACEHOLDER_PREFIX } from '../../orchestrator/placeholders.ts';
import { findQuote } from '../../orchestrator/quote.ts';
import type { QuotePlace } from '../../orchestrator/quote.ts';
import type { Redactor } from '../../orchestrator/redact.ts';
import { openWorktree } from '../git/worktree.ts';

/** Where code is now. */
export interface CodePlace extends QuotePlace {
  readonly path: string;
}

type Content =
  | { readonly kind: 'here'; readonly before: Uint8Array | undefined; readonly after: Uint8Array }
  /** Deleted, or renamed to `to`. */
  | { readonly kind: 'gone'; readonly before: Uint8Array | undefined; readonly to?: string }
  /** Not among the changes, or not read. */
  | { readonly kind: 'unknown' };

const GONE = '0'.repeat(64);
const MAX_BYTES = 2 * 1024 * 1024;
/** A stand-in without its digits, which are of one session; no original text can begin like it in what is kept. */
const STAND_IN = /SG_REDACTED_([a-z-]+)_[0-9a-f]{16}/g;
const MASK = '<redacted ';

export class ReviewedFiles {
  readonly #files: readonly ChangedFile[];
  readonly #redactor: Pick<Redactor, 'redact' | 'redactAll'>;
  readonly #worktree: string | undefined;
  readonly #read = new Map<string, Content>();

  /** `worktree`: the root that files which did not change are read from, where it is what is reviewed. */
  constructor(
    files: readonly ChangedFile[],
    redactor: Pick<Redactor, 'redact' | 'redactAll'>,
    worktree: string | undefined,
  ) {
    this.#files = files;
    this.#redactor = redactor;
    this.#worktree = worktree;
  }

  /** Of the content now; undefined where it is not known. */
  digest(path: string): string | undefined {
    const content = this.#content(path);
    if (content.kind === 'unknown') return undefined;
    return content.kind === 'gone'
      ? GONE
      : createHash('sha256').update(content.after).digest('hex');
  }

  /** Whether the content is known, so that code that is not in it is gone. */
  isKnown(path: string): boolean {
    return this.#content(path).kind !== 'unknown';
  }

  isChanged(path: string): boolean {
    return this.#files.some((file) => file.path === path || file.oldPath === path);
  }

  /** Where a kept quote is now: in its file, or in what that was renamed to. */
  find(path: string, quote: string): CodePlace | undefined {
    const content = this.#content(path);
    if (content.kind === 'gone' && content.to !== undefined) return this.find(content.to, quote);
    if (content.kind !== 'here') return undefined;
    return this.#placed(path, content.after, quote);
  }

  /** In any file that changed, the one of `path` first. */
  findAnywhere(path: string, quote: string): CodePlace | undefined {
    const others = this.#files.filter((file) => file.path !== path).map((file) => file.path);
    for (const each of [path, ...others]) {
      const place = this.find(each, quote);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  /** Whether the change found the code in its file. */
  wasThere(path: string, quote: string): boolean {
    const content = this.#content(path);
    if (content.kind === 'unknown' || content.before === undefined) return false;
    return this.#placed(path, content.before, quote) !== undefined;
  }

  /** As it is kept: no secret in its code or its words, and no name of its repository. */
  safe(finding: ReviewFinding): ReviewFinding {
    const plain = (text: string): string => masked(this.#redactor.redact(text));
    const { trace, past: _, ...rest } = finding;
    return {
      ...rest,
      repo: '',
      quote: this.#safeQuote(finding),
      symbol: plain(finding.symbol),
      title: plain(finding.title),
      attack: plain(finding.attack),
      fix: plain(finding.fix),
      ...(trace === undefined
        ? {}
        : { trace: trace.map((step) => ({ ...step, note: plain(step.note) })) }),
    };
  }

  /** A part of a secret is known as one only in its file, whose redacted lines are taken where one is in them. */
  #safeQuote({ path, quote, line, endLine = line }: ReviewFinding): string {
    const content = this.#content(path);
    const lines = content.kind === 'here' ? this.#redacted(path, content.after) : [];
    const own = lines.slice(line - 1, endLine).join('\n');
    return masked(own.includes(PLACEHOLDER_PREFIX) ? own : this.#redactor.redact(quote));
  }

  #placed(path: string, bytes: Uint8Array, quote: string): CodePlace | undefined {
    const lines = quote.includes(MASK)
      ? this.#redacted(path, bytes).map(masked)
      : splitLines(decodeUtf8(decodeText(bytes)));
    const [place] = findQuote(lines, quote);
    return place === undefined ? undefined : { ...place, path };
  }

  #redacted(path: string, bytes: Uint8Array): readonly string[] {
    const [result] = this.#redactor.redactAll([{ bytes, isData: isDataFile(path) }]);
    return result?.ok === true ? splitLines(result.text) : [];
  }

  #content(path: string): Content {
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const content = this.#look(path);
    this.#read.set(path, content);
    return content;
  }

  #look(path: string): Content {
    const own = this.#files.find((file) => file.path === path);
    if (own?.after !== undefined) return { kind: 'here', before: own.before, after: own.after };
    if (own !== undefined)
      return own.status === 'deleted' ? { kind: 'gone', before: own.before } : { kind: 'unknown' };
    const renamed = this.#files.find((file) => file.oldPath === path);
    if (renamed !== undefined) return { kind: 'gone', before: renamed.before, to: renamed.path };
    if (this.#worktree === undefined) return { kind: 'unknown' };
    const bytePath = Buffer.from(path).toString('latin1');
    const read = openWorktree(this.#worktree).read(bytePath, MAX_BYTES);
    if (read.kind === 'gone') return { kind: 'gone', before: undefined };
    return read.kind === 'bytes'
      ? { kind: 'here', before: undefined, after: read.bytes }
      : { kind: 'unknown' };
  }
}

function masked(text: string): string {
  return text.replaceAll(STAND_IN, `${MASK}$1>`);
}
