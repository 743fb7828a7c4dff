"""The tests of one chapter of the book."""

load("//images:guest_test.bzl", "kernel_program_image")
load("//libs/toolchain:defs.bzl", "user_cc_binary")

def conformance_image(name, folder, copts = [], deps = []):
    """The disk of a kernel whose first task runs every case of a folder.

    Args:
      name: the image.
      folder: every .c file in it is part of the program.
      copts: for the C compiler.
      deps: further libraries.
    """
    user_cc_binary(
        name = folder + "_program",
        testonly = True,
        srcs = native.glob([folder + "/*.c", folder + "/*.h", "support/*.c", "support/*.h"]) + [
            "//tests/kernel:support",
        ],
        copts = ["-std=c11"] + copts,
        freestanding = True,
        deps = ["//libs/mach:mach_sa"] + deps,
    )
    kernel_program_image(
        name = name,
        program = ":%s_program" % folder,
    )

# The sanitizers that the kernel is built with. Its threads come and go too often for stacks that outlive
# their frames.
HOST_ENV = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=0:detect_leaks=1",
    "ASAN_SYMBOLIZER_PATH": "external/llvm/usr/lib/llvm-19/bin/llvm-symbolizer",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "UBSAN_SYMBOLIZER_PATH": "external/llvm/usr/lib/llvm-19/bin/llvm-symbolizer",
}

def conformance_chapter(chapter, complete = False, memory = 64, copts = [], deps = []):
    """<chapter>_test runs the cases of a folder in the guest, <chapter>_host_test on the host build of the kernel.

    <chapter>_matrix_test checks its matrix.

    Args:
      chapter: the folder; every .c file in it is part of one program.
      complete: whether every row of the chapter must be tested or unreachable.
      memory: of the guest, MiB.
      copts: for the C compiler.
      deps: further libraries.
    """
    tables = native.glob([chapter + "/*.c", chapter + "/unreachable.tsv"]) + [
        "cases.awk",
        "interfaces.tsv",
        "matrix.awk",
        "matrix.sh",
    ]
    conformance_image(chapter + ".disk", chapter, copts, deps)
    native.sh_test(
        name = chapter + "_test",
        size = "medium",
        srcs = ["conformance_test.sh"],
        args = [chapter, "$(location :%s.disk)" % chapter, str(memory)],
        data = tables + [
            ":%s.disk" % chapter,
            "//images/runner:kernel_test.sh",
            "//images/runner:scripts",
        ],
    )
    native.sh_test(
        name = chapter + "_host_test",
        size = "medium",
        srcs = ["host_test.sh"],
        args = [
            chapter,
            "$(location //tests/conformance/host:runner)",
            "$(location :%s_program)" % chapter,
            str(memory),
            "$(location needs_hardware.tsv)",
        ],
        data = tables + [
            "needs_hardware.tsv",
            ":%s_program" % chapter,
            "//tests/conformance/host:runner",
            "@llvm//:symbolizer",
            "@sysroot_i386//:runtime",
        ],
        env = HOST_ENV,
    )
    native.sh_test(
        name = chapter + "_matrix_test",
        size = "small",
        srcs = ["matrix.sh"],
        args = ["check", chapter] + (["complete"] if complete else []),
        data = tables + ["//docs/conformance:%s.md" % chapter],
    )
