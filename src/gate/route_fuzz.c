/* A path, as it was sent, against a small tree that has every kind of segment. */
#include "base/base.h"
#include "gate/route.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err nothing(struct call *c)
{
	(void)c;
	return OK;
}

#define ROW(m, p, ...)                                                                                                 \
	{                                                                                                              \
		.method = HTTP_##m, .path = (p), .handle = nothing, .auth = AUTH_NONE, .rate = RATE_NONE,              \
		.meter = METER_FREE, .reply = "{}", .doc = "Nothing.", .params = PARAMS(__VA_ARGS__)                   \
	}
#define P(n)                                                                                                           \
	{                                                                                                              \
		.name = (n), .type = PARAM_STRING                                                                      \
	}

static const struct endpoint rows[] = {
	ROW(GET, "/", ),
	ROW(GET, "/a/:b/c", P("b")),
	ROW(GET, "/a/b/:c", P("c")),
	ROW(POST, "/a/b/c", ),
	ROW(GET, "/@:a", P("a")),
	ROW(GET, "/@:a/:b/:c", P("a"), P("b"), P("c")),
	ROW(GET, "/:a/b", P("a")),
	ROW(DELETE, "/f/:rest*", P("rest")),
	ENDPOINTS_END,
};
static const struct endpoint_group groups[] = {{"Fuzz", rows}, {0}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct router *router;
	struct arena arena;
	struct route_match m;
	if (!router && router_build(groups, &router, NULL) != OK)
		BUG("the rows are wrong");
	arena_init(&arena, LIMIT_MIB);
	if (size && size < 8192 &&
	    router_match(router, &arena, data[0] % (HTTP_OTHER + 1), view_make((const char *)data + 1, size - 1), &m) ==
		    OK)
		for (size_t i = 0; i < m.route->n_captures; i++)
			if (!utf8_valid(m.values[i]) || m.values[i].len == 0)
				BUG("a capture of %s is not text", m.route->row->path);
	arena_release(&arena);
	return 0;
}
