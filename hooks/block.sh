#!/bin/sh
# Denies an edit that would introduce what an organisation's policy blocks. Nearly nobody has such a policy: until one
# is found that speaks of "block", no program is started. Ends with 0 and without a word on stderr whatever happens.
# The switches of the plugin do not count here: they are the user's, and the policy is not.
exec 2>/dev/null
blocks=0
# host/gate/policy.ts knows the same places.
for policy in "${SG_POLICY:-}" /etc/security-guidance/policy.yaml \
  '/Library/Application Support/security-guidance/policy.yaml' '/c/Program Files/security-guidance/policy.yaml'; do
  [ -n "$policy" ] || continue
  if [ ! -e "$policy" ]; then
    # One that is named has to be there: Node.js says so.
    [ "$policy" = "${SG_POLICY:-}" ] && blocks=1
    continue
  fi
  if [ ! -f "$policy" ] || [ ! -r "$policy" ]; then
    blocks=1
    continue
  fi
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      *block*)
        blocks=1
        break
        ;;
    esac
  done <"$policy"
done
[ "$blocks" = 1 ] || exit 0
command -v node >/dev/null || exit 0
node "${CLAUDE_PLUGIN_ROOT}/block/main.js"
exit 0
