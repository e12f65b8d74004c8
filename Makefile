# Makefile of libmuc, for GNU make 4 or newer. `make help` tells what there is to make.
#
# Everything is made below $(BUILD); the source tree stays as it is. Sources are found by wildcards:
#   lib/*/*.c             the library
#   examples/NAME.c       a program of one file, built as $(BUILD)/NAME
#   examples/NAME/*.c     a program of several files, likewise
#   examples/prosody/     a module for Prosody, $(BUILD)/prosody/mod_libmuc/ (`make prosody-module`)
#   examples/component/*.c  $(BUILD)/muc-component, which needs more than the library does (WITH_COMPONENT)
#   tests/unit/*.c        one test program, $(BUILD)/unit
#   tests/component/*.c   one test program of the parts of muc-component, $(BUILD)/component-unit
#   tests/integration/    real servers and real clients, in Python
#   tests/fuzz/*.c        fuzz targets, each linked with tests/fuzz/driver.c; calls.c with tests/fuzz/monkey/ too
#   tests/bench/*.c       one program, $(BUILD)/muc-bench
#   tests/bench/load/*.c  one program, $(BUILD)/muc-load, for `make bench-hosts`
# What was found on this machine, and every flag, is written to $(BUILD)/config.mk before anything else is made (but
# after `deps`, if that was asked for); a change of it builds everything anew.

BUILD       ?= build
PREFIX      ?= /usr/local
BINDIR      ?= $(PREFIX)/bin
LIBDIR      ?= $(PREFIX)/lib
INCLUDEDIR  ?= $(PREFIX)/include
MANDIR      ?= $(PREFIX)/share/man
DOCDIR      ?= $(PREFIX)/share/doc/libmuc
DESTDIR     ?=

# JID preparation by RFC 7622 and RFC 8266 with utf8proc: yes, no, or auto (if it is there).
WITH_PRECIS ?= auto
# muc-component with libevent, libcrypto and SQLite: yes, no, or auto (if they are there).
WITH_COMPONENT ?= auto
# Its other kind of store, PostgreSQL, with libpq: yes, no, or auto (if that is there).
WITH_PGSQL  ?= auto
# 1: a warning is an error.
WERROR      ?= 1
# The Lua that Prosody runs with, as pkg-config calls it, and where modules of one's own are.
LUA         ?= lua5.4
PROSODY_PLUGINS ?= /usr/local/lib/prosody/modules
# For instance address,undefined.
SANITIZE    ?=
# 1: show the commands.
V           ?= 0

ifeq ($(origin CC),default)
CC          := gcc
endif
AR          ?= ar
NM          ?= nm
INSTALL     ?= install
PKG_CONFIG  ?= pkg-config
VALGRIND    ?= valgrind
CFLAGS      ?= -O2 -g

DEPS        := gcc libc6-dev make pkg-config libxml2-dev check
DEPS_PRECIS := libutf8proc-dev
DEPS_COMPONENT := libevent-dev libssl-dev libsqlite3-dev
DEPS_PGSQL  := libpq-dev postgresql
DEPS_HOSTS  := prosody ejabberd python3-slixmpp python3-aioxmpp profanity tmux chromium chromium-driver \
  python3-selenium npm postgresql lua5.4 liblua5.4-dev libpq-dev
DEPS_CI     := clang g++ clang-format doxygen valgrind python3

# ---- what is built -------------------------------------------------------------------------------------------------

version_part = $(shell sed -n 's/^.define MUC_VERSION_$(1)[ \t]*//p' include/muc/version.h)
MAJOR       := $(call version_part,MAJOR)
VERSION     := $(MAJOR).$(call version_part,MINOR).$(call version_part,PATCH)

LIB_STATIC  := $(BUILD)/libmuc.a
LIB_SHARED  := $(BUILD)/libmuc.so.$(VERSION)
SONAME      := libmuc.so.$(MAJOR)

LIB_SRC     := $(sort $(wildcard lib/*/*.c))
UNIT_SRC    := $(sort $(wildcard tests/unit/*.c))
SINGLES     := $(patsubst examples/%.c,%,$(sort $(wildcard examples/*.c)))
FOLDERS     := $(filter-out component prosody shared,$(patsubst examples/%/,%,$(sort $(dir $(wildcard \
  examples/*/*.c)))))
PROSODY_SRC := $(sort $(wildcard examples/prosody/*.c))
COMPONENT_SRC := $(sort $(wildcard examples/component/*.c))
LOADER      := $(BUILD)/obj/examples/shared/load.o
COMPONENT_UNIT_SRC := $(sort $(wildcard tests/component/*.c))
EXAMPLE_SRC := $(sort $(wildcard examples/*.c examples/*/*.c))
FUZZ_DRIVER := tests/fuzz/driver.c
FUZZ        := $(patsubst tests/fuzz/%.c,%,$(filter-out $(FUZZ_DRIVER),$(sort $(wildcard tests/fuzz/*.c))))
FUZZ_SRC    := $(sort $(wildcard tests/fuzz/*.c tests/fuzz/*/*.c))
BENCH_SRC   := $(sort $(wildcard tests/bench/*.c))
LOAD_SRC    := $(sort $(wildcard tests/bench/load/*.c))
MAN1        := $(sort $(wildcard examples/man/*.1))

PROGRAMS    := $(addprefix $(BUILD)/,$(SINGLES) $(FOLDERS))
INSTALLED   := $(filter $(BUILD)/muc-scs $(BUILD)/muc-stdio,$(PROGRAMS))
UNIT        := $(if $(UNIT_SRC),$(BUILD)/unit)
FUZZERS     := $(addprefix $(BUILD)/fuzz/,$(FUZZ))

object       = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJ     := $(call object,$(LIB_SRC))
OBJECTS     := $(LIB_OBJ) $(call object,$(EXAMPLE_SRC) $(UNIT_SRC) $(COMPONENT_UNIT_SRC) $(BENCH_SRC) $(LOAD_SRC) \
  $(FUZZ_SRC))

# ---- how -----------------------------------------------------------------------------------------------------------

WARNINGS    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes $(if $(filter 1,$(WERROR)),-Werror)
SANITIZER   := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
COMPILE      = $(CC) -std=c11 $(WARNINGS) -fPIC -fvisibility=hidden $(SANITIZER) $(CPPFLAGS) $(CFLAGS) -MMD -MP
LINK         = $(CC) $(SANITIZER) $(CFLAGS) $(LDFLAGS)
LIBS         = $(XML_LIBS) $(PRECIS_LIBS)
# Programs see what an embedder sees, and what they share; the library and its tests see lib/ too.
INCLUDES     = -Iinclude $(if $(filter examples/%,$<),-Iexamples,-Ilib) $(XML_CFLAGS)

Q           := $(if $(filter 1,$(V)),,@)
say          = $(if $(filter 1,$(V)),,@printf '  %-8s %s\n' $(1) '$(2)')
mkdir        = @mkdir -p $(@D)
# Puts the new file in its place only when it is another one, so that what depends on it is not made again for nothing.
replace      = if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

.PHONY: all
all: $(LIB_STATIC) $(LIB_SHARED) $(PROGRAMS) $(BUILD)/bot.so $(BUILD)/muc.pc
	@echo "libmuc $(VERSION) in $(BUILD), WITH_PRECIS=$(PRECIS) ($(PRECIS_WORDS)), WITH_COMPONENT=$(COMPONENT)," \
	  "WITH_PGSQL=$(PGSQL)"

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: FORCE
FORCE:

# ---- what is there (config.mk) -------------------------------------------------------------------------------------

# All of this is expanded when config.mk is made, not before.
command      = $(shell command -v $(1) 2>/dev/null)
package      = $(shell $(PKG_CONFIG) --exists $(1) 2>/dev/null && echo yes)
flags        = $(if $(call package,$(1)),$(shell $(PKG_CONFIG) $(2) $(1)))
need         = $(if $(1),,$(2))
want_precis  = $(if $(filter auto,$(WITH_PRECIS)),$(if $(call package,libutf8proc),yes,no),$(WITH_PRECIS))
if_precis    = $(if $(filter yes,$(want_precis)),$(1),$(2))
packages_component = libevent_core libcrypto sqlite3
found_component = $(if $(filter-out yes,$(foreach p,$(packages_component),$(or $(call package,$(p)),no))),no,yes)
# Who asks for it by name is told what is missing.
want_component = $(if $(filter component check-component% check-cluster% load bench-hosts%,$(MAKECMDGOALS)),yes,$(if \
  $(filter auto,$(WITH_COMPONENT)),$(found_component),$(WITH_COMPONENT)))
if_component = $(if $(filter yes,$(want_component)),$(1))
want_pgsql   = $(call if_component,$(if $(filter check-cluster%,$(MAKECMDGOALS)),yes,$(if $(filter \
  auto,$(WITH_PGSQL)),$(or $(call package,libpq),no),$(WITH_PGSQL))))
if_pgsql     = $(if $(filter yes,$(want_pgsql)),$(1))
find_missing = $(strip $(call need,$(call command,$(firstword $(CC))),$(if $(findstring clang,$(CC)),clang,gcc)) \
  $(call need,$(call command,$(firstword $(PKG_CONFIG))),pkg-config) \
  $(call need,$(call package,libxml-2.0),libxml2-dev) \
  $(call if_precis,$(call need,$(call package,libutf8proc),libutf8proc-dev)) \
  $(call if_component,$(call need,$(call package,libevent_core),libevent-dev) $(call need,$(call \
  package,libcrypto),libssl-dev) $(call need,$(call package,sqlite3),libsqlite3-dev)) \
  $(call if_pgsql,$(call need,$(call package,libpq),libpq-dev)) \
  $(if $(and $(UNIT_SRC),$(filter check%,$(MAKECMDGOALS))),$(call need,$(call package,check),check)))

define CONFIG
# Written by make: what was found, and what everything here is made with.
# $(COMPILE) $(LINK)
MISSING      := $(find_missing)
XML_CFLAGS   := $(call flags,libxml-2.0,--cflags)
XML_LIBS     := $(call flags,libxml-2.0,--libs)
CHECK_CFLAGS := $(call flags,check,--cflags)
CHECK_LIBS   := $(call flags,check,--libs)
PRECIS       := $(want_precis)
PRECIS_CFLAGS := -DMUC_WITH_PRECIS=$(call if_precis,1 $(call flags,libutf8proc,--cflags),0)
PRECIS_LIBS  := $(call if_precis,$(call flags,libutf8proc,--libs))
PRECIS_REQUIRES := $(call if_precis,libutf8proc)
COMPONENT    := $(want_component)
PGSQL        := $(or $(want_pgsql),no)
COMPONENT_CFLAGS := $(call if_component,-DCOMPONENT_PGSQL=$(if $(call if_pgsql,1),1 $(call \
  flags,libpq,--cflags),0) $(foreach p,$(packages_component),$(call flags,$(p),--cflags)))
COMPONENT_LIBS := $(call if_component,$(foreach p,$(packages_component) $(call if_pgsql,libpq),$(call \
  flags,$(p),--libs)))
PRECIS_WORDS := $(call if_precis,utf8proc $(call flags,libutf8proc,--modversion),basic JID preparation)
endef

$(BUILD)/config.mk: FORCE | $(filter deps deps-ci deps-hosts,$(MAKECMDGOALS))
	$(shell mkdir -p $(@D))$(file >$@.new,$(CONFIG))
	@if grep -q '^MISSING *:= [^ ]' $@.new; then mv $@.new $@; else $(replace); fi

# Goals that need nothing to be there.
PLAIN := help clean doc install-doc deps deps-ci deps-hosts uninstall conformance
ifneq ($(if $(MAKECMDGOALS),$(filter-out $(PLAIN),$(MAKECMDGOALS)),all),)
include $(BUILD)/config.mk
ifneq ($(filter-out yes no auto,$(WITH_PRECIS)),)
$(error WITH_PRECIS is yes, no or auto, not $(WITH_PRECIS))
endif
ifneq ($(filter-out yes no auto,$(WITH_PGSQL)),)
$(error WITH_PGSQL is yes, no or auto, not $(WITH_PGSQL))
endif
ifneq ($(filter-out yes no auto,$(WITH_COMPONENT)),)
$(error WITH_COMPONENT is yes, no or auto, not $(WITH_COMPONENT))
endif
ifneq ($(MAKE_RESTARTS),)
ifneq ($(MISSING),)
$(error not found: $(MISSING); type: apt-get install $(MISSING) (or, on Debian: make deps))
endif
endif
endif

# A list of the objects: an archive is made again when a source file is gone, too.
$(BUILD)/objects: FORCE
	$(shell mkdir -p $(@D))$(file >$@.new,$(OBJECTS))
	@$(replace)

# ---- help ----------------------------------------------------------------------------------------------------------

define HELP
make                    the library (static and shared), the programs and muc.pc, in $(BUILD)/
make deps               install what is missing to build and test, on Debian (deps-ci: what lint and CI use, too;
                        deps component: for muc-component; deps-hosts: servers and clients for check-integration)
make component          muc-component, a chat service for any XMPP server
make demo               run the demonstration
make check              unit tests, scripts in every mode, the lint that needs no tool of its own
make check-unit         unit tests only
make check-component    muc-component, against the server's side of its protocol played by a test (-asan: sanitizers)
make check-component-crashes  muc-component killed CRASHES=1000 times under load: nothing that it acknowledged is lost
make check-asan         unit tests and scripts in every mode with the address and undefined behaviour sanitizers
make check-valgrind     quick unit tests and the scripts of tests/valgrind.list under valgrind (-all: all of both)
make check-clang        build with clang, unit tests
make check-no-precis    build WITH_PRECIS=no, unit tests and the scripts in mode bytes
make lint               layers, exports, imports, documentation, headers, settings, tests of calls, sizes, format, words
make conformance        which requirements are proved by tests (CONFORMANCE_FLAGS=-v: where)
make conformance-features  without each feature in turn only what depends on it may turn red (-write: what)
make options-write      the table of options in lib/doc/options.md anew
make fuzz-short         replay tests/corpus through the fuzz targets, with some mutations
make bench              cost, size and scale against copying and parsing (BENCH='join chat': those only)
make bench-large        a room of 20,000 occupants, a service of 1,000,000 rooms
make bench-instructions what callgrind counts, against tests/bench/instructions.txt; anew: -write REASON='..'
make bench-threads      services on several threads, then the same under the thread sanitizer
make bench-peers        some of the loads through libmuc and through the room code of an installed Prosody: ratios
make load               muc-load, which plays the users of a chat service (muc-load --help)
make bench-hosts        muc-component and the module for Prosody under load, beside the rooms that servers have
                        (HOSTS_FLAGS='--users 5000'; it needs deps-hosts; -short: a small room, what CI plays)
make bench-plot         cost against the size of a room as SVG in $(BUILD)/bench/, from what bench-peers measured
make bench-readme       tables and plots of README.md anew, from what bench, bench-peers and bench-hosts measured last
make doc                the reference as HTML and man pages, in $(BUILD)/doc/, with Doxygen
make prosody-module     the module for Prosody, in $(BUILD)/prosody/; install-prosody-module: to PROSODY_PLUGINS
make check-prosody      that module, in a Prosody of its own
make check-integration  real servers and clients from `make deps-hosts`, faults too (-short: what CI plays)
make check-cluster      rooms shared by several processes of muc-component, which are killed and frozen (-short: once)
make install            to PREFIX, LIBDIR, INCLUDEDIR, BINDIR, MANDIR below DESTDIR; give it the variables that make got
make install-doc        the reference: HTML to DOCDIR, man pages to MANDIR
make uninstall, clean

BUILD=$(BUILD)  PREFIX=$(PREFIX)  CC=$(CC)  CFLAGS='$(CFLAGS)'
WITH_PRECIS=$(WITH_PRECIS)   yes, no or auto: JID preparation with utf8proc
WITH_COMPONENT=$(WITH_COMPONENT) yes, no or auto: muc-component, with libevent, libcrypto and SQLite
WITH_PGSQL=$(WITH_PGSQL)    yes, no or auto: PostgreSQL as another store of it, with libpq
WERROR=$(WERROR)           0: warnings are no errors        V=$(V)   1: show the commands
endef

.PHONY: help
help:
	$(info $(HELP))@:

# ---- library -------------------------------------------------------------------------------------------------------

$(BUILD)/obj/%.o: %.c $(BUILD)/config.mk
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(COMPILE) $(INCLUDES) -c -o $@ $<

$(LIB_OBJ): INCLUDES += $(PRECIS_CFLAGS)

$(LIB_STATIC): $(LIB_OBJ) $(BUILD)/objects
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(LIB_OBJ)

$(LIB_SHARED): $(LIB_OBJ) $(BUILD)/objects
	$(call say,LD,$@)
	$(Q)$(LINK) -shared -Wl,-soname,$(SONAME) -Wl,--no-undefined -o $@ $(LIB_OBJ) $(LIBS)
	$(Q)ln -sf $(@F) $(BUILD)/$(SONAME)
	$(Q)ln -sf $(SONAME) $(BUILD)/libmuc.so

$(BUILD)/muc.pc: muc.pc.in $(BUILD)/config.mk FORCE
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	  -e 's|@VERSION@|$(VERSION)|' -e 's|@PRECIS@|$(PRECIS)|' -e 's|@REQUIRES_PRIVATE@|$(PRECIS_REQUIRES)|' \
	  muc.pc.in >$@.new
	@$(replace)

# ---- programs ------------------------------------------------------------------------------------------------------

# They hold the library, so that they run from anywhere.
define PROGRAM
$(BUILD)/$(1): $(call object,$(sort $(wildcard examples/$(1).c examples/$(1)/*.c))) $(LIB_STATIC) $(BUILD)/objects
	$$(call say,LD,$$@)
	$$(Q)$$(LINK) -o $$@ $$(filter %.o,$$^) $(if $(filter muc-scs,$(1)),$(WHOLE),$(LIB_STATIC)) $$(LIBS)
endef
# What features of the user's own may call is there in a program that loads them, used by itself or not.
comma       := ,
WHOLE       := -Wl$(comma)--export-dynamic -Wl$(comma)--whole-archive $(LIB_STATIC) -Wl$(comma)--no-whole-archive -ldl
$(BUILD)/muc-scs: $(LOADER)
$(foreach program,$(SINGLES) $(FOLDERS),$(eval $(call PROGRAM,$(program))))

# The bot as a feature for programs that load one.
$(BUILD)/bot.so: $(BUILD)/obj/examples/bot.o
	$(call say,LD,$@)
	$(Q)$(LINK) -shared -o $@ $<

# ---- muc-component --------------------------------------------------------------------------------------------------

# With what it needs beside the library.
COMPONENT_PGSQL := $(wildcard examples/component/pgsql*.c examples/component/store_pgsql.c)
COMPONENT_OBJ := $(call object,$(filter-out $(if $(filter yes,$(PGSQL)),,$(COMPONENT_PGSQL)),$(COMPONENT_SRC)))
ifeq ($(COMPONENT),yes)
all: $(BUILD)/muc-component
INSTALLED += $(BUILD)/muc-component
endif

.PHONY: component
component: $(BUILD)/muc-component

$(COMPONENT_OBJ) $(call object,$(COMPONENT_UNIT_SRC)): INCLUDES += -D_GNU_SOURCE $(COMPONENT_CFLAGS)

$(BUILD)/muc-component: $(COMPONENT_OBJ) $(LOADER) $(LIB_STATIC) $(BUILD)/objects
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(WHOLE) $(COMPONENT_LIBS) $(LIBS)

$(call object,$(COMPONENT_UNIT_SRC)): INCLUDES += -Iexamples $(CHECK_CFLAGS)

$(BUILD)/component-unit: $(call object,$(COMPONENT_UNIT_SRC)) $(filter-out %/main.o,$(COMPONENT_OBJ)) $(LOADER) \
  $(LIB_STATIC) $(BUILD)/objects
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(CHECK_LIBS) $(COMPONENT_LIBS) $(LIBS)

# ---- the module for Prosody ----------------------------------------------------------------------------------------

MODULE      := $(BUILD)/prosody/mod_libmuc
MODULE_LUA  := $(patsubst examples/prosody/mod_libmuc/%,$(MODULE)/%,$(wildcard examples/prosody/mod_libmuc/*.lua))

# It finds Lua's functions in the program that loads it, and shows nothing of the library.
$(call object,$(PROSODY_SRC)): INCLUDES += $(or $(shell $(PKG_CONFIG) --cflags $(LUA) 2>/dev/null),\
  $(error not found: Lua, as $(LUA); type: apt-get install lib$(LUA)-dev))
$(MODULE)/libmuc.so: $(call object,$(PROSODY_SRC)) $(LIB_STATIC)
	$(call say,LD,$@)
	$(mkdir)
	$(Q)$(LINK) -shared -Wl,--exclude-libs,ALL -o $@ $^ $(LIBS)

$(MODULE)/%.lua: examples/prosody/mod_libmuc/%.lua
	$(mkdir)
	$(Q)cp $< $@

.PHONY: prosody-module install-prosody-module check-prosody
prosody-module: $(MODULE)/libmuc.so $(MODULE_LUA)
	$(if $(filter install-%,$(MAKECMDGOALS)),,\
	  @echo "put into prosody.cfg.lua: plugin_paths = { \"$(abspath $(BUILD)/prosody)\" }")

install-prosody-module: prosody-module
	$(INSTALL) -d $(DESTDIR)$(PROSODY_PLUGINS)/mod_libmuc
	$(INSTALL) -m 644 $(MODULE)/libmuc.so $(MODULE_LUA) $(DESTDIR)$(PROSODY_PLUGINS)/mod_libmuc

check-prosody: prosody-module
	@tests/run 'conversions: $(LUA) tests/prosody/conversions.lua $(MODULE)' \
	  'settings: $(LUA) tests/prosody/settings.lua $(MODULE)' \
	  'Prosody: tests/prosody/run.py $(BUILD)/prosody'

# ---- programs of the tests -----------------------------------------------------------------------------------------

$(call object,$(UNIT_SRC)): INCLUDES += -Itests $(PRECIS_CFLAGS) $(CHECK_CFLAGS)

$(BUILD)/unit: $(call object,$(UNIT_SRC)) $(LIB_STATIC) $(BUILD)/objects
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(CHECK_LIBS) $(LIBS)

$(BUILD)/fuzz/calls: $(call object,$(wildcard tests/fuzz/monkey/*.c))
$(FUZZERS): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(call object,$(FUZZ_DRIVER)) $(LIB_STATIC) $(BUILD)/objects
	$(call say,LD,$@)
	$(mkdir)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)

.PHONY: demo
demo: $(BUILD)/demo
	$(BUILD)/demo

# ---- tests ---------------------------------------------------------------------------------------------------------

# Arguments of tests/run: one step each.
MODES       := bytes nodes pull restore nomem
play         = tests/quiet $(BUILD)/muc-scs $(1) $$(find tests/scripts -name "*.scs" | LC_ALL=C sort)
HAVE_SCS    := $(shell find tests/scripts -name '*.scs' 2>/dev/null | head -n 1)
SCS         := $(if $(HAVE_SCS),$(filter $(BUILD)/muc-scs,$(PROGRAMS)))
unit_step    = $(if $(UNIT),'unit tests: $(BUILD)/unit')
all_steps    = $(unit_step) $(if $(SCS),$(foreach mode,$(MODES),'scripts as $(mode): $(call play,--mode $(mode))') \
  'scripts searched for leaks: $(call play,--leaks)' 'scripts without kept views: $(call play,--drop-views)' \
  'script runner: CC="$(CC)" CFLAGS="$(XML_CFLAGS)" tests/scs/run.sh $(BUILD)/muc-scs')
readme_step  = 'README: LIBS="$(LIBS)" tests/readme.sh $(BUILD) $(CC) $(SANITIZER) -std=gnu11 -Wall -Wextra -Werror \
  -Iinclude $(XML_CFLAGS)'
sample_step = 'samples of the reference: LIBS="$(LIBS)" tests/samples.sh $(BUILD) $(CC) $(SANITIZER) -std=gnu11 -Wall \
  -Wextra -Werror -Iinclude $(XML_CFLAGS)'
bot_step    = 'the bot: tests/bot/run.sh $(BUILD)'
option_step = 'table of options: tests/options.sh $(BUILD)'
lint_all     = BUILD=$(BUILD) CC="$(CC)" NM="$(NM)" XML_CFLAGS="$(XML_CFLAGS)" VERSION=$(VERSION) tests/lint/all

.PHONY: check check-unit check-quick check-tests check-asan check-clang check-no-precis
.PHONY: check-valgrind check-valgrind-all
check: all $(UNIT)
	@tests/run 'lint: $(lint_all) --basic' $(all_steps) $(readme_step) $(sample_step) $(option_step) $(bot_step)

check-tests: $(UNIT) $(SCS)
	@tests/run $(all_steps)

check-unit: $(UNIT)
	@tests/run $(unit_step)

check-quick: $(UNIT) $(SCS)
	@tests/run $(unit_step) $(if $(SCS),'scripts as bytes: $(call play,--mode bytes)')

# Without a process for each test: under the sanitizers that is what takes the time.
check-asan:
	$(Q)CK_FORK=no UBSAN_OPTIONS=print_stacktrace=1 $(MAKE) --no-print-directory check-tests BUILD=$(BUILD)/asan \
	  SANITIZE=address,undefined CFLAGS='-O1 -g'

check-clang:
	$(Q)$(MAKE) --no-print-directory all check-unit BUILD=$(BUILD)/clang CC=clang

check-no-precis:
	$(Q)$(MAKE) --no-print-directory all check-quick BUILD=$(BUILD)/no-precis WITH_PRECIS=no

COMPONENT_UNIT := $(if $(COMPONENT_UNIT_SRC),$(BUILD)/component-unit)
.PHONY: check-component check-component-asan check-component-crashes
check-component: $(BUILD)/muc-component $(BUILD)/bot.so $(COMPONENT_UNIT)
	@tests/run 'component: python3 tests/component/run.py $(BUILD)/muc-component' \
	  $(if $(COMPONENT_UNIT),'parts of the component: $(COMPONENT_UNIT)')

# Killed again and again under load: CRASHES times.
CRASHES     ?= 1000
check-component-crashes: $(BUILD)/muc-component
	@python3 tests/component/crashes.py $(BUILD)/muc-component $(CRASHES)

check-component-asan:
	$(Q)UBSAN_OPTIONS=print_stacktrace=1 $(MAKE) --no-print-directory check-component BUILD=$(BUILD)/asan \
	  SANITIZE=address,undefined CFLAGS='-O1 -g'

# Real servers and real clients; what they need is installed by `make deps-hosts`. JOBS='HOST/CLIENT ..': those only.
JOBS        ?=
.PHONY: check-integration check-integration-short
check-integration: all prosody-module
	@BUILD=$(BUILD) tests/integration/run $(JOBS)
check-integration-short: all prosody-module
	@BUILD=$(BUILD) tests/integration/run --short

# Rooms shared by processes that are killed, stopped and frozen, with a real ejabberd and a real PostgreSQL.
.PHONY: check-cluster check-cluster-short
check-cluster: $(BUILD)/muc-component
	@BUILD=$(BUILD) tests/integration/cluster/run
check-cluster-short: $(BUILD)/muc-component
	@BUILD=$(BUILD) tests/integration/cluster/run --short

GRIND = $(VALGRIND) -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect,possible
# $(1): variables.
grind_unit = $(if $(UNIT),'unit tests under valgrind: $(1) CK_FORK=no CK_TIMEOUT_MULTIPLIER=20 $(GRIND) $(BUILD)/unit')
listed     = $(shell sed 's/\#.*//' tests/valgrind.list 2>/dev/null)
grind_scs  = cd tests/scripts && ../quiet $(GRIND) $(abspath $(SCS)) --mode bytes $(listed)
check-valgrind: $(UNIT) $(SCS)
	@tests/run $(call grind_unit,CK_EXCLUDE_TAGS=slow) $(if $(and $(SCS),$(listed)),'scripts under valgrind: $(grind_scs)')

check-valgrind-all: $(UNIT) $(SCS)
	@tests/run $(call grind_unit) \
	  $(if $(SCS),'scripts under valgrind: tests/quiet $(GRIND) $(SCS) --mode bytes tests/scripts')

# ---- reference -----------------------------------------------------------------------------------------------------

# HTML and man pages of every header, and the pages of lib/doc/; a warning is an error.
.PHONY: doc
DOC := $(BUILD)/doc
doc:
	@command -v doxygen >/dev/null || { echo "not found: doxygen; type: apt-get install doxygen"; exit 1; }
	@rm -rf $(DOC) && mkdir -p $(DOC)
	@sed -e 's|@VERSION@|$(VERSION)|' -e 's|@OUT@|$(DOC)|' lib/doc/Doxyfile >$(DOC)/Doxyfile
	$(Q)doxygen $(DOC)/Doxyfile
	@lib/doc/manpages.sh $(DOC)/man/man3
	@echo "reference: $(DOC)/html/index.html, $$(ls $(DOC)/man/man3 | wc -l) man pages in $(DOC)/man/man3"
	@echo "read one: man -M $(DOC)/man muc_room_create"

.PHONY: lint conformance conformance-features conformance-features-write fuzz-short fuzz-run
lint: $(LIB_SHARED)
	@$(lint_all)

# Every row of XEP-0045 is proved, or there is a reason why not. -v: where each row is proved.
conformance:
	@python3 tests/conformance.py --strict $(CONFORMANCE_FLAGS)

# Every script without each feature in turn: what depends on it turns red, and nothing else.
# -write: tests/features.list anew.
conformance-features: $(SCS)
	@python3 tests/features.py $(SCS)
conformance-features-write: $(SCS)
	@python3 tests/features.py $(SCS) --write

# The table of options in lib/doc/options.md anew.
.PHONY: options-write
options-write: $(BUILD)/muc-scs
	@tests/options.sh $(BUILD) --write

# Plays every file of tests/corpus/NAME through tests/fuzz/NAME.c, and some mutations of it, with the sanitizers.
FUZZ_ROUNDS ?= 200
fuzz-short:
	$(Q)$(MAKE) --no-print-directory fuzz-run BUILD=$(BUILD)/asan SANITIZE=address,undefined CFLAGS='-O1 -g'

fuzz-run: $(FUZZERS)
	@set -e; for name in $(FUZZ); do \
	  echo "fuzz $$name"; \
	  files=$$(find tests/corpus/$$name -type f 2>/dev/null | LC_ALL=C sort); \
	  $(BUILD)/fuzz/$$name -n $(FUZZ_ROUNDS) $$files; \
	done; echo "fuzz targets: $(words $(FUZZ))"

# Measured as it is installed: at -O2, by public headers alone, in a place of its own.
BENCH       ?=
bench_build  = $(MAKE) --no-print-directory BUILD=$(1) CFLAGS='-O2 -g' $(2) $(1)/muc-bench

$(call object,$(BENCH_SRC)): INCLUDES = -Iinclude $(XML_CFLAGS)

$(BUILD)/muc-bench: $(call object,$(BENCH_SRC)) $(LIB_STATIC) $(BUILD)/objects
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIBS) -lm -lpthread

.PHONY: bench bench-large bench-threads bench-instructions bench-instructions-write
# What all loads together gave is kept for the table.
RESULTS     := $(BUILD)/bench/results.txt
bench:
	$(Q)$(call bench_build,$(BUILD)/bench)
	$(Q){ $(BUILD)/bench/muc-bench $(BENCH); echo $$? >$(RESULTS).status; } | tee $(RESULTS).now
	$(Q)$(if $(BENCH),rm,mv) $(RESULTS).now $(if $(BENCH),,$(RESULTS))
	$(Q)exit $$(cat $(RESULTS).status)

bench-large:
	$(Q)$(call bench_build,$(BUILD)/bench)
	$(Q)$(BUILD)/bench/muc-bench large

bench-threads:
	$(Q)$(call bench_build,$(BUILD)/tsan,SANITIZE=thread)
	$(Q)TSAN_OPTIONS=halt_on_error=1 $(BUILD)/tsan/muc-bench threads_once >/dev/null
	@echo 'bench=threads_sanitized n=2 PASS'
	$(Q)$(call bench_build,$(BUILD)/bench)
	$(Q)$(BUILD)/bench/muc-bench threads

bench-instructions bench-instructions-write:
	$(Q)$(call bench_build,$(BUILD)/bench)
	$(Q)VALGRIND=$(VALGRIND) tests/bench/instructions $(BUILD)/bench/muc-bench \
	  $(if $(findstring write,$@),--write '$(REASON)')

# Side by side with the multi-user chat module of an installed Prosody, and drawn; what was measured is kept.
PEERS       := $(BUILD)/bench/peers.txt
HOSTS       := $(BUILD)/bench/hosts.md

.PHONY: bench-peers bench-plot bench-readme
bench-peers:
	$(Q)$(call bench_build,$(BUILD)/bench)
	$(Q)tests/bench/peers/run.py $(BUILD)/bench/muc-bench $(PEERS)

$(PEERS):
	$(Q)$(MAKE) --no-print-directory bench-peers

bench-plot: $(PEERS)
	$(Q)tests/bench/plot.py $< $(BUILD)/bench

# The tables and the plot that README.md shows, from what was measured last.
bench-readme: bench-plot
	$(Q)tests/bench/table.py README.md $(RESULTS) $(PEERS) $(HOSTS)
	cp $(BUILD)/bench/fanout.svg $(BUILD)/bench/join.svg tests/bench

# Real servers and the programs of this project that are hosts, under the load of many users.
LOAD_OBJ    := $(call object,$(LOAD_SRC))
$(LOAD_OBJ): INCLUDES += -D_GNU_SOURCE -Iexamples

$(BUILD)/muc-load: $(LOAD_OBJ) $(call object,examples/component/handshake.c examples/component/log.c) $(LIB_STATIC) \
  $(BUILD)/objects
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(COMPONENT_LIBS) $(LIBS)

# What a host costs under the load of many users, beside the rooms that servers have themselves; -short: a small room.
hosts_play   = $(MAKE) --no-print-directory BUILD=$(BUILD)/bench CFLAGS='-O2 -g' component load prosody-module && \
  BUILD=$(BUILD)/bench tests/bench/load/run.py $(1)

.PHONY: load bench-hosts bench-hosts-short
load: $(BUILD)/muc-load
bench-hosts:
	$(Q)$(call hosts_play,--table $(HOSTS) $(HOSTS_FLAGS))
bench-hosts-short:
	$(Q)$(call hosts_play,--users 100 --messages 50 --weight 50 --stored 1000 --rounds 1 --loose)

# ---- packages ------------------------------------------------------------------------------------------------------

.PHONY: deps deps-ci deps-hosts
deps:
	@CC=$(CC) PKG_CONFIG=$(PKG_CONFIG) OPTIONAL='$(if $(filter no,$(WITH_PRECIS)),,$(DEPS_PRECIS))' .ci/deps $(DEPS) \
	  $(if $(filter component load check-component%,$(MAKECMDGOALS)),$(DEPS_COMPONENT))
deps-ci:
	@CC=$(CC) PKG_CONFIG=$(PKG_CONFIG) .ci/deps $(DEPS_CI) $(DEPS_COMPONENT) $(DEPS_PGSQL)
deps-hosts:
	@CC=$(CC) PKG_CONFIG=$(PKG_CONFIG) .ci/deps $(DEPS_COMPONENT) $(DEPS_HOSTS)
	@tests/integration/converse.sh $(BUILD)/integration
# One at a time.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
deps-ci deps-hosts: | deps
endif
ifneq ($(filter deps-ci,$(MAKECMDGOALS)),)
deps-hosts: | deps-ci
endif

# ---- install -------------------------------------------------------------------------------------------------------

HEADERS := $(sort $(wildcard include/muc/*.h))
to_lib  := $(DESTDIR)$(LIBDIR)
to_inc  := $(DESTDIR)$(INCLUDEDIR)/muc
to_bin  := $(DESTDIR)$(BINDIR)
to_man  := $(DESTDIR)$(MANDIR)/man1
to_man3 := $(DESTDIR)$(MANDIR)/man3
to_doc  := $(DESTDIR)$(DOCDIR)/html
to_host := $(DESTDIR)$(DOCDIR)/muc-component
# Pages of programs that were not built stay away; what a host is set up with goes where its documentation is.
man_installed = $(filter $(patsubst $(BUILD)/%,examples/man/%.1,$(INSTALLED)),$(MAN1))
HOST_FILES := $(if $(filter yes,$(COMPONENT)),$(wildcard examples/component/muc-component.*))

.PHONY: install install-doc uninstall clean
install: all
	$(INSTALL) -d $(to_lib)/pkgconfig $(to_inc) $(to_bin) $(to_man)
	$(INSTALL) -m 644 $(LIB_STATIC) $(to_lib)
	$(INSTALL) -m 755 $(LIB_SHARED) $(to_lib)
	ln -sf libmuc.so.$(VERSION) $(to_lib)/$(SONAME)
	ln -sf $(SONAME) $(to_lib)/libmuc.so
	$(INSTALL) -m 644 $(BUILD)/muc.pc $(to_lib)/pkgconfig
	$(INSTALL) -m 644 $(HEADERS) $(to_inc)
	$(if $(INSTALLED),$(INSTALL) -m 755 $(INSTALLED) $(to_bin))
	$(if $(man_installed),$(INSTALL) -m 644 $(man_installed) $(to_man))
	$(if $(HOST_FILES),$(INSTALL) -d $(to_host) && $(INSTALL) -m 644 $(HOST_FILES) $(to_host))

install-doc: doc
	$(INSTALL) -d $(to_man3) $(to_doc)/search
	$(INSTALL) -m 644 $(DOC)/man/man3/*.3 $(to_man3)
	$(INSTALL) -m 644 $(DOC)/html/search/* $(to_doc)/search
	$(INSTALL) -m 644 $$(find $(DOC)/html -maxdepth 1 -type f) $(to_doc)

uninstall:
	rm -f $(addprefix $(to_lib)/,libmuc.a libmuc.so $(SONAME) libmuc.so.$(VERSION) pkgconfig/muc.pc)
	rm -f $(addprefix $(to_inc)/,$(notdir $(HEADERS)))
	rm -f $(addprefix $(to_bin)/,$(notdir $(INSTALLED)) muc-component)
	rm -f $(addprefix $(to_man)/,$(notdir $(MAN1)))
	rm -f $(to_man3)/muc.h.3 $(to_man3)/muc_*.3 $(to_man3)/MUC_*.3 $(to_man3)/libmuc-*.3
	rm -rf $(to_doc) $(to_host)
	if [ -d $(DESTDIR)$(DOCDIR) ]; then rmdir $(DESTDIR)$(DOCDIR); fi
	if [ -d $(to_inc) ]; then rmdir $(to_inc); fi

clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d)
