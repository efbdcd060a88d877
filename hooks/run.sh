#!/bin/sh
# Starts a hook of this plugin: run.sh NAME. Ends with 0 and without a word on stderr whatever happens:
# the host shows anything else under every edit. A switched-off plugin does not even start Node.js.
case ${SECURITY_GUIDANCE_DISABLE:-} in
  1 | [Tt][Rr][Uu][Ee] | [Yy][Ee][Ss] | [Oo][Nn]) exit 0 ;;
esac
[ "${ENABLE_SECURITY_REMINDER:-1}" = 0 ] && exit 0
[ "${ENABLE_PATTERN_RULES:-1}" = 0 ] && [ "$1" = post-tool-use ] && exit 0

here=${0%/*}
[ "$here" = "$0" ] && here=.
script=$here/$1.js
[ -f "$script" ] || exit 0

if command -v node >/dev/null 2>&1; then
  # Not by exec: a Node.js that cannot load or finish the script is caught here.
  node "$script" 2>/dev/null && exit 0
  node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && exit 0
fi

# No Node.js, or one too old: say so to the user, at most once a day.
if [ -n "${SECURITY_WARNINGS_STATE_DIR:-}" ]; then
  state=$SECURITY_WARNINGS_STATE_DIR
elif [ -n "${CLAUDE_CONFIG_DIR:-}" ]; then
  state=$CLAUDE_CONFIG_DIR/security
elif [ -n "${HOME:-}" ]; then
  state=$HOME/.claude/security
else
  exit 0
fi
marker=$state/node-missing
[ -n "$(find "$marker" -mtime -1 2>/dev/null)" ] && exit 0
# Where the telling cannot be remembered it would come with every edit: then rather not at all.
(umask 077 && mkdir -p "$state" && : >"$marker") 2>/dev/null || exit 0
printf '%s\n' '{"systemMessage":"security-guidance: edits are not checked, since Node.js 20 or newer was not found. Install it or disable the plugin."}'
exit 0
