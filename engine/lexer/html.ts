/**
 * HTML and what is built on it: comments; `<script>` as JavaScript, `<style>` as CSS. Tags, attribute
 * values and text are code, because the rules for HTML look at them.
 */
import { DOUBLE_QUOTE, GREATER, isLetter, isWord, LESS, SINGLE_QUOTE, standsAt } from './bytes.ts';
import { strayCommentEnd } from './fragment.ts';
import type { Output } from './output.ts';
import { readRange } from './read.ts';
import type { Tables } from './tables/index.ts';

/** Elements whose content is text up to their closing tag: no comment begins in there. */
const TEXT_ELEMENTS: ReadonlySet<string> = new Set(
  'script style textarea title xmp iframe noembed noframes'.split(' '),
);
const LONGEST_NAME = 10;

export function readHtml(
  bytes: Uint8Array,
  from: number,
  end: number,
  tables: Tables,
  out: Output,
): void {
  const markers = { open: '<!--', close: '-->' };
  const begin = from === 0 ? strayCommentEnd(bytes, from, end, markers) : from;
  out.add(from, begin, 'comment');
  let at = begin;
  while (at < end) {
    const open = bytes.indexOf(LESS, at);
    if (open < 0 || open >= end) return;
    if (standsAt(bytes, open, end, '<!--')) {
      at = commentEnd(bytes, open + 4, end);
      out.add(open, at, 'comment');
    } else if (isLetter(bytes[open + 1] ?? 0) && open + 1 < end) {
      at = readElement(bytes, open, end, tables, out);
    } else {
      at = open + 1;
    }
  }
}

/** Offset after a comment whose text begins at `from`: `-->`, `--!>`, or `>` and `->` right at the start. */
function commentEnd(bytes: Uint8Array, from: number, end: number): number {
  if (standsAt(bytes, from, end, '>')) return from + 1;
  if (standsAt(bytes, from, end, '->')) return from + 2;
  let at = bytes.indexOf(GREATER, from);
  while (at >= 0 && at < end) {
    if (at - 2 >= from && standsAt(bytes, at - 2, end, '--')) return at + 1;
    if (at - 3 >= from && standsAt(bytes, at - 3, end, '--!')) return at + 1;
    at = bytes.indexOf(GREATER, at + 1);
  }
  return end;
}

/** Passes a tag, and the content of an element whose content is text. */
function readElement(
  bytes: Uint8Array,
  open: number,
  end: number,
  tables: Tables,
  out: Output,
): number {
  let at = open + 1;
  let name = '';
  while (at < end && isWord(bytes[at] ?? 0)) {
    if (name.length <= LONGEST_NAME) name += String.fromCharCode((bytes[at] ?? 0) | 32);
    at += 1;
  }
  const tagEnd = passTag(bytes, at, end);
  if (!TEXT_ELEMENTS.has(name) || bytes[tagEnd - 1] !== GREATER) return tagEnd;
  const stop = closingTag(bytes, tagEnd, end, name);
  if (name === 'script') {
    const language = isTypeScript(bytes, at, tagEnd) ? 'typescript' : 'javascript';
    readRange(bytes, tagEnd, stop, tables.of(language), out);
  } else if (name === 'style') {
    readRange(bytes, tagEnd, stop, tables.of('css'), out);
  }
  return stop;
}

/** Offset after the `>` of a tag; quoted attribute values may hold one. */
function passTag(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  let quote = 0;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    at += 1;
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === GREATER) {
      return at;
    } else if (
      (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) &&
      beginsValue(bytes, at - 1, from)
    ) {
      quote = byte;
    }
  }
  return end;
}

function beginsValue(bytes: Uint8Array, at: number, from: number): boolean {
  let back = at - 1;
  while (back >= from && (bytes[back] ?? 0) <= 32) back -= 1;
  return back >= from && bytes[back] === 61;
}

/** Offset of `</name`, in any case, or `end`. */
function closingTag(bytes: Uint8Array, from: number, end: number, name: string): number {
  let at = bytes.indexOf(LESS, from);
  while (at >= 0 && at < end) {
    if (bytes[at + 1] === 47 && at + 2 + name.length <= end) {
      let index = 0;
      while (
        index < name.length &&
        ((bytes[at + 2 + index] ?? 0) | 32) === name.charCodeAt(index)
      ) {
        index += 1;
      }
      if (index === name.length) return at;
    }
    at = bytes.indexOf(LESS, at + 1);
  }
  return end;
}

/** `lang="ts"`: there `<T>x` is no element. */
function isTypeScript(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) {
    if (standsAt(bytes, at, end, 'lang="ts"') || standsAt(bytes, at, end, "lang='ts'")) return true;
  }
  return false;
}
