/** Tells values that stand in for one: nobody would take them for a secret. */

/** So many bytes of an alphabet or of digits in their order are no chance. */
const LONGEST_RUN = 8;

const WORDS =
  /example|placeholder|change[-_ ]?(?:me|this|it)|dummy|sample|fake|redacted|replace|insert[-_ ]|to[-_ ]?be[-_ ]|fixme|lorem|(?:^|[^a-z])(?:your|todo|tbd|foo|bar|foobar|test|none|null|undefined|xxx)(?:[^a-z]|$)|(?:^|[^a-z])(?:your|my|the|some|enter|put)[-_ ]/;
/** Of templates and of references to the environment. */
const MARKS = /\$\{|\$\(|\{\{|#\{|%\(|<%|^\$[A-Za-z_]/;
const WRAPPED = /^(?:<.*>|\[.*\]|\{.*\}|%[^%]*%|__.*__)$/s;
const FILLED = /x{4}|\*{3}|\.{3}|…|_{4}|#{4}|-{5}|0{8}/;

/** `xxxx`, `1234567890`, `your_key`, `<token>`, `${TOKEN}`, `changeme`, one character throughout, nothing at all. */
export function isPlaceholder(text: string): boolean {
  const value = text.trim().toLowerCase();
  return (
    new Set(value).size <= 2 ||
    FILLED.test(value) ||
    MARKS.test(value) ||
    WRAPPED.test(value) ||
    WORDS.test(value) ||
    hasRun(value)
  );
}

/** `abcdefgh`, `12345678`, `7890…`. */
function hasRun(value: string): boolean {
  let length = 1;
  for (let i = 1; i < value.length && length < LONGEST_RUN; i++) {
    const step = value.charCodeAt(i) - value.charCodeAt(i - 1);
    const wraps = value[i - 1] === '9' && value[i] === '0';
    length = step === 1 || wraps ? length + 1 : 1;
  }
  return length >= LONGEST_RUN;
}
