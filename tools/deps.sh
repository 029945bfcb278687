#!/bin/bash
# deps.sh STAGE… - installs the Debian 12 packages that a stage (build, test, fuzz, bench, study, lint) needs and lacks.
# A program or library counts as there when it is found, wherever it came from.
set -euo pipefail
cd "$(dirname "$0")/.."

# kind:what-is-looked-for:package
build="cmd:gcc:gcc cmd:make:make cmd:pkg-config:pkg-config hdr:stdlib.h:libc6-dev
lib:libmicrohttpd:libmicrohttpd-dev lib:sqlite3:libsqlite3-dev lib:libpq:libpq-dev lib:jansson:libjansson-dev
lib:libsodium:libsodium-dev lib:libcrypto:libssl-dev lib:libcurl:libcurl4-openssl-dev lib:inih:libinih-dev lib:libarchive:libarchive-dev lib:libxml-2.0:libxml2-dev lib:vips:libvips-dev lib:pangocairo:libpango1.0-dev lib:cairo-pdf:libcairo2-dev
file:/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core hdr:wslay/wslay.h:libwslay-dev hdr:unistr.h:libunistring-dev file:/etc/ssl/certs/ca-certificates.crt:ca-certificates cmd:ffmpeg:ffmpeg
lib:libzstd:libzstd-dev cmd:msgfmt:gettext lib:libfido2:libfido2-dev lib:libqrencode:libqrencode-dev"
test="hdr:cmocka.h:libcmocka-dev cmd:zstd:zstd cmd:node:nodejs cmd:npm:npm cmd:chromium:chromium pg:initdb:postgresql
cmd:exiftool:libimage-exiftool-perl cmd:pdftotext:poppler-utils py:mastodon:python3-mastodon py:feedparser:python3-feedparser cmd:toot:toot cmd:sqlite3:sqlite3 cmd:git:git cmd:tmux:tmux cmd:openssl:openssl cmd:java:default-jre-headless
py:aiosmtpd:python3-aiosmtpd py:tweepy:python3-tweepy cmd:go:golang-go file:/usr/share/gocode/src/golang.org/x/mod/sumdb:golang-golang-x-mod-dev"
study="cmd:node:nodejs cmd:npm:npm"
bench="cmd:node:nodejs cmd:wrk:wrk cmd:nginx:nginx cmd:taskset:util-linux"
fuzz="cmd:clang:clang rt:fuzzer:libclang-rt-14-dev"
lint="hdr:cmocka.h:libcmocka-dev cmd:clang:clang cmd:clang-format:clang-format cmd:clang-tidy:clang-tidy"

found() {
	case $1 in
	cmd) PATH=$PATH:/usr/sbin command -v "$2" >/dev/null ;;
	lib) command -v pkg-config >/dev/null && pkg-config --exists "$2" ;;
	file) [ -e "$2" ] ;;
	hdr) [ -e "/usr/include/$2" ] || [ -e "/usr/local/include/$2" ] ;;
	pg) compgen -G "/usr/lib/postgresql/*/bin/$2" >/dev/null ;;
	rt) compgen -G "/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.$2*.a" >/dev/null ;;
	py) /usr/bin/python3 -c "import $2" 2>/dev/null ;;
	esac
}

missing=()
for stage in "$@"; do
	for item in ${!stage}; do
		IFS=: read -r kind what package <<<"$item"
		found "$kind" "$what" || missing+=("$package")
	done
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
	echo "kicau: these are missing, by their names in Debian 12: ${missing[*]}" >&2
	exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
	as_root=(sudo)
	if ! command -v sudo >/dev/null; then
		echo "kicau: packages are missing and there is no sudo; as root, run" >&2
		echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
		exit 1
	fi
fi
echo "kicau: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
	apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
	tail -20 "$log" >&2
	echo "kicau: these could not be installed: ${missing[*]}" >&2
	echo "kicau: the lines above say why; without a network, install them from elsewhere and run this again" >&2
	exit 1
fi
