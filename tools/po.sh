#!/bin/bash
# po.sh check|update - the translators' side of text/tongue.h. check: whether po/*.po say everything; update: writes what is
# new in the sources into them, to be translated by hand.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find src -name '*.c' | sort | xargs xgettext --language=C --keyword=N_ --keyword=field_errors_add:4 --from-code=UTF-8 --no-location --sort-output \
	--package-name=kicau -o "$work/kicau.pot"
for po in po/*.po; do
	if [ "$1" = update ]; then
		msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-location --sort-output --width=100 "$po" "$work/kicau.pot"
		msgattrib --no-obsolete --width=100 --sort-output -o "$po" "$po"
	else
		msgfmt --check -o /dev/null "$po"
		msgcmp --no-fuzzy-matching "$po" "$work/kicau.pot"
	fi
done
