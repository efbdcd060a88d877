/** Parses rule files with the `yaml` package; loaded only when there is a file to parse. */
import {
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
} from 'yaml';
import type { DataPath, Locate, ParsedDocument, ParseOptions } from './document.ts';
import type { Place } from './problem.ts';

/** More aliases than any honest file has; each can multiply what it stands for. */
const MAX_ALIASES = 100;

/** Never throws: syntax errors, alias bombs and bottomless nesting come back with a reason. */
export function parseRuleDocument(text: string, options: ParseOptions): ParsedDocument {
  return options.format === 'json' ? parseJson(text, options) : parseYaml(text, options);
}

function parseYaml(text: string, options: ParseOptions): ParsedDocument {
  try {
    const { document, lines } = read(text, options.uniqueKeys);
    const [error] = document.errors;
    if (error !== undefined) {
      return { ok: false, reason: firstLine(error.message), place: placeAt(lines, error.pos[0]) };
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { ok: true, value, locate: locator(document, lines, text) };
  } catch (error) {
    // The package throws on alias bombs, and runs out of stack on bottomless nesting.
    return { ok: false, reason: error instanceof Error ? firstLine(error.message) : 'unreadable' };
  }
}

function parseJson(text: string, options: ParseOptions): ParsedDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const place = jsonErrorPlace(text, error);
    const reason = error instanceof Error ? firstLine(error.message) : 'unreadable';
    return { ok: false, reason, ...(place === undefined ? {} : { place }) };
  }
  let locate: Locate | undefined;
  return {
    ok: true,
    value,
    // JSON is YAML as far as places go; it is read again only when there is something to say.
    locate: (path, part, offset) => {
      try {
        if (locate === undefined) {
          const { document, lines } = read(text, options.uniqueKeys);
          locate = locator(document, lines, text);
        }
        return locate(path, part, offset);
      } catch {
        return undefined;
      }
    },
  };
}

/** Node names the position of some errors only; of the others YAML's first error is the best guess. */
function jsonErrorPlace(text: string, error: unknown): Place | undefined {
  const at = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  if (at !== undefined) return placeIn(text, Number(at));
  try {
    const { document, lines } = read(text, false);
    const [first] = document.errors;
    return first === undefined ? undefined : placeAt(lines, first.pos[0]);
  } catch {
    return undefined;
  }
}

function read(text: string, uniqueKeys: boolean): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys,
    merge: true,
    // Not 'silent', which would also drop the error about a second document. Nothing is printed here.
    logLevel: 'error',
  });
  return { document, lines };
}

function locator(document: Document, lines: LineCounter, text: string): Locate {
  return (path, part = 'value', inside = 0) => {
    const node = nodeAt(document, path, part);
    const begin = node?.range?.[0];
    if (begin === undefined) return undefined;
    return placeAt(
      lines,
      begin + (isScalar(node) ? skip(text.slice(begin, node.range?.[1]), inside) : 0),
    );
  };
}

/** How far the character at `count` stands into the source of a scalar; 0 for one that is written otherwise. */
function skip(source: string, count: number): number {
  const quoted = source.startsWith("'");
  if (count === 0 || source.includes('\n') || /^["|>]/.test(source)) return 0;
  let at = quoted ? 1 : 0;
  for (let left = count; left > 0; left--) at += quoted && source.startsWith("''", at) ? 2 : 1;
  return at < source.length ? at : 0;
}

function nodeAt(document: Document, path: DataPath, part: 'key' | 'value'): Node | undefined {
  let node: unknown = document.contents;
  let key: unknown;
  for (const step of path) {
    if (isSeq(node) && typeof step === 'number') {
      key = undefined;
      node = node.items[step];
    } else if (isMap(node)) {
      const pair = node.items.findLast((item) => isPair(item) && nameOf(item.key) === String(step));
      key = pair?.key;
      node = pair?.value;
    } else return undefined;
  }
  const wanted = part === 'key' && key !== undefined ? key : (node ?? key);
  return isNode(wanted) ? wanted : undefined;
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const newline = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - newline };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.replace(/:$/, '') ?? message;
}
