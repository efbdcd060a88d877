/** Tells lines on which a function begins, so that what is asked of one function is not answered by the next one. */
import type { LanguageId } from '../language.ts';
import type { LineIndex } from '../text/lines.ts';

/** Of a line; a longer one is no head. Some of the expressions below take the square of that. */
const MOST_BYTES = 256;
const TAB_WIDTH = 8;

const SPACE = 32;
const TAB = 9;

/** Words in front of a function's keyword or type. */
const MODIFIERS =
  '(?:(?:export|default|public|private|protected|internal|static|final|abstract|override|open|async|suspend|inline|pub(?:\\([\\w ]+\\))?|const|unsafe|extern|local|virtual|sealed|partial|infix|operator|mutating|@\\w+(?:\\([^()]*\\))?)\\s+)*';
/** `def f`, `func (s *Server) F`, `export async function f`, `init(`. */
const KEYWORD = new RegExp(
  `^\\s*${MODIFIERS}(?:(?:def|func|function|fun|fn|sub)\\b|(?:init|constructor)\\s*\\()`,
);
/** `const f = async (a, b) =>`, `exports.f = function`, `f: a =>`. */
const ASSIGNED =
  /^\s*(?:export\s+)?(?:default\s+)?(?:(?:const|let|var|val)\s+)?[\w$.]+\s*(?::[^=()]*)?[=:]\s*(?:async\s*)?(?:function\b|(?:\([^()]*\)|[\w$]+)\s*(?::[^={]+)?=>)/;
/**
 * `app.get('/a', (req, res) => {`, `r.GET("/a", func(c *gin.Context) {`, `it('works', function () {`: what is given behind
 * a text is a function of its own. One that comes first, as in `new Promise((resolve) => {`, goes on with what is
 * around it.
 */
const BEHIND_TEXT = /\(\s*["'`][^"'`]*["'`]\s*,/;
const ANONYMOUS = /(?:=>|\bfunction\b|\bfunc\b|\bfn\b|\[[&=]?\]\s*\(|\|[^|]*\|)[^{]*\{$/;
/** Routes of Sinatra and Ktor: `get '/a' do`, `get("/a") {`. */
const ROUTE = /^\s*(?:get|post|put|patch|delete)\s*\(?\s*["'/]/;
const BLOCK_BEGINS = /(?:\bdo(?:\s*\|[^|]*\|)?|\{)$/;
/** `public byte[] read(String name) throws IOException {`, `int main(int argc, char **argv)`. */
const TYPED =
  /^\s*(?:@\w+(?:\([^()]*\))?\s*)*(?:[\w<>[\],.?&*:~]+\s+)+[&*]*[\w:~]+\s*\([^;={}]*(?:\)[^;={}()]*(?:\{|=>).*|[,({)]?)$/;
/** A constructor has no type. */
const CONSTRUCTOR = /^\s*(?:public|private|protected|internal)\s+\w+\s*\(/;
/** `async list(order: string): Promise<Order[]> {` */
const METHOD =
  /^\s*(?:(?:public|private|protected|static|async|override|get|set)\s+)*\*?#?[\w$]+\s*(?:<[^>()]*>)?\([^;={}]*\)(?:\s*:[^={;]+)?\s*\{$/;
/** Of a body: a brace on a line of its own, or nothing. */
const OPENING = /^\s*\{?$/;
const ANNOTATION = /^\s*(?:@\w|#\[|\[\w)/;
/** First words of statements that look like one of these. */
const STATEMENT =
  /^\s*\}?\s*(?:if|else|elif|for|foreach|while|switch|catch|do|try|return|new|throw|synchronized|using|lock|with|match|when|case|unless|until|await|yield|delete|typeof|assert|goto|sizeof|echo|print|defer|go|select|super|this|default)\b/;

const TYPED_LANGUAGES: ReadonlySet<LanguageId> = new Set<LanguageId>([
  'java',
  'csharp',
  'c',
  'cpp',
]);
const SCRIPT_LANGUAGES: ReadonlySet<LanguageId> = new Set<LanguageId>([
  'javascript',
  'typescript',
  'jsx',
  'tsx',
  'vue',
  'svelte',
]);

/** The functions of one text, as far as its lines tell. */
export class FunctionHeads {
  readonly #text: Uint8Array;
  readonly #lines: LineIndex;
  readonly #language: LanguageId | undefined;
  readonly #known = new Map<number, boolean>();

  constructor(text: Uint8Array, lines: LineIndex, language: LanguageId | undefined) {
    this.#text = text;
    this.#lines = lines;
    this.#language = language;
  }

  /**
   * The first of at most `most` lines above the 1-based `line` that are of the function around it: its head, or, where
   * that is further up, the last of them. A function above that is indented as far has ended: it is left out, and what
   * is above it.
   */
  firstOf(line: number, most: number): number {
    const last = Math.max(1, line - most);
    if (this.#isHead(line)) return this.#withAnnotations(line, last);
    const own = this.#indentation(line);
    for (let above = line - 1; above >= last; above--)
      if (this.#isHead(above))
        return this.#indentation(above) < own
          ? this.#withAnnotations(above, last)
          : this.#endOf(above, line);
    return last;
  }

  /** The line behind the body of a function, by indentation; at most `line`. */
  #endOf(head: number, line: number): number {
    const own = this.#indentation(head);
    let end = head + 1;
    while (end < line && (this.#indentation(end) > own || OPENING.test(this.#textOf(end)))) end++;
    return end;
  }

  /** Decorators, annotations and attributes stand above the head. */
  #withAnnotations(head: number, last: number): number {
    let line = head;
    while (line > last && ANNOTATION.test(this.#textOf(line - 1))) line--;
    return line;
  }

  #isHead(line: number): boolean {
    let known = this.#known.get(line);
    if (known === undefined) this.#known.set(line, (known = this.#tellHead(this.#textOf(line))));
    return known;
  }

  #tellHead(text: string): boolean {
    const language = this.#language;
    if (KEYWORD.test(text)) return true;
    if (STATEMENT.test(text)) return false;
    if (ASSIGNED.test(text) || isRegistered(text)) return true;
    if (ROUTE.test(text) && BLOCK_BEGINS.test(text)) return true;
    if (language === undefined) return false;
    if (TYPED_LANGUAGES.has(language)) return TYPED.test(text) || CONSTRUCTOR.test(text);
    return SCRIPT_LANGUAGES.has(language) && METHOD.test(text);
  }

  /** Bytes as characters: what is looked for is ASCII. Empty for a line that is too long. */
  #textOf(line: number): string {
    const start = this.#lines.startOf(line);
    const end = this.#lines.endOf(line);
    if (end - start > MOST_BYTES) return '';
    return String.fromCharCode(...this.#text.subarray(start, end)).trimEnd();
  }

  /** In columns, as far as the longest head. */
  #indentation(line: number): number {
    const start = this.#lines.startOf(line);
    let width = 0;
    for (let at = start; at < start + MOST_BYTES; at++) {
      const byte = this.#text[at];
      if (byte === TAB) width += TAB_WIDTH - (width % TAB_WIDTH);
      else if (byte === SPACE) width++;
      else break;
    }
    return width;
  }
}

function isRegistered(text: string): boolean {
  if (!text.endsWith('{')) return false;
  const first = BEHIND_TEXT.exec(text);
  return first !== null && ANONYMOUS.test(text.slice(first.index + first[0].length));
}
