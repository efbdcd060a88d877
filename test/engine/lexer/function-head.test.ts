/** Which lines are taken for the head of a function. */
import { describe, expect, test } from 'vitest';
import { type LanguageId, languageOf } from '../../../engine/language.ts';
import { FunctionHeads } from '../../../engine/lexer/function-head.ts';
import { LineIndex } from '../../../engine/text/lines.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';

/** Of the lines above the last one, the first that is of the same function. 1-based. */
function firstLine(text: string, language: LanguageId | undefined): number {
  const bytes = encodeUtf8(text);
  const lines = new LineIndex(bytes);
  return new FunctionHeads(bytes, lines, language).firstOf(lines.lineCount, 100);
}

describe('a function begins here', () => {
  test.each([
    ['a.py', 'def read(name):'],
    ['a.py', 'async def read(self, name: str) -> bytes:'],
    ['a.go', 'func (s *Server) Read(w http.ResponseWriter, r *http.Request) {'],
    ['a.go', 'r.GET("/read", func(c *gin.Context) {'],
    ['a.js', 'export default async function read(name) {'],
    ['a.js', 'const read = async (name) => {'],
    ['a.js', 'exports.read = function (req, res) {'],
    ['a.js', "app.get('/read', auth, async (req, res) => {"],
    ['a.ts', 'async read(@Query() name: string): Promise<string> {'],
    ['a.ts', 'const read = (name: string): string =>'],
    ['A.java', 'public byte[] read(@RequestParam String name) throws IOException {'],
    ['A.java', 'public Reader(String name) {'],
    [
      'A.java',
      'public String read(@RequestParam(defaultValue = "1") int page) throws IOException {',
    ],
    ['A.cs', 'public IActionResult Read(string name, int page = 1)'],
    ['a.ts', 'read(_: unknown, { name, page = 1 }: { name: string; page: number }) {'],
    ['A.cs', 'public async Task<IActionResult> Read(string name)'],
    ['A.cs', 'private static string Read(string name) => File.ReadAllText('],
    ['a.c', 'static int read_file(const char *name,'],
    ['a.c', 'int main(int argc, char **argv)'],
    ['a.cpp', 'std::string Reader::read(const std::string &name) {'],
    ['a.cpp', 'svr.Get("/read", [](const httplib::Request& req, httplib::Response& res) {'],
    ['a.kt', 'override suspend fun read(name: String): ByteArray {'],
    ['a.kt', 'get("/read") {'],
    ['a.rb', "get '/read' do"],
    ['a.rs', 'pub(crate) async fn read(name: &str) -> String {'],
    ['a.swift', 'init(name: String) {'],
    ['a.php', 'public static function read($name) {'],
    ['a.scala', 'def read(name: String) = {'],
  ])('%s: %s', (path, head) => {
    // Not at the top of the file: what begins there needs no words of a function.
    expect(firstLine(`  above\n  ${head}\n${' '.repeat(8)}x`, languageOf(path))).toBe(2);
  });
});

describe('no function begins here', () => {
  test.each([
    ['a.py', 'if name not in ALLOWED:'],
    ['a.py', 'with open(name) as handle:'],
    ['a.py', 'define(name)'],
    ['a.js', 'if (!allowed.has(name)) {'],
    ['a.js', 'return new Promise((resolve) => {'],
    ['a.js', 'names.forEach((name) => {'],
    ['a.js', 'const found = await fetch(`/api/${name}`, {'],
    ['a.js', "axios.post('/api', {"],
    ['a.js', 'try {'],
    ['a.ts', 'for (const name of names) {'],
    ['a.ts', 'const size = cond ? a : b;'],
    ['A.java', 'String path = clean(name);'],
    ['A.java', 'throw new IllegalArgumentException(name);'],
    ['A.java', '} else if (name.contains("..")) {'],
    ['A.java', 'return reader.read(name,'],
    ['A.cs', 'using (var reader = new Reader(name)) {'],
    ['A.cs', 'await Check(name,'],
    ['a.c', 'while (fgets(line, sizeof line, stdin)) {'],
    ['a.c', 'snprintf(path, sizeof path, "%s/%s", root, name);'],
    ['a.go', 'if _, err := check(name); err != nil {'],
    ['a.rb', 'names.each do |name|'],
    ['a.sh', 'case "$name" in'],
    ['a.unknown', 'anything at all (with) {'],
  ])('%s: %s', (path, line) => {
    expect(firstLine(`  above\n  ${line}\n${' '.repeat(8)}x`, languageOf(path))).toBe(1);
  });
});

test.each([
  ['above\nfunction f() {\n  a();\n}\nx', 4],
  ['above\nfunction f()\n{\n\n  a();\n}\nx', 6],
  ['above\nfunction f() { a(); }\nx', 3],
])('a function that has ended is left out, and so is what is above it: %j', (text, first) => {
  expect(firstLine(text, 'php')).toBe(first);
});

test.each<[string, string, number]>([
  ['a wrapper', 'a();\n});\nexports.b = wrap(async (req, res) => {\n  x', 3],
  ['a brace on its own line', 'a();\nstatic int\nf(int a)\n{\n  x', 3],
  ['parameters on lines of their own', '  a();\n  sort(\n    by: string,\n  ) {\n    x', 2],
  ['a function in the function', 'f(a) {\n  b();\n  const c = (d) => d;\n  x', 1],
  ['a function of many lines in it', 'def f(a):\n  b()\n  def c(d):\n    e()\n  x', 1],
  ['a callback on the own line', "function f() {\n  a();\n  db.all('b', (c) => {", 1],
  ['a callback that is not registered', "function f() {\n  a();\n  d.on('b', (c) => {\n    x", 1],
  ['a block of a script', 'a();\nif (b) {\n  x', 1],
  ['text that is not indented', 'def f():\n    a()\n    b = """\nselect\n"""\n    x', 1],
])('what is around a line: %s', (_name, text, first) => {
  expect(firstLine(text, text.startsWith('def') ? 'python' : 'typescript')).toBe(first);
});

test('decorators belong to the head', () => {
  expect(firstLine('above\n@app.get("/")\n@cached\ndef f():\n    x', 'python')).toBe(2);
});

test('a line that is too long is no head', () => {
  expect(firstLine(`above\ndef f(${'a, '.repeat(100)}):\n    x`, 'python')).toBe(1);
});

describe('a branch with another one above begins here', () => {
  test.each([
    ['a.js', "case 'two':", "case 'one':", 'switch (kind) {'],
    ['a.js', "case 'two': {", "case 'one': {", 'switch (kind) {'],
    ['a.js', 'default:', "case 'one':", 'switch (kind) {'],
    ['a.go', 'case "two", "three":', 'case "one":', 'switch kind {'],
    ['A.java', 'case TWO -> {', 'case ONE -> {', 'switch (kind) {'],
    ['a.cpp', 'case Kind::two:', 'case Kind::one:', 'switch (kind) {'],
    ['a.swift', 'case .two(let name):', 'case .one:', 'switch kind {'],
    ['a.py', 'case "two":', 'case "one":', 'match kind:'],
    ['a.rb', "when 'two', 'three'", "when 'one'", 'case kind'],
    ['a.kt', '"two", "three" -> {', '"one" -> {', 'when (kind) {'],
    ['a.kt', 'is Two -> {', 'is One -> {', 'when (kind) {'],
    ['a.rs', 'Op::Two { name } => {', 'Op::One => {', 'match op {'],
    ['a.sh', 'two|three)', 'one)', 'case "$1" in'],
  ])('%s: %s', (path, label, other, head) => {
    const body = `${' '.repeat(8)}x`;
    const ask = (lines: readonly string[]): number => {
      const bytes = encodeUtf8(lines.join('\n'));
      const index = new LineIndex(bytes);
      const heads = new FunctionHeads(bytes, index, languageOf(path));
      return heads.firstOfBranch(index.lineCount, 100);
    };
    const start = ['  before', `  ${head}`];
    const [one, two] = [`    ${other}`, `    ${label}`];
    expect(ask([...start, one, body, two, body])).toBe(5);
    expect(ask([...start, one, body, two, body, `${body}(`, `    ${body}`])).toBe(5);
    // Two labels of one branch, and a branch with nothing above it but what all have.
    expect(ask([...start, one, body, two, two, body])).toBe(5);
    expect(ask([...start, two, body])).toBe(1);
    expect(ask([...start, one, two, body])).toBe(1);
    expect(ask([...start, one, body, '  }', '  if (x) {', body])).toBe(1);
  });
});
