/** What the literals say about a text, before any rule is read: which patterns are to be tried. */
import { type LanguageId, languageOf } from './language.ts';
import type { Sighting } from './match/literal-index.ts';
import type { Window } from './re2/result.ts';
import { partsOf } from './scope/glob-set.ts';
import type { ScopePath } from './scope/scope.ts';
import { languageOfStart } from './shebang.ts';
import { decodeText, isUtf16 } from './text/decode.ts';

/** Which files a rule is for, and what else is asked before it is read. */
export interface RuleScope {
  /** Shared by rules of the same scope, so that one answer serves them all. */
  readonly applies: (path: ScopePath) => boolean;
  /** Whether the rule is for no language in particular. */
  readonly isForAll: boolean;
  readonly isBuiltin: boolean;
}

/** Rules and plans by index. */
export interface SearchSet {
  /** Looks for the literals of the plans whose rule speaks the language. */
  readonly search: (text: Uint8Array, language: LanguageId | undefined) => Sighting;
  /** Plans that have no literal. */
  readonly unfiltered: readonly number[];
  /** Whether a plan's rule is for files in a language. */
  readonly speaks: (plan: number, language: LanguageId | undefined) => boolean;
  /** Index of the rule that a plan belongs to. */
  readonly ownerOf: (plan: number) => number;
  /** Of a rule. */
  readonly scope: (index: number) => RuleScope | undefined;
}

/** A text with what the literals say about it. */
export interface Sighted {
  readonly bytes: Uint8Array;
  readonly sighting: Sighting;
  /** Plans to try, sorted. */
  readonly due: readonly number[];
  /** By plan, where they are known: windows outside of which it has no match. */
  readonly windows?: ReadonlyMap<number, readonly Window[]>;
}

/** A file's path with its language; asked for once. */
export interface Place extends ScopePath {
  readonly language: LanguageId | undefined;
}

/** By its name, or by the first line where the name tells nothing. */
export function placeOf(relative: string, absolute: string | undefined, bytes: Uint8Array): Place {
  const language = languageOf(relative) ?? languageOfStart(bytes);
  const place = { relative, language, parts: partsOf(relative) };
  return absolute === undefined ? place : { ...place, absolute };
}

/** Whether `Scanner.scan` with this set may report anything of a file; false is certain. */
export function mayReport(set: SearchSet, bytes: Uint8Array, place: Place): boolean {
  return place.language === 'notebook' || isPromising(sightText(set, bytes, place));
}

/** Whether there is a pattern to try, or a suppression to judge. */
export function isPromising({ due, sighting }: Sighted): boolean {
  return due.length > 0 || sighting.marks.length > 0;
}

/** Most texts are ASCII, which the search tells; another one is decoded, and searched again where that changes it. */
export function sightText(set: SearchSet, bytes: Uint8Array, place: Place): Sighted {
  const raw = withoutUtf16(bytes);
  const sighted = sight(set, raw, place);
  if (sighted.sighting.ascii) return sighted;
  const text = decodeText(raw);
  return text === raw ? sighted : sight(set, text, place);
}

export function withoutUtf16(bytes: Uint8Array): Uint8Array {
  return isUtf16(bytes) ? decodeText(bytes) : bytes;
}

/** Of a text as it is; only rules that `concerns` accepts are due. */
export function sight(
  set: SearchSet,
  bytes: Uint8Array,
  place: Place,
  concerns: (scope: RuleScope) => boolean = () => true,
): Sighted {
  const { language } = place;
  const sighting = set.search(bytes, language);
  const unfiltered = set.unfiltered.filter((plan) => set.speaks(plan, language));
  const candidates = [...sighting.flagged, ...unfiltered];
  if (candidates.length === 0) return { bytes, sighting, due: candidates };
  const answers = new Map<RuleScope['applies'], boolean>();
  const due = candidates.filter((plan) => {
    const scope = set.scope(set.ownerOf(plan));
    if (scope === undefined || !concerns(scope)) return false;
    const answer = answers.get(scope.applies) ?? scope.applies(place);
    answers.set(scope.applies, answer);
    return answer;
  });
  return { bytes, sighting, due: due.sort((a, b) => a - b) };
}

/** Rules for no language in particular look at a notebook's whole file, not only at its code. */
export function sightAnywhere(set: SearchSet, bytes: Uint8Array, place: Place): Sighted {
  return sight(set, bytes, place, ({ isForAll }) => isForAll);
}
