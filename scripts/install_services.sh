#!/usr/bin/env bash
# Install the programs that the tests start (PostgreSQL, Redis, Chromium with a Chinese font, gettext) where they are
# missing, through apt. Without the right to install, name what is left out; in CI (CI=true) fail instead.
set -euo pipefail

missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || command -v initdb > /dev/null || missing+=(postgresql)
command -v redis-server > /dev/null || missing+=(redis-server)
[ -x /usr/bin/chromium ] || missing+=(chromium)
command -v msgfmt > /dev/null || missing+=(gettext)
command -v git > /dev/null || missing+=(git)
compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' > /dev/null || missing+=(fonts-noto-cjk)
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo)
    [ -t 0 ] || as_root+=(-n)
fi
if command -v apt-get > /dev/null && { [ "$(id -u)" -eq 0 ] || "${as_root[@]}" true 2> /dev/null; }; then
    echo "Installing what the tests start: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
        > /dev/null
    exit 0
fi

cat >&2 << END
*******************************************************************************
NOT INSTALLED: ${missing[*]}
There is no right to install packages here. Tests that need these programs are
LEFT OUT. Remedy: apt-get install ${missing[*]}
*******************************************************************************
END
[ "${CI:-}" = true ] && exit 1
exit 0
