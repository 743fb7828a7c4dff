"""mig_library: C and C++ code generated from an interface definition (.defs)."""

# kind -> (options with the suffixes of their files, header suffix, runtime, extra -D)
_KINDS = {
    "user": struct(
        options = [("-user", ".c"), ("-header", ".h")],
        deps = ["//libs/mig/runtime:stub"],
        defines = [],
    ),
    "cserver": struct(
        options = [("-cserver", ".c"), ("-sheader", ".h")],
        deps = ["//libs/mig/runtime:stub"],
        defines = [],
    ),
    "cxxserver": struct(
        options = [("-cxxserver", ".h")],
        deps = ["//libs/mig/runtime:server"],
        defines = [],
    ),
    "kernel": struct(
        options = [("-kernel", ".h")],
        deps = ["//libs/mig/runtime:kernel"],
        defines = ["KERNEL_SERVER=1"],
    ),
    "requests": struct(
        options = [("-requests", ".h")],
        deps = ["//libs/mig/runtime:requests"],
        defines = [],
    ),
}

def mig_library(
        name,
        defs,
        kind,
        includes = ["//libs/mach:defs"],
        defines = [],
        header = None,
        kernel_types = "kernel/rpc/mig_types.h",
        deps = [],
        copts = [],
        **kwargs):
    """Generates one side of an interface and makes it a cc_library.

    Include the generated header as "<package>/<header>", e.g. "libs/mach/fs_server.h".

    Args:
      name: the cc_library.
      defs: label of the .defs file.
      kind: "user" (C functions that send the requests), "cserver" (C demultiplexer
        NAME_server), "cxxserver" (C++ interface class, header only), "kernel" (the kernel's
        dispatch, header only) or "requests" (tables for tests, header only). libs/mig/README.md says what each holds.
      includes: labels of the .defs files it includes. They are found by their path from the
        root of the repository or in libs/mach/defs.
      defines: names, or name=value, for the #if lines of the .defs files.
      header: name of the generated header if it is not name + ".h".
      kernel_types: kind "kernel": what the generated header includes for the kernel's types.
      deps: what the `import` lines need.
      copts: compiler options for generated sources.
      **kwargs: further cc_library attributes (visibility, includes, strip_include_prefix ...).
    """
    if kind not in _KINDS:
        fail("kind must be one of %s, not %s" % (", ".join(_KINDS.keys()), kind))
    rule = _KINDS[kind]
    header = header or name + ".h"
    package = native.package_name()
    flags = ["-D" + define for define in rule.defines + defines]
    flags += ["-I.", "-Ilibs/mach/defs", "-include", (package + "/" if package else "") + header]
    if kind == "kernel":
        flags += ["-types", kernel_types]
    outs = []
    for option, suffix in rule.options:
        out = header if suffix == ".h" else name + suffix
        outs.append(out)
        flags += [option, "$(location %s)" % out]
    native.genrule(
        name = name + "_mig",
        srcs = [defs] + includes,
        outs = outs,
        cmd = "$(location //libs/mig) %s $(location %s)" % (" ".join(flags), defs),
        tools = ["//libs/mig"],  # host configuration: built once for all platforms
        message = "Generating %s of" % kind,
        visibility = ["//visibility:private"],
    )
    native.cc_library(
        name = name,
        srcs = [out for out in outs if out.endswith(".c")],
        hdrs = [header],
        copts = copts,
        deps = rule.deps + deps,
        **kwargs
    )
