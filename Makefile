# kicau - `make run` and `make test` are the two commands a newcomer needs; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# gcc warns of variables "maybe uninitialized" that are not, when sanitizers are on (its manual says so).
# MODE: release (default), asan (ASan + UBSan), tsan, fuzz (clang, libFuzzer), debug
MODE ?= release
B := build$(if $(filter-out release,$(MODE)),/$(MODE))
DATA ?= data
LISTEN ?= 127.0.0.1:8080
SECONDS_EACH := $(if $(filter environment% command% file,$(origin SECONDS)),$(SECONDS),60)
VERSION := $(shell cat VERSION 2>/dev/null || echo 0.1.0)

# For `make run` and `make test`, unless make was told how many itself.
ALL_CORES = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/kicau
MANDIR ?= $(PREFIX)/share/man
UNITDIR ?= $(PREFIX)/lib/systemd/system

CC := $(if $(filter fuzz,$(MODE)),clang,gcc)
PKGS := libzstd libxml-2.0 libmicrohttpd sqlite3 libpq jansson libsodium libcrypto libcurl libfido2 libqrencode inih libarchive
LIBS = $(shell pkg-config --libs $(PKGS)) -lwslay -lunistring -lm -pthread
WARN := -Wall -Wextra -Wconversion -Wno-sign-conversion -Wshadow -Wvla -Wformat=2 -Wstrict-prototypes \
	-Wimplicit-fallthrough -Wmissing-prototypes -Wno-missing-field-initializers -Werror
OPT.release := -O2 -g -D_FORTIFY_SOURCE=2
OPT.debug := -O0 -g3 -DDEBUG
OPT.asan := -O1 -g -DDEBUG -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
	-Wno-maybe-uninitialized
OPT.tsan := -O1 -g -DDEBUG -fsanitize=thread -fno-omit-frame-pointer -Wno-maybe-uninitialized
OPT.fuzz := -O1 -g -DDEBUG -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
BASE_CFLAGS = -std=gnu17 $(WARN) -fPIE -pthread -D_GNU_SOURCE -DKICAU_VERSION='"$(VERSION)"' -Isrc -I$(B)/gen \
	$(shell pkg-config --cflags $(PKGS))
CFLAGS = $(BASE_CFLAGS) $(OPT.$(MODE)) -fstack-protector-strong
SAN.asan := -fsanitize=address,undefined
SAN.tsan := -fsanitize=thread
SAN.fuzz := -fsanitize=fuzzer-no-link,address,undefined
LDFLAGS := -pie -Wl,-z,relro,-z,now $(SAN.$(MODE))

ALL_C := $(sort $(shell find src -name '*.c'))
TEST_C := $(filter %_test.c,$(ALL_C))
FUZZ_C := $(filter %_fuzz.c,$(ALL_C))
HELPERS_C := src/media/image_main.c src/media/av_main.c src/meter/pdf_main.c
LIB_C := $(filter-out $(TEST_C) $(FUZZ_C) $(HELPERS_C) src/main.c,$(ALL_C))
BENCH_MAIN_C := $(shell grep -lsw '^int main' bench/*.c)
BENCH_LIB_C := $(filter-out $(BENCH_MAIN_C) bench/unmetered.c,$(wildcard bench/*.c))
PO := $(sort $(wildcard po/*.po))
GEN_C := $(B)/gen/schema_embed.c $(B)/gen/assets_embed.c $(B)/gen/catalogues_embed.c
LIB_O := $(LIB_C:src/%.c=$(B)/obj/%.o) $(GEN_C:$(B)/gen/%.c=$(B)/obj/gen/%.o)
TESTS := $(TEST_C:src/%.c=$(B)/tests/%)
FUZZERS := $(FUZZ_C:src/%_fuzz.c=$(B)/fuzz/%)
BENCHES := $(BENCH_MAIN_C:bench/%.c=$(B)/bench/%) $(B)/bench/unmetered
STUDY_MAIN_C := $(shell grep -lsw '^int main' study/*.c)
STUDY_LIB_C := $(filter-out $(STUDY_MAIN_C),$(wildcard study/*.c))
STUDIES := $(STUDY_MAIN_C:study/%.c=$(B)/study/%)

##@ Using it
.PHONY: run build install help
build: $(B)/kicau $(B)/kicau-image $(B)/kicau-av $(B)/kicau-pdf ## compile the program

run: ## install what is missing (Debian 12), build, and serve http://localhost:8080; DATA=dir LISTEN=address:port
	@tools/deps.sh build
	@$(MAKE) $(ALL_CORES) build
	@$(B)/kicau init --data $(DATA) --listen $(LISTEN)
	@echo "kicau: starting on $(LISTEN); Ctrl-C ends it, make run LISTEN=address:port takes another address"
	@exec $(B)/kicau serve --data $(DATA) --listen $(LISTEN)

install: build $(B)/kicau.1 ## put it under PREFIX (/usr/local); DESTDIR for packages
	install -D -m 755 $(B)/kicau $(DESTDIR)$(BINDIR)/kicau
	install -D -m 755 $(B)/kicau-image $(DESTDIR)$(LIBEXECDIR)/kicau-image
	install -D -m 755 $(B)/kicau-av $(DESTDIR)$(LIBEXECDIR)/kicau-av
	install -D -m 755 $(B)/kicau-pdf $(DESTDIR)$(LIBEXECDIR)/kicau-pdf
	install -D -m 644 $(B)/kicau.1 $(DESTDIR)$(MANDIR)/man1/kicau.1
	@mkdir -p $(DESTDIR)$(UNITDIR)
	sed 's|@BINDIR@|$(BINDIR)|' packaging/kicau.service > $(DESTDIR)$(UNITDIR)/kicau.service

help: ## show this
	@awk -F ':.*## ' '/^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' \
		Makefile

##@ Working on it
.PHONY: study test unit api web attacks data visibility torture soak api-pgsql bench fuzz lint fmt docs po client-docs clean deps-check
test: ## the tests, in some fifteen minutes; installs what they need
	@tools/deps.sh build test
	@$(MAKE) $(ALL_CORES) build
	@tools/test.sh tree api/unit:fuzz web/data:torture attacks/visibility soak

unit: ## unit tests alone
	@tools/deps.sh build test
	@tools/test.sh unit

api: ## the API tests on SQLite alone; FILES="polls oauth" picks some
	@tools/deps.sh build test
	@tools/test.sh api

web: ## the pages in a browser alone
	@tools/deps.sh build test
	@tools/test.sh web

attacks: ## the attacks alone
	@tools/deps.sh build test
	@tools/test.sh attacks

data: ## the data API alone
	@tools/deps.sh build test
	@tools/test.sh data

api-pgsql: ## the shorter pass on PostgreSQL alone
	@tools/deps.sh build test
	@tools/test.sh api-pgsql

bench: build $(BENCHES) ## measure (BENCHMARKS.md); writes build/bench.json; BENCH="home posts" for some of it
	-@tools/deps.sh bench
	@node bench/run.mjs $(BENCH)

study: $(STUDIES) ## can sources of leaks be named, and innocents not? writes build/study.json and docs/trace-study.md; KEEP=1: what is missing alone
	@tools/deps.sh build study
	@cd study && { [ -d node_modules ] || npm ci --silent; }
	@B=$(B) node study/run.mjs $(if $(KEEP),--keep)

visibility: ## every endpoint as every kind of viewer, alone: who sees what
	@tools/deps.sh build test
	@tools/test.sh visibility

torture: ## kill the server and its database, fill its disk, again and again; ROUNDS=200 ROUNDS_PG=50 ROUNDS_METER=200 ROUNDS_METER_PG=50
	@tools/deps.sh build test
	@FILE_SECONDS=7200 ROUNDS=$(or $(ROUNDS),200) ROUNDS_PG=$(or $(ROUNDS_PG),50) ROUNDS_METER=$(or $(ROUNDS_METER),200) ROUNDS_METER_PG=$(or $(ROUNDS_METER_PG),50) ROUNDS_DB=5 tools/test.sh torture

soak: ## COUNT=100000 mixed requests: memory and descriptors must stay where they are
	@tools/deps.sh build test
	@FILE_SECONDS=7200 COUNT=$(or $(COUNT),100000) tools/test.sh soak

fuzz: ## run each fuzzer SECONDS=60 with its corpus
	@tools/deps.sh build fuzz
	@$(MAKE) MODE=fuzz fuzzers
	@tools/fuzz.sh $(SECONDS_EACH)

lint: ## clang with must-check errors, clang-tidy, formatting, layers, headers, sizes
	@tools/deps.sh build lint
	@$(MAKE) build/gen/schema_embed.c build/gen/assets_embed.c build/gen/catalogues_embed.c
	@tools/lint.sh

fmt: ## format the sources (tables keep their layout)
	@tools/format.sh

docs: build ## write docs/api.md, docs/config.md and docs/plans.md from the tables
	@mkdir -p docs
	@$(B)/kicau routes --markdown > docs/api.md
	@$(B)/kicau config list --markdown > docs/config.md
	@$(B)/kicau plan list --markdown > docs/plans.md

po: ## write the words of the sources into po/*.po, for translators
	@tools/po.sh update

client-docs: build ## write docs/mastodon-api.md: which real client reaches which endpoint
	@tools/deps.sh build test
	@cd tests && { [ -d node_modules ] || npm ci --silent; } && SURFACE=write node --test api/surface.test.mjs >/dev/null

clean: ## remove what was built
	@rm -rf build

# ---- rules ----

$(B)/kicau: $(B)/obj/main.o $(LIB_O)
	@echo "  link   $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# The image program reads what strangers upload, in a process of its own with limits; only it links libvips.
$(B)/kicau-image: $(addprefix $(B)/obj/,media/image_main.o media/blurhash.o media/confine.o media/sniff.o base/alloc.o \
		base/err.o base/view.o)
	@echo "  link   $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs vips) -lm

# Films and sounds, likewise: this one links next to nothing, and runs ffmpeg.
$(B)/kicau-av: $(addprefix $(B)/obj/,media/av_main.o media/confine.o media/probe.o media/process.o media/sniff.o base/alloc.o \
		base/clock.o base/err.o base/view.o)
	@echo "  link   $@"
	@$(CC) $(LDFLAGS) -o $@ $^ -lm

# Invoices as PDF: Pango and what it stands on cost an idle process five megabytes.
$(B)/kicau-pdf: $(addprefix $(B)/obj/,meter/pdf_main.o media/confine.o base/alloc.o base/err.o base/view.o)
	@echo "  link   $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs pangocairo cairo-pdf jansson)

$(B)/obj/media/image_main.o: CFLAGS += $(shell pkg-config --cflags vips)
$(B)/obj/meter/pdf_main.o: CFLAGS += $(shell pkg-config --cflags pangocairo cairo-pdf)

$(B)/kicau.1: $(B)/kicau
	@$< help man > $@

$(B)/obj/%.o: src/%.c | deps-check
	@mkdir -p $(@D)
	@echo "  cc     $<"
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/gen/%.o: $(B)/gen/%.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/gen/embed: tools/embed.c
	@mkdir -p $(@D)
	@gcc -O1 -std=gnu17 -Wall -Wextra -o $@ $<
$(B)/gen/schema_embed.c: $(B)/gen/embed $(sort $(wildcard schema/*.sql))
	@$(B)/gen/embed schema $(filter %.sql,$^) > $@.tmp && mv $@.tmp $@
$(B)/gen/assets_embed.c: $(B)/gen/embed $(sort $(wildcard assets/*))
	@$(B)/gen/embed assets $(filter-out $<,$^) > $@.tmp && mv $@.tmp $@

$(B)/gen/%.mo: po/%.po
	@mkdir -p $(@D)
	@msgfmt --check -o $@ $<
$(B)/gen/catalogues_embed.c: $(B)/gen/embed $(PO:po/%.po=$(B)/gen/%.mo)
	@$(B)/gen/embed catalogues $(filter-out $<,$^) > $@.tmp && mv $@.tmp $@

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

# One archive of everything but main(): a test links what it uses, and every registered statement with it.
$(B)/tests/%: src/%.c $(LIB_O)
	@mkdir -p $(@D)
	@echo "  test   $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $< $(LIB_O) $(LIBS) -lcmocka
-include $(shell find $(B)/tests -name '*.d' 2>/dev/null)

# With libFuzzer in MODE=fuzz; otherwise with a main() that replays the corpus.
FUZZ_MAIN := $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer,tools/fuzz_replay.c)
$(B)/fuzz/%: src/%_fuzz.c $(LIB_O) tools/fuzz_replay.c
	@mkdir -p $(@D)
	@echo "  fuzz   $@"
	@$(CC) $(CFLAGS) -Wno-missing-prototypes $(LDFLAGS) -o $@ $< $(FUZZ_MAIN) $(LIB_O) $(LIBS)

$(B)/bench/%: bench/%.c $(BENCH_LIB_C) $(wildcard bench/*.h) $(LIB_O)
	@mkdir -p $(@D)
	@echo "  bench  $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BENCH_LIB_C) $(LIB_O) $(LIBS)

# The program with another file in the place of one: the data API without meter and ledger.
$(B)/bench/unmetered: bench/unmetered.c $(B)/obj/main.o $(filter-out $(B)/obj/gate/deliver.o,$(LIB_O))
	@mkdir -p $(@D)
	@echo "  bench  $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# Models are trained: loops over floats may be added up in any order.
$(B)/study/models: CFLAGS += -O3 -fassociative-math -fno-signed-zeros -fno-trapping-math -fno-math-errno
$(B)/study/%: study/%.c $(STUDY_LIB_C) $(wildcard study/*.h) $(LIB_O)
	@mkdir -p $(@D)
	@echo "  study  $@"
	@$(CC) $(CFLAGS) -Istudy $(LDFLAGS) -o $@ $< $(STUDY_LIB_C) $(LIB_O) $(LIBS)

.PHONY: tests fuzzers benches print-%
tests: $(TESTS)
fuzzers: $(FUZZERS)
benches: $(BENCHES)
print-%: # for the scripts in tools/: make print-TESTS
	@echo '$($*)'

deps-check:
	@pkg-config --exists $(PKGS) vips pangocairo cairo-pdf || { \
		echo "kicau: libraries are missing; tools/deps.sh build installs them" >&2; exit 1; }
