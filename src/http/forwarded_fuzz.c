/* The first line is the list of trusted networks, the rest the header of a proxy. */
#include "base/base.h"
#include "http/forwarded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view rest = {(const char *)data, size};
	size_t line = view_find(rest, 0, '\n');
	char networks[512], text[ADDRESS_TEXT];
	struct network *list;
	size_t n;
	struct address client = {{1}};
	snprintf(networks, sizeof(networks), "%.*s", VIEW_ARG(view_sub(rest, 0, line)));
	if (networks_parse(networks, &list, &n, NULL) != OK)
		return 0;
	struct view header = view_sub(rest, line + 1, rest.len);
	forwarded_walk(list, n, header, &client);
	forwarded_https(header);
	address_text(&client, text);
	free(list);
	return 0;
}
