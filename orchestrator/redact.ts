/** Takes secrets out of everything that goes to a model. What cannot be looked through does not go. */
import { AhoCorasick } from '../engine/prefilter/aho-corasick.ts';
import type { Scanner } from '../engine/scanner.ts';
import { decodeText } from '../engine/text/decode.ts';
import { decodeUtf8, encodeUtf8 } from '../engine/text/utf8.ts';
import { PLACEHOLDER_PREFIX, type Placeholders } from './placeholders.ts';
import { SECRET_FORMS, type SecretForm } from './redact-rules.ts';
import { keyBody, secretIn, type SecretSpan } from './redact-value.ts';

export interface RedactSource {
  readonly bytes: Uint8Array;
  /** A configuration file or a shell script, where a word without quotes is a value. */
  readonly isData: boolean;
}

export type Redacted =
  | {
      readonly ok: true;
      /** As many lines as the source has: a secret of several lines has a placeholder on each. */
      readonly text: string;
    }
  | { readonly ok: false; readonly reason: string };

export interface RedactTools {
  /** Made of `secretRules()`. */
  readonly scanner: Pick<Scanner, 'scan'>;
  readonly placeholders: Placeholders;
}

/** Remembers what it saw: a strong secret is taken out of everything that comes with it or later. */
export interface Redactor {
  redactAll(sources: readonly RedactSource[]): Redacted[];
  /** One text, fail closed: what cannot be looked through becomes a sentence that says so. */
  redact(text: string): string;
  restore(text: string): string;
}

const MAX_SECRETS_PER_TEXT = 1000;
/** Bytes of all strong secrets: the automaton's table is some hundred times this. */
const MAX_STRONG_BYTES = 49_152;

interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

/** Values of telling names, however they are written; a form that says more goes before it. */
const VALUE = 'value';
const FORMS: ReadonlyMap<string, SecretForm> = new Map(
  SECRET_FORMS.map((form) => [`secret-${form.kind}`, form]),
);

export function createRedactor({ scanner, placeholders }: RedactTools): Redactor {
  /** Byte strings, and the kind of each; the prefix is one so that no text can pose as a placeholder. */
  const strong = new Map<string, string>([[PLACEHOLDER_PREFIX, 'literal']]);
  let strongBytes = 0;
  let automaton: AhoCorasick | undefined;

  const learn = (bytes: Uint8Array, spans: readonly (SecretSpan & Span)[]): boolean => {
    for (const { start, end, kind, strong: isStrong } of spans) {
      if (!isStrong) continue;
      const secret = byteString(bytes, start, end);
      if (strong.has(secret)) continue;
      strongBytes += secret.length;
      if (strongBytes > MAX_STRONG_BYTES) return false;
      strong.set(secret, kind);
      automaton = undefined;
    }
    return true;
  };

  const copies = (bytes: Uint8Array): Span[] => {
    const secrets = [...strong];
    automaton ??= new AhoCorasick(secrets.map(([secret]) => ({ bytes: secret, foldCase: false })));
    const spans: Span[] = [];
    // Folding characters do not matter: every literal is compared byte by byte.
    automaton.search(bytes, (index, start, end) => {
      spans.push({ start, end, kind: secrets[index]?.[1] ?? VALUE });
    });
    return spans;
  };

  const redactAll = (sources: readonly RedactSource[]): Redacted[] => {
    const looked = sources.map(({ bytes, isData }) => {
      const text = decodeText(bytes);
      const found = detect(scanner, text, isData);
      if (typeof found === 'string') return { text, spans: [], refused: found };
      const refused = learn(text, found)
        ? undefined
        : 'it brings more secrets than can be kept apart';
      return { text, spans: found, refused };
    });
    return looked.map(({ text, spans, refused }): Redacted => {
      if (refused !== undefined) return { ok: false, reason: `not sent: ${refused}` };
      return { ok: true, text: replaced(text, merged([...spans, ...copies(text)]), placeholders) };
    });
  };

  return {
    redactAll,
    redact(text) {
      const [result] = redactAll([{ bytes: encodeUtf8(text), isData: false }]);
      if (result === undefined || !result.ok)
        return '(left out: could not be looked through for secrets)';
      return result.text;
    },
    restore: (text) => placeholders.restore(text),
  };
}

/** Secrets of a text, or why they cannot all be known. */
function detect(
  scanner: Pick<Scanner, 'scan'>,
  text: Uint8Array,
  isData: boolean,
): (SecretSpan & Span)[] | string {
  // The scanner drops a byte order mark, and this one is part of the text: a line before it keeps it there.
  const shift = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 1 : 0;
  const scanned = shift === 0 ? text : Uint8Array.from([10, ...text]);
  // The name has no language, so the whole text is looked at as it is.
  const { findings, suppressed, incomplete } = scanner.scan('text', scanned);
  if (incomplete.length > 0) return 'its secrets could not all be looked for';
  const all = [...findings, ...suppressed.map(({ finding }) => finding)].sort(
    (a, b) => a.start.offset - b.start.offset,
  );
  const spans: (SecretSpan & Span)[] = [];
  let keyEnd = 0;
  for (const { ruleId, start, end } of all) {
    const form = FORMS.get(ruleId);
    if (form === undefined) continue;
    const match = { start: start.offset - shift, end: end.offset - shift };
    const { reach } = form;
    const kind = form.kind.startsWith(VALUE) ? VALUE : form.kind;
    if (reach !== 'key-body') {
      const span = secretIn(text, match, reach, isData);
      if (span !== undefined) spans.push({ ...span, kind });
    } else if (match.start >= keyEnd) {
      const body = keyBody(text, match.end);
      keyEnd = body.end;
      for (const span of body.spans) spans.push({ ...span, kind });
    }
    if (spans.length > MAX_SECRETS_PER_TEXT)
      return `it holds more than ${MAX_SECRETS_PER_TEXT} secrets`;
  }
  return spans.sort(byPlace);
}

function byPlace(a: Span, b: Span): number {
  return a.start - b.start || b.end - a.end || Number(a.kind === VALUE) - Number(b.kind === VALUE);
}

/** In order, with those that overlap made one: what is left of neither may stand. */
function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort(byPlace)) {
    const last = result.at(-1);
    if (last !== undefined && span.start < last.end)
      result[result.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else result.push(span);
  }
  return result;
}

function replaced(text: Uint8Array, spans: readonly Span[], placeholders: Placeholders): string {
  let result = '';
  let done = 0;
  for (const { start, end, kind } of spans) {
    for (let from = start; from < end;) {
      let to = from;
      while (to < end && text[to] !== 10 && text[to] !== 13) to++;
      if (to > from) {
        result += decodeUtf8(text, done, from) + placeholders.of(kind, decodeUtf8(text, from, to));
        done = to;
      }
      from = to + 1;
    }
  }
  return result + decodeUtf8(text, done);
}

function byteString(bytes: Uint8Array, start: number, end: number): string {
  let result = '';
  for (let i = start; i < end; i++) result += String.fromCharCode(bytes[i] ?? 0);
  return result;
}
