"""The rules Machina's packages use: kernel, user programs and host unit tests.

Libraries are ordinary cc_library targets without a platform constraint, so that the same
sources serve the target and a unit test on the build machine.
"""

load("//libs/toolchain:transition.bzl", "fuzzed_binary", "platform_binary", "platform_test")

# Test-only and visibility travel to both targets of a pair, the rest to the cc_binary.
def _platform_pair(name, platform, role, kwargs, rule = platform_binary, rule_kwargs = {}):
    testonly = kwargs.pop("testonly", rule == platform_test)
    visibility = kwargs.pop("visibility", None)
    tags = kwargs.pop("tags", [])
    native.cc_binary(
        name = name + ".bin",
        linkstatic = True,
        tags = tags + ["manual"],
        target_compatible_with = ["//libs/platforms:" + role],
        testonly = testonly,
        visibility = ["//visibility:private"],
        **kwargs
    )
    rule(
        name = name,
        src = ":%s.bin" % name,
        platform = "//libs/platforms:" + platform,
        tags = tags,
        testonly = testonly,
        visibility = visibility,
        **rule_kwargs
    )

def _with_script(linker_script, kwargs):
    if linker_script:
        kwargs["additional_linker_inputs"] = kwargs.pop("additional_linker_inputs", []) + [linker_script]
        kwargs["linkopts"] = kwargs.pop("linkopts", []) + ["-Wl,-T,$(location %s)" % linker_script]

def kernel_cc_binary(name, srcs = [], deps = [], linker_script = None, **kwargs):
    """A freestanding i386 ELF file: no libc, no exceptions, memory functions and builtins linked in.

    Args:
      name: the ELF file, for use in data and in disk images from any configuration.
      srcs: C++, C and assembly sources.
      deps: cc_library targets; they are compiled with the kernel's flags.
      linker_script: label of the script that lays out the file.
      **kwargs: further cc_binary attributes (copts, linkopts, visibility ...).
    """
    _with_script(linker_script, kwargs)
    _platform_pair(
        name,
        "kernel_i386",
        "kernel",
        dict(
            srcs = srcs,
            deps = deps + ["@llvm_src//:kernel_builtins", "@musl//:kernel_string"],
            **kwargs
        ),
    )

_LIBC = ["@musl//:crt1", "@llvm_src//:libcxx", "@musl//:libc", "@llvm_src//:builtins"]
_SERVER_LIBC = [
    "//libs/mach/server_libc:start",
    "@llvm_src//:libcxx",
    "//libs/mach/server_libc",
    "@musl//:libc_hooked",
    "@llvm_src//:builtins",
]
_NO_LIBC = ["@musl//:kernel_string", "@llvm_src//:builtins"]
_FREESTANDING_COPTS = [
    "-ffreestanding",
    "-fno-exceptions",
    "-fno-rtti",
    "-fno-threadsafe-statics",
    "-fno-use-cxa-atexit",
]

def _user(name, srcs, deps, linker_script, libc, kwargs, **pair):
    _with_script(linker_script, kwargs)
    if libc == _NO_LIBC:
        kwargs["copts"] = _FREESTANDING_COPTS + kwargs.pop("copts", [])
    _platform_pair(
        name,
        "user_i386",
        "user",
        dict(
            srcs = srcs,
            deps = deps + libc,
            **kwargs
        ),
        **pair
    )

def user_cc_binary(
        name,
        srcs = [],
        deps = [],
        linker_script = None,
        freestanding = False,
        **kwargs):
    """A static i386 program of the system: musl, libc++, libunwind.

    Args:
      name: the ELF file, for use in data and in disk images from any configuration.
      srcs: C++, C and assembly sources.
      deps: cc_library targets.
      linker_script: label of a linker script, for odd programs.
      freestanding: no start-up code, no libc, no exceptions or RTTI in srcs; the program
        brings its own _start (memory functions and compiler builtins are still there).
      **kwargs: further cc_binary attributes (copts, linkopts, visibility ...).
    """
    _user(name, srcs, deps, linker_script, _NO_LIBC if freestanding else _LIBC, kwargs)

def server_cc_binary(name, srcs = [], deps = [], linker_script = None, **kwargs):
    """A server below POSIX: as user_cc_binary, but libc needs the Mach kernel and nothing else.

    <mach/server_libc.h> tells what such a program has: memory, threads, time, printing.

    Args:
      name: the ELF file, for use in data and in disk images from any configuration.
      srcs: C++, C and assembly sources.
      deps: cc_library targets; //libs/mach comes by itself.
      linker_script: label of a linker script, for odd programs.
      **kwargs: further cc_binary attributes (copts, linkopts, visibility ...).
    """
    _user(name, srcs, deps, linker_script, _SERVER_LIBC, kwargs)

def user_cc_test(name, srcs = [], deps = [], size = "small", **kwargs):
    """A user program (exit status 0 passes) run natively on the build machine with Linux's kernel.

    Args:
      name: the test.
      srcs: sources.
      deps: cc_library targets, e.g. @googletest//:gtest_main.
      size: Bazel's test size.
      **kwargs: further cc_binary attributes.
    """
    _user(name, srcs, deps, None, _LIBC, kwargs, rule = platform_test, rule_kwargs = {"size": size})

# Exit status 1 marks a failed test, so a sanitizer report must not be mistaken for a death test.
_SANITIZER_ENV = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:check_initialization_order=1:" +
                    "strict_init_order=1:detect_leaks=1",
    "ASAN_SYMBOLIZER_PATH": "external/llvm/usr/lib/llvm-19/bin/llvm-symbolizer",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "UBSAN_SYMBOLIZER_PATH": "external/llvm/usr/lib/llvm-19/bin/llvm-symbolizer",
}

# A fuzzer's threads come and go too often for stacks that outlive their frames.
_FUZZER_ENV = dict(_SANITIZER_ENV, ASAN_OPTIONS = "detect_stack_use_after_return=0:detect_leaks=1")

def host_cc_test(name, srcs = [], deps = [], data = [], env = {}, size = "small", **kwargs):
    """A GoogleTest unit test on the build machine: i386, with ASan, LSan and UBSan, all fatal.

    Args:
      name: the test.
      srcs: sources.
      deps: cc_library targets; GoogleTest, GoogleMock and its main() are added.
      data: run-time files.
      env: further environment variables.
      size: Bazel's test size.
      **kwargs: further cc_test attributes.
    """
    native.cc_test(
        name = name,
        srcs = srcs,
        deps = deps + ["@googletest//:gtest_main"],
        data = data + ["@llvm//:symbolizer", "@sysroot_i386//:runtime"],
        env = dict(_SANITIZER_ENV, **env),
        linkstatic = True,
        size = size,
        target_compatible_with = ["//libs/platforms:host"],
        **kwargs
    )

def host_fuzz_test(name, srcs, corpus, deps = [], runs = 2000, seconds = 600, max_len = 1024, **kwargs):
    """A libFuzzer program on the build machine: i386, with ASan, LSan and UBSan, all fatal.

    Three targets come of it: NAME_fuzzer, the program; NAME, a test that takes it through the corpus
    and then through a fixed number of runs with a fixed seed; NAME_long, a test with the tag
    "long" that searches for `seconds`, from a new seed each time. The last two leave the input of a
    finding in the test's outputs. tests/fuzz/README.md tells how to run and minimise one.

    Args:
      name: the short test.
      srcs: sources, with LLVMFuzzerTestOneInput.
      corpus: a text file, an input in base64 on each line; lines with "#" are comments.
      deps: cc_library targets.
      runs: of the short test; it should last less than a minute.
      seconds: that the long test searches.
      max_len: largest input, bytes.
      **kwargs: further cc_binary attributes.
    """
    native.cc_binary(
        name = name + ".bin",
        testonly = True,
        srcs = srcs,
        deps = deps + ["@llvm_src//:fuzzer"],
        linkstatic = True,
        tags = ["manual"],
        target_compatible_with = ["//libs/platforms:host"],
        visibility = ["//visibility:private"],
        **kwargs
    )
    fuzzed_binary(
        name = name + "_fuzzer",
        testonly = True,
        src = ":%s.bin" % name,
        tags = ["manual"],
    )
    program = ":%s_fuzzer" % name
    for test, limits, tags, size in [
        (name, ["-runs=%d" % runs, "-seed=1"], [], "medium"),
        (name + "_long", ["-max_total_time=%d" % seconds], ["long"], "enormous"),
    ]:
        native.sh_test(
            name = test,
            srcs = ["//libs/toolchain:fuzz_test.sh"],
            args = [
                "$(location %s)" % program,
                "$(location %s)" % corpus,
                "-max_len=%d" % max_len,
            ] + limits,
            data = [program, corpus, "@llvm//:symbolizer", "@sysroot_i386//:runtime"],
            env = _FUZZER_ENV,
            size = size,
            tags = tags,
        )
