#!/bin/bash
# mastodon_endpoints.sh CLONE > tests/api/schema/mastodon-endpoints.txt - the endpoints that Mastodon's documentation
# describes, from a clone of https://github.com/mastodon/documentation: the first request below each heading. What is
# further below are examples.
set -euo pipefail
cd "$1"
echo "# Endpoints of Mastodon's client API: method, path, page of the documentation."
echo "# Source: https://github.com/mastodon/documentation, content/en/methods, commit $(git rev-parse HEAD) of $(git log -1 --format=%cs)."
echo "# Written by tools/mastodon_endpoints.sh; not changed by hand."
git ls-tree -r --name-only HEAD content/en/methods | grep '\.md$' | sort | while read -r page; do
	git show "HEAD:$page" | awk -v page="${page#content/en/methods/}" '
		/^###? / { heading = 1 }
		heading && /^(GET|HEAD|POST|PUT|PATCH|DELETE) / { sub(/^https:\/\/[^\/]*/, "", $2); sub(/\?.*/, "", $2); print $1, $2, page; heading = 0 }'
done
