#!/usr/bin/env bash
# Lays out what the image of the services holds: what `npm run build` made, and production dependencies only.
#
#   prepare.sh OUT [WORKSPACE...]      (more workspaces than the services, such as libs/testing)
set -euo pipefail

fail() { echo "prepare: $*" >&2; exit 1; }
[[ $# -ge 1 ]] || fail "usage: $0 OUT [WORKSPACE...]"
root=$(dirname "$(realpath "$0")")/../..
out=$(realpath -m -- "$1")
workspaces=(apps/{standalone,enrollment,recovery,verification,notification,audit,identity,relay,gateway,cli} "${@:2}")
[[ ! -e $out ]] || fail "$out is there already"
cd "$root"
for workspace in "${workspaces[@]}"; do
  [[ -d $workspace/dist ]] || fail "$workspace/dist is not there: npm run build makes it"
done

mkdir -p "$out"
{ printf '%s\0' package.json package-lock.json; find apps libs -name package.json -not -path '*/node_modules/*' -print0; } |
  xargs -0 cp --parents -t "$out"
(cd "$out" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error --include-workspace-root \
  "${workspaces[@]/#/--workspace=}")

# Of our own packages those that npm linked are needed, the others not even as a name.
used=$(find "$out/node_modules/@sparekey" -type l -exec realpath --relative-to="$out" {} +)
while read -r package; do
  if grep -qxF "$package" <<<"$used"; then cp -r "$package/dist" "$out/$package/"; else rm -r "${out:?}/$package"; fi
done < <(cd "$out" && find apps libs -name package.json -not -path '*/node_modules/*' -printf '%h\n')
cp --parents -t "$out" deploy/docker/{healthcheck,make-secrets,prepare-databases}.mjs
node=$(cd "$out/node_modules" && echo node-linux-*/bin/node)
[[ -e $out/node_modules/.bin/node ]] || ln -s "../$node" "$out/node_modules/.bin/node" # npm before 11.19 takes it away
rm -rf "$out"/node_modules/node-linux-*/{include,share,CHANGELOG.md} # of Node only the program runs
# What only compilers, editors and Swagger's own pages need; the API is described by /openapi.json.
rm -rf "$out"/node_modules/{typescript,swagger-ui-dist,@types,@microsoft}
find "$out/node_modules" "$out/libs" "$out/apps" -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete
chmod -R a+rX "$out"
install -d -m 1777 "$out/data" # where a volume stands for everything in one process; the services keep nothing
