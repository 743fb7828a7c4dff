"""clang 19 + lld, one configuration a role:

kernel  freestanding i386 ELF
user    static i386 musl programs
host    i386 glibc unit tests with address and undefined-behaviour sanitizers
exec    x86-64 glibc tools that run during the build
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "ACTION_NAMES")
load(
    "@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl",
    "feature",
    "flag_group",
    "flag_set",
    "tool_path",
)

_COMPILE = [
    ACTION_NAMES.c_compile,
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.assemble,
    ACTION_NAMES.preprocess_assemble,
    ACTION_NAMES.cpp_header_parsing,
]
_CXX = [ACTION_NAMES.cpp_compile, ACTION_NAMES.cpp_header_parsing]
_LINK = [
    ACTION_NAMES.cpp_link_executable,
    ACTION_NAMES.cpp_link_dynamic_library,
    ACTION_NAMES.cpp_link_nodeps_dynamic_library,
]

_LLVM = "external/llvm/usr/lib/llvm-19/"
_RESOURCE = _LLVM + "lib/clang/19/include"
_SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]

def _glibc(sysroot, multiarch):
    """System headers of a Debian sysroot, libc++ first."""
    return [
        sysroot + "/usr/lib/llvm-19/include/c++/v1",
        _RESOURCE,
        sysroot + "/usr/include/" + multiarch,
        sysroot + "/usr/include",
    ]

def _glibc_link(sysroot):
    # libc++ and the unwinder are linked in; of libc only the shared form can carry sanitizers.
    return [
        "--sysroot=" + sysroot,
        "-L" + sysroot + "/usr/lib/llvm-19/lib",
        "-nostdlib++",
        "-static-libgcc",
        "-l:libc++.a",
        "-l:libc++abi.a",
        "-lm",
        "-lpthread",
    ]

_STATIC_LINK = [
    "-nostdlib",
    "-static",
    "-Wl,--gc-sections",
    "-Wl,-z,max-page-size=4096",
    "-Wl,-z,noexecstack",
]

_ROLES = {
    "kernel": struct(
        triple = "i686-unknown-none-elf",
        arch = ["-march=i686"],
        includes = [
            "libs/toolchain/kernel_include",
            "external/llvm_src/libcxx/include",
            _RESOURCE,
            "external/musl/sysroot/include",
        ],
        # No SSE/MMX and no implicit x87: -mno-80387 would reject libc++'s headers.
        copts = [
            "-O2",
            # The kernel is linked as one program: a tenth to a fifth of most operations.
            "-flto",
            "-ffreestanding",
            "-mno-sse",
            "-mno-mmx",
            "-mno-implicit-float",
            # Arguments and small results in registers: a tenth of an RPC.
            "-mregparm=3",
            "-freg-struct-return",
            "-fno-pic",
            "-fno-stack-protector",
            "-fno-asynchronous-unwind-tables",
        ],
        cxxopts = [
            "-fno-exceptions",
            "-fno-rtti",
            "-fno-threadsafe-statics",
            "-fno-use-cxa-atexit",
        ],
        # For a target without a system clang would leave the linking to the machine's gcc.
        linkopts = ["--target=i386-linux-musl", "-flto"] + _STATIC_LINK,
    ),
    "user": struct(
        triple = "i386-linux-musl",
        arch = ["-march=i686"],
        includes = [
            "libs/toolchain/user_include",
            "external/llvm_src/libcxx/include",
            "external/llvm_src/libcxxabi/include",
            "external/llvm_src/libunwind/include",
            _RESOURCE,
            "external/musl/sysroot/include",
        ],
        copts = ["-O2", "-fno-pic", "-fno-stack-protector", "-D_GNU_SOURCE"],
        cxxopts = [],
        linkopts = _STATIC_LINK + ["-Wl,--eh-frame-hdr"],
    ),
    "host": struct(
        triple = "i686-linux-gnu",
        arch = ["-march=i686", "-msse2"],
        includes = _glibc("external/sysroot_i386", "i386-linux-gnu"),
        copts = ["-O1", "-D_GNU_SOURCE"] + _SANITIZE,
        cxxopts = [],
        # The build machine need not have an i386 libc: loader and libraries are
        # found in the runfiles, which a test runs from.
        linkopts = _glibc_link("external/sysroot_i386") + _SANITIZE + [
            "-fsanitize-link-c++-runtime",
            "-Wl,--dynamic-linker=external/sysroot_i386/lib/i386-linux-gnu/ld-linux.so.2",
            "-Wl,-rpath,external/sysroot_i386/lib/i386-linux-gnu",
        ],
    ),
    "exec": struct(
        triple = "x86_64-linux-gnu",
        arch = [],
        includes = _glibc("external/sysroot_amd64", "x86_64-linux-gnu"),
        copts = ["-O1", "-D_GNU_SOURCE"],
        cxxopts = [],
        linkopts = _glibc_link("external/sysroot_amd64"),
    ),
}

def _features(role):
    target = ["--target=" + role.triple, "-no-canonical-prefixes"] + role.arch
    isystem = []
    for directory in role.includes:
        isystem += ["-isystem", directory]
    return [
        # What the fuzzer's search needs to see; switched on for whole programs by host_fuzz_test.
        feature(
            name = "fuzzer",
            flag_sets = [flag_set(
                actions = _COMPILE,
                flag_groups = [flag_group(flags = ["-fsanitize=fuzzer-no-link"])],
            )],
        ),
        feature(name = "opt"),
        feature(name = "dbg"),
        feature(name = "fastbuild"),
        feature(
            name = "default_flags",
            enabled = True,
            flag_sets = [
                flag_set(actions = _COMPILE, flag_groups = [flag_group(flags = target + [
                    "-nostdinc",
                    "-g",
                    "-Wall",
                    "-fno-omit-frame-pointer",
                    "-ffunction-sections",
                    "-fdata-sections",
                    "-ffile-compilation-dir=.",
                    "-Wno-builtin-macro-redefined",
                    "-D__DATE__=\"redacted\"",
                    "-D__TIME__=\"redacted\"",
                    "-D__TIMESTAMP__=\"redacted\"",
                ] + role.copts)]),
                flag_set(actions = _CXX, flag_groups = [
                    flag_group(flags = ["-nostdinc++", "-std=c++23"] + role.cxxopts),
                ]),
            ],
        ),
        feature(
            name = "system_includes",  # after the include options of the target itself
            enabled = True,
            flag_sets = [flag_set(actions = _COMPILE, flag_groups = [flag_group(flags = isystem)])],
        ),
        feature(
            name = "default_link_flags",
            enabled = True,
            flag_sets = [flag_set(actions = _LINK, flag_groups = [
                flag_group(flags = target + ["-fuse-ld=lld", "-Wl,--build-id=none"] + role.linkopts),
            ])],
        ),
    ]

def _impl(ctx):
    role = _ROLES[ctx.attr.role]
    bin = "usr/lib/llvm-19/bin/"
    tools = {
        "gcc": bin + "clang",
        "cpp": bin + "clang",
        "ld": bin + "ld.lld",
        "ar": bin + "llvm-ar",
        "nm": bin + "llvm-nm",
        "objdump": bin + "llvm-objdump",
        "objcopy": bin + "llvm-objcopy",
        "strip": bin + "llvm-strip",
        "gcov": "/bin/false",
        "dwp": "/bin/false",
    }
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        features = _features(role),
        toolchain_identifier = ctx.attr.role,
        host_system_name = "local",
        target_system_name = role.triple,
        target_cpu = role.triple.partition("-")[0],
        target_libc = "unknown",
        compiler = "clang",
        abi_version = "itanium",
        abi_libc_version = "unknown",
        cxx_builtin_include_directories = ["%workspace%/" + d for d in role.includes],
        tool_paths = [tool_path(name = n, path = p) for n, p in tools.items()],
    )

machina_cc_toolchain_config = rule(
    implementation = _impl,
    attrs = {"role": attr.string(mandatory = True, values = _ROLES.keys())},
    provides = [CcToolchainConfigInfo],
)
