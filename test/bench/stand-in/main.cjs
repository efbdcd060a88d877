// Stands in for the plugin's resident service: speaks its protocol, and finds what one regular expression does.
const { existsSync, readFileSync, rmSync } = require('node:fs');
const { createServer } = require('node:http');
const path = require('node:path');

const [, , folder] = process.argv;
const plugin = path.join(__dirname, '..');
const [rule] = JSON.parse(readFileSync(path.join(plugin, 'rules.json'), 'utf8'));
const pattern = new RegExp(rule.patterns[0]);
/** What the test wants it to do wrong. */
const mode = existsSync(path.join(plugin, 'mode'))
  ? readFileSync(path.join(plugin, 'mode'), 'utf8')
  : '';
const edits = { answered: 0, told: 0, incomplete: 0, refused: 0, failed: 0 };

function answer(body) {
  if (mode === 'refuse') return [503, 'not answered here\n'];
  edits.answered += mode === 'miscount' ? 2 : 1;
  const payload = JSON.parse(body.subarray(body.indexOf('\0\0') + 2));
  if (!pattern.test(payload.tool_input.content) || mode === 'silent') return [200, 'sg1\n'];
  edits.told += 1;
  const output = { hookEventName: 'PostToolUse', additionalContext: 'Found.' };
  return [200, `sg1\n${JSON.stringify({ hookSpecificOutput: output })}\n`];
}

const status = () => ({
  version: '9.9.9',
  pid: process.pid,
  rssBytes: process.memoryUsage.rss(),
  workers: 1,
  rules: 1,
  edits,
});

if (mode === 'broken') {
  process.stderr.write('sg-service: rules: rules-unreadable: made up\n');
  process.exit(1);
}
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/1/ping') return response.end('sg1 9.9.9\n');
    if (request.url === '/1/status') return response.end(JSON.stringify(status()));
    const [code, text] = answer(Buffer.concat(chunks));
    response.writeHead(code, { 'content-length': Buffer.byteLength(text) }).end(text);
  });
});
server.listen(path.join(folder, 's'));
process.on('SIGTERM', () => {
  rmSync(path.join(folder, 's'), { force: true });
  process.exit(0);
});
// As the real one leaves: a suite that was stopped while it started this does not know it.
setInterval(() => existsSync(plugin) || process.exit(0), 500);
