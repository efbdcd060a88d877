/** Tells lines on which a function begins, so that what is asked of one function is not answered by the next one. */
import type { LanguageId } from '../language.ts';
import type { LineIndex } from '../text/lines.ts';

/** Of a line; a longer one is no head, as some of the expressions below take the square of that. */
const MOST_BYTES = 256;
/** Above a line: how far the head of its function is looked for. */
const MOST_LINES = 100;
const TAB_WIDTH = 8;

const SPACE = 32;
const TAB = 9;

/** Words in front of a function's keyword or type. */
const MODIFIERS =
  '(?:(?:export|default|public|private|protected|internal|static|final|abstract|override|open|async|suspend|inline|pub(?:\\([\\w ]+\\))?|const|unsafe|extern|local|virtual|sealed|partial|infix|operator|mutating|@\\w+(?:\\([^()]*\\))?)\\s+)*';
/** `def f(`, `func (s *Server) F(`, `export async function f(`, `init(`; in Ruby and Scala also without a parenthesis. */
const KEYWORD = new RegExp(
  `^\\s*${MODIFIERS}(?:(?:def|func|function|fun|fn)\\b\\s*(?:\\*\\s*|\\([^()]*\\)\\s*|<[^<>]*>\\s*)?[\\w.$?!]*\\s*[(<\\[]|def\\s+[\\w.$?!]+\\s*(?:$|[:;=]\\s*[^=])|(?:init|constructor)\\s*\\([^()]*\\)\\s*\\{)`,
);
/** A variable of Groovy. */
const VARIABLE = /^\s*def\s+\w+\s*=/;
/** `const f = async (a, b) =>`, `exports.f = function`, `f: a =>`. */
const ASSIGNED =
  /^\s*(?:export\s+)?(?:default\s+)?(?:(?:const|let|var|val)\s+)?[\w$.]+\s*(?::[^=():]*)?[=:]\s*(?:async\s*)?(?:function\b|(?:\([^()]*\)|[\w$]+)\s*(?::[^={:]+)?=>)/;
/**
 * `app.get('/a', (req, res) => {`, `r.GET("/a", func(c *gin.Context) {`, `it('works', function () {`: what is registered
 * is a function of its own. Another callback, as in `new Promise((resolve) => {`, goes on with what is around it.
 */
const REGISTERS =
  /(?:^|[.\s])(?:get|post|put|patch|delete|all|use|route|any|GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Delete|HandleFunc|Handle|Map[A-Z]\w*|it|test|describe|tool|command|handle|task)\s*\(\s*["'`][^"'`]*["'`]\s*,/;
const ANONYMOUS = /(?:=>|->|\bfunction\b|\bfunc\b|\bfn\b|\[[&=]?\]\s*\(|\|[^|]*\|)[^{]*\{?$/;
/** Routes of Sinatra and Ktor: `get '/a' do`, `get("/a") {`. */
const ROUTE = /^\s*(?:get|post|put|patch|delete)\s*\(?\s*["'/]/;
const BLOCK_BEGINS = /(?:\bdo(?:\s*\|[^|]*\|)?|\{)$/;
/** `public byte[] read(String name) throws IOException {`, `int main(int argc, char **argv)`. */
const TYPED =
  /^\s*(?:@\w+(?:\([^()]*\))?\s*)*[A-Za-z_<[](?:[\w<>[\],.?*:~]|&(?!&))*\s+(?:(?:[\w<>[\],.?*:~]|&(?!&))+\s+)*[&*]*[\w:~]+\s*\([^;={}]*(?:\)[^;={}()]*(?:\{|=>).*|[,({)]?)$/;
/** A constructor has no type. */
const CONSTRUCTOR = /^\s*(?:public|private|protected|internal)\s+\w+\s*\(/;
/** `async list(order: string): Promise<Order[]> {` */
const METHOD =
  /^\s*(?:(?:public|private|protected|static|async|override|get|set)\s+)*\*?#?[\w$]+\s*(?:<[^>()]*>)?\([^;={}]*\)\s*(?::[^={;)]*)?\{$/;
/** First words of statements that look like one of these. */
const STATEMENT =
  /^\s*\}?\s*(?:if|else|elif|for|foreach|while|switch|catch|do|try|return|new|throw|synchronized|using|lock|with|match|when|case|unless|until|await|yield|delete|typeof|assert|goto|sizeof|echo|print|defer|go|select|super|this|default|SELECT|INSERT|UPDATE|WHERE|FROM|AND|OR)\b/;
const ANNOTATION = /^\s*(?:@\w|#\[|\[\w)/;
/** Of a body: a brace on a line of its own, or nothing. */
const OPENING = /^\s*\{?$/;
/** The end of a line with more inside. */
const OPENS =
  /(?:[{([:>|=,]|\b(?:do|then|begin))$|^\s*(?:def|class|module|if|unless|while|for|case|begin)\b/;
const LABEL = /^\s*\w+\s*:$/;
/** The end of a head of several lines: `) {`, `): Promise<void> {`, a brace on a line of its own. */
const HEAD_ENDS = /^\s*(?:\)[^;]*(?:\{|:|=>|=)|\{)$/;

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
  'html',
]);

/** The functions of one text, as far as its lines tell. */
export class FunctionHeads {
  readonly #text: Uint8Array;
  readonly #lines: LineIndex;
  readonly #language: LanguageId | undefined;
  /** By line: the first of its function, as far as it was looked for. */
  readonly #firsts = new Map<number, number>();
  readonly #known = new Map<number, 'function' | 'callback' | 'none'>();

  constructor(text: Uint8Array, lines: LineIndex, language: LanguageId | undefined) {
    this.#text = text;
    this.#lines = lines;
    this.#language = language;
  }

  /**
   * The first of at most `most` lines above the 1-based `line` that are of the function around it: its head, or, when that
   * is further up, the line `most` above.
   */
  firstOf(line: number, most: number): number {
    let first = this.#firsts.get(line);
    if (first === undefined) this.#firsts.set(line, (first = this.#around(line)));
    return Math.max(1, line - most, first);
  }

  /** What is around a line is indented less than that and all between. */
  #around(line: number): number {
    const last = Math.max(1, line - MOST_LINES);
    if (this.#isHead(line, true)) return this.#withAnnotations(line, last);
    let least = this.#indentation(line);
    for (let above = line - 1; above >= last; above--) {
      const text = this.#textOf(above);
      const own = this.#indentation(above);
      if (text === '' || own > least) continue;
      if (own === least) {
        // Beside the line at the top of a file; what ended there, and what is above it, says nothing about it.
        if (least === 0 && this.#isHead(above)) return this.#endOf(above, line);
        continue;
      }
      // Text, a preprocessor's line, or a label: nothing that something stands in.
      if (!this.#isHead(above) && (!OPENS.test(text) || LABEL.test(text))) continue;
      least = own;
      const head = HEAD_ENDS.test(text) ? this.#beginningOf(above, last) : above;
      const isTop = own === 0 && !STATEMENT.test(this.#textOf(head));
      if (isTop || this.#isHead(head) || (head < above && this.#isOpened(head)))
        return this.#withAnnotations(head, last);
      above = head;
    }
    return last;
  }

  /** Where the head begins that ends on a line: the next one above that is indented no more. */
  #beginningOf(end: number, last: number): number {
    const own = this.#indentation(end);
    let line = end - 1;
    while (line > last && (this.#textOf(line) === '' || this.#indentation(line) > own)) line--;
    return Math.max(line, last);
  }

  /** `sort(`, the parameters on lines of their own. */
  #isOpened(line: number): boolean {
    const text = this.#textOf(line);
    return text.endsWith('(') && !STATEMENT.test(text);
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

  /** `itself`: whether the head is of the line's own, and not of a callback that is given on it. */
  #isHead(line: number, itself = false): boolean {
    const known = this.#known.get(line) ?? this.#tellHead(this.#textOf(line));
    this.#known.set(line, known);
    return known === 'function' || (known === 'callback' && !itself);
  }

  #tellHead(text: string): 'function' | 'callback' | 'none' {
    const language = this.#language;
    if (STATEMENT.test(text)) return 'none';
    if (KEYWORD.test(text)) return VARIABLE.test(text) ? 'none' : 'function';
    if (ASSIGNED.test(text)) return 'function';
    if (isRegistered(text) || (ROUTE.test(text) && BLOCK_BEGINS.test(text))) return 'callback';
    if (language === undefined) return 'none';
    const isTyped = TYPED_LANGUAGES.has(language) && (TYPED.test(text) || CONSTRUCTOR.test(text));
    const isMethod = SCRIPT_LANGUAGES.has(language) && text.endsWith('{') && METHOD.test(text);
    return isTyped || isMethod ? 'function' : 'none';
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
  const first = REGISTERS.exec(text);
  return first !== null && ANONYMOUS.test(text.slice(first.index + first[0].length));
}
