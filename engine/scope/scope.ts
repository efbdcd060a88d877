/** Which files a rule applies to: language and paths, less the excluded paths. */
import { type LanguageId, languageOf, languagesOfExtension, spokenIn } from '../language.ts';
import type { Rule } from '../rule.ts';
import { baseName, compileGlob, slashes } from './glob.ts';
import { plainGlobs } from './glob-simple.ts';
import { GlobSet, partsOf, type PathParts } from './glob-set.ts';

/** A file's path from the project root, and from the file system's where it is known. */
export interface ScopePath {
  readonly relative: string;
  readonly absolute?: string;
  /** Where more is known of it than what the path says. */
  readonly language?: LanguageId | undefined;
  /** Those of `relative`, where many rules are asked about the same file. */
  readonly parts?: PathParts;
}

export type ScopedRule = Pick<Rule, 'languages' | 'paths' | 'excludePaths' | 'globs'>;

/** Compiles a rule's scope; use it for every path that the rule meets. */
export function compileScope(rule: ScopedRule): (path: ScopePath) => boolean {
  const style = rule.globs ?? 'path';
  const compile = (
    globs: readonly string[] | undefined,
  ): ((path: ScopePath) => boolean) | undefined => {
    if (globs === undefined) return undefined;
    if (style === 'path') {
      const set = new GlobSet(globs);
      return ({ relative, parts }) => set.has(parts ?? partsOf(relative));
    }
    const tests = globs.map((glob) => compileGlob(glob, { style }));
    return (path) => {
      const candidates = fnmatchCandidates(path);
      return tests.some((test) => candidates.some(test));
    };
  };
  const languages = rule.languages === undefined ? undefined : new Set(rule.languages);
  const included = compile(rule.paths);
  const excluded = compile(rule.excludePaths);
  return (path) => {
    if (languages !== undefined) {
      const language = path.language ?? languageOf(path.relative);
      if (!speaks(languages, language)) return false;
    }
    return included?.(path) !== false && excluded?.(path) !== true;
  };
}

/** The part of a rule's scope that a language decides; cheaper than the whole, and asked first. */
export function compileLanguages(rule: ScopedRule): (language: LanguageId | undefined) => boolean {
  if (rule.languages !== undefined) {
    const languages = new Set(rule.languages);
    return (language) => speaks(languages, language);
  }
  const languages = languagesOfGlobs(rule);
  return languages === undefined ? () => true : (language) => languages.has(language);
}

function speaks(languages: ReadonlySet<LanguageId>, language: LanguageId | undefined): boolean {
  return language !== undefined && spokenIn(language).some((each) => languages.has(each));
}

/** Languages of the paths that globs let through, as far as their ends tell: all of them end in an extension. */
function languagesOfGlobs({
  paths,
  globs: style = 'path',
}: ScopedRule): ReadonlySet<LanguageId | undefined> | undefined {
  // In the other style braces stand for themselves.
  const globs = style === 'path' ? paths?.flatMap((glob) => plainGlobs(glob) ?? [glob]) : paths;
  if (globs === undefined) return undefined;
  const sets = globs.map((glob) => languagesOfExtension(/\.([a-z0-9]+)$/i.exec(glob)?.[1] ?? ''));
  if (sets.some((set) => set === undefined)) return undefined;
  return new Set(sets.flatMap((set) => [...(set ?? [])]));
}

/** One question; `compileScope` is for many. */
export function scopeMatches(rule: ScopedRule, path: ScopePath): boolean {
  return compileScope(rule)(path);
}

/**
 * The path from the project root (also with a slash, so that a leading `**` + `/` needs no folder), the
 * base name, the absolute path without its leading slash.
 */
function fnmatchCandidates({ relative, absolute }: ScopePath): readonly string[] {
  const inside = slashes(relative);
  const candidates = [inside, `/${inside}`, baseName(inside)];
  if (absolute !== undefined) candidates.push(slashes(absolute).replace(/^\/+/, ''));
  return candidates;
}
