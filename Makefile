# kicau - `make run` and `make test` are the two commands a newcomer needs; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build
MAKEFLAGS += --no-print-directory

# MODE: release (default), asan (ASan + UBSan), tsan, fuzz (clang, libFuzzer), debug
MODE ?= release
B := build$(if $(filter-out release,$(MODE)),/$(MODE))
PREFIX ?= /usr/local
DATA ?= data
LISTEN ?= 127.0.0.1:8080
VERSION := $(shell cat VERSION 2>/dev/null || echo 0.1.0)

CC := $(if $(filter fuzz,$(MODE)),clang,gcc)
PKGS := libmicrohttpd sqlite3 libpq jansson libsodium inih libarchive
LIBS = $(shell pkg-config --libs $(PKGS)) -lwslay -lunistring -lm -pthread
WARN := -Wall -Wextra -Wconversion -Wno-sign-conversion -Wshadow -Wvla -Wformat=2 -Wstrict-prototypes \
	-Wimplicit-fallthrough -Wmissing-prototypes -Wno-missing-field-initializers -Werror
OPT.release := -O2 -g -D_FORTIFY_SOURCE=2
OPT.debug := -O0 -g3 -DDEBUG
OPT.asan := -O1 -g -DDEBUG -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT.tsan := -O1 -g -DDEBUG -fsanitize=thread -fno-omit-frame-pointer
OPT.fuzz := -O1 -g -DDEBUG -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
CFLAGS = -std=gnu17 $(WARN) $(OPT.$(MODE)) -fstack-protector-strong -fPIE -pthread -D_GNU_SOURCE \
	-DKICAU_VERSION='"$(VERSION)"' -Isrc -I$(B)/gen $(shell pkg-config --cflags $(PKGS))
SAN.asan := -fsanitize=address,undefined
SAN.tsan := -fsanitize=thread
SAN.fuzz := -fsanitize=fuzzer-no-link,address,undefined
LDFLAGS := -pie -Wl,-z,relro,-z,now $(SAN.$(MODE))

ALL_C := $(sort $(shell find src -name '*.c'))
TEST_C := $(filter %_test.c,$(ALL_C))
FUZZ_C := $(filter %_fuzz.c,$(ALL_C))
IMAGE_C := src/media/image_main.c
LIB_C := $(filter-out $(TEST_C) $(FUZZ_C) $(IMAGE_C) src/main.c,$(ALL_C))
GEN_C := $(B)/gen/schema_embed.c $(B)/gen/assets_embed.c
LIB_O := $(LIB_C:src/%.c=$(B)/obj/%.o) $(GEN_C:$(B)/gen/%.c=$(B)/obj/gen/%.o)
TESTS := $(TEST_C:src/%.c=$(B)/tests/%)
FUZZERS := $(FUZZ_C:src/%_fuzz.c=$(B)/fuzz/%)

.PHONY: build
build: $(B)/kicau $(B)/kicau-image ## compile the program

$(B)/kicau: $(B)/obj/main.o $(LIB_O)
	@echo "  link   $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# The image program reads what strangers upload, in a process of its own with limits; only it links libvips.
$(B)/kicau-image: $(B)/obj/media/image_main.o $(B)/obj/media/blurhash.o $(B)/obj/base/alloc.o $(B)/obj/base/err.o $(B)/obj/base/view.o
	@echo "  link   $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs vips) -lm

$(B)/obj/media/image_main.o: CFLAGS += $(shell pkg-config --cflags vips)

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

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

$(B)/tests/%: src/%.c $(LIB_O)
	@mkdir -p $(@D)
	@echo "  test   $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIB_O) $(LIBS) -lcmocka

$(B)/fuzz/%: src/%_fuzz.c $(LIB_O)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(LDFLAGS) $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer,) -o $@ $< $(LIB_O) $(LIBS)

.PHONY: unit
unit: $(TESTS) ## unit tests alone
	@for t in $(TESTS); do $$t || exit 1; done

# Measurements: bench/run.mjs starts them; BENCHMARKS.md says what each one is.
BENCHES := $(addprefix $(B)/bench/,fanout seed search single_commit ws_clients)
$(B)/bench/seed: bench/seed_people.c bench/seed_posts.c bench/vocabulary.c
$(B)/bench/%: bench/%.c $(LIB_O)
	@mkdir -p $(@D)
	@echo "  bench  $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LIBS)

.PHONY: bench
bench: build $(BENCHES) ## measure; writes build/bench.json
	@node bench/run.mjs $(BENCH)

.PHONY: deps-check
deps-check:
