// Stands in for the hook that works without a service.
const { readFileSync } = require('node:fs');
const { content } = JSON.parse(readFileSync(0, 'utf8')).tool_input;
const output = { hookEventName: 'PostToolUse', additionalContext: 'Found.' };
if (/\beval\(/.test(content))
  process.stdout.write(`${JSON.stringify({ hookSpecificOutput: output })}\n`);
