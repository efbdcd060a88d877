/** What a line says of itself, as one that a function begins on, or ends, or stands in. */
import type { LanguageId } from '../language.ts';

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
/** `public byte[] read(@Named(of = "a") String name) throws IOException {`, `int main(int argc, char **argv)`. */
const TYPED =
  /^\s*(?:@\w+(?:\([^()]*\))?\s*)*[A-Za-z_<[](?:[\w<>[\],.?*:~]|&(?!&))*\s+(?:(?:[\w<>[\],.?*:~]|&(?!&))+\s+)*[&*]*[\w:~]+\s*\([^;{}]*(?:\)[^;={}()]*(?:\{|=>).*|[,({)]?)$/;
/** A constructor has no type. */
const CONSTRUCTOR = /^\s*(?:public|private|protected|internal)\s+\w+\s*\(/;
/** `async list(order: string, { page = 1 }: Paged): Promise<Order[]> {` */
const METHOD =
  /^\s*(?:(?:public|private|protected|static|async|override|get|set)\s+)*\*?#?[\w$]+\s*(?:<[^>()]*>)?\((?:[^;{}]|\{[^{}]*\})*\)\s*(?::[^={;)]*)?\{$/;
/** First words of statements that look like one of these. */
const STATEMENT =
  /^\s*\}?\s*(?:if|else|elif|for|foreach|while|switch|catch|do|try|return|new|throw|synchronized|using|lock|with|match|when|case|unless|until|await|yield|delete|typeof|assert|goto|sizeof|echo|print|defer|go|select|super|this|default|SELECT|INSERT|UPDATE|WHERE|FROM|AND|OR)\b/;
const ANNOTATION = /^\s*(?:@\w|#\[|\[\w)/;
/** Of a body: a brace on a line of its own, or nothing. */
const OPENING = /^\s*\{?$/;
/** The end of a line with more inside. */
const OPENS =
  /(?:[{([:>|=,]|\b(?:do|then|begin))$|^\s*(?:def|class|module|if|unless|while|for|case|begin)\b/;
/** `case 'a':`, `case A ->`, `default: {`, `when 'a'` of Ruby, also with what is done on the line itself. */
const BRANCH = /^\s*(?:case\b.*(?::|->|=>)|default\s*(?::|->)|when\s[^({]*$)/;
/** `"a", "b" -> {`, `Op::Read { name } => {`. */
const ARM =
  /^\s*(?:"[^"]*"|'[^']*'|\d+|is\s[\w.]+|[A-Z][\w:.]*(?:\s?(?:\{[^{}]*\}|\([^()]*\)))?|else|_)\s?(?:[,|][^=>-]*)?(?:->|=>)/;
/** `start)` and `'-v' | --verbose)` of scripts. */
const SCRIPT_BRANCH = /^\s*\(?[^\s()|$]+(?:\s*\|\s*[^\s()|$]+)*\)(?:\s|$)/;
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

/** Of a line's text, without what is blank at its end. */
export interface LineShape {
  readonly isBlank: boolean;
  /** Whether a function begins there: of the line's own, or one that is given to a call on it. */
  readonly head: 'function' | 'callback' | 'none';
  /** `if`, `return` and their like. */
  readonly isStatement: boolean;
  /** Something may stand in it that is indented more. */
  readonly opens: boolean;
  /** It ends a head that began on a line above. */
  readonly endsHead: boolean;
  /** `sort(`: parameters may follow on lines of their own. */
  readonly isOpened: boolean;
  /** A brace alone, or nothing: the body of a function may begin with it. */
  readonly isOpening: boolean;
  readonly isAnnotation: boolean;
  /** One of several ways to go on. */
  readonly isBranch: boolean;
}

export function shapeOf(text: string, language: LanguageId | undefined): LineShape {
  const isStatement = STATEMENT.test(text);
  const head = isStatement ? 'none' : headOf(text, language);
  return {
    isBlank: text === '',
    head,
    isStatement,
    // Text, a preprocessor's line or a label is nothing that something stands in.
    opens: head !== 'none' || (OPENS.test(text) && !LABEL.test(text)),
    endsHead: HEAD_ENDS.test(text),
    isOpened: text.endsWith('(') && !isStatement,
    isOpening: OPENING.test(text),
    isAnnotation: ANNOTATION.test(text),
    isBranch: isBranch(text, language),
  };
}

function headOf(text: string, language: LanguageId | undefined): LineShape['head'] {
  if (KEYWORD.test(text)) return VARIABLE.test(text) ? 'none' : 'function';
  if (ASSIGNED.test(text)) return 'function';
  if (isRegistered(text) || (ROUTE.test(text) && BLOCK_BEGINS.test(text))) return 'callback';
  if (language === undefined) return 'none';
  const isTyped = TYPED_LANGUAGES.has(language) && (TYPED.test(text) || CONSTRUCTOR.test(text));
  const isMethod = SCRIPT_LANGUAGES.has(language) && text.endsWith('{') && METHOD.test(text);
  return isTyped || isMethod ? 'function' : 'none';
}

function isBranch(text: string, language: LanguageId | undefined): boolean {
  if (language === 'kotlin' || language === 'rust') return ARM.test(text);
  if (language === 'shell') return SCRIPT_BRANCH.test(text);
  return BRANCH.test(text);
}

function isRegistered(text: string): boolean {
  const first = REGISTERS.exec(text);
  return first !== null && ANONYMOUS.test(text.slice(first.index + first[0].length));
}
