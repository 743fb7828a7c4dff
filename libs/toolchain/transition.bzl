"""Builds one target for another platform (no --platforms on the command line needed)."""

def _to_platform_impl(settings, attr):
    return {"//command_line_option:platforms": str(attr.platform)}

_to_platform = transition(
    implementation = _to_platform_impl,
    inputs = [],
    outputs = ["//command_line_option:platforms"],
)

def _to_fuzzed_impl(settings, _attr):
    features = settings["//command_line_option:features"]
    return {"//command_line_option:features": features + [f for f in ["fuzzer"] if f not in features]}

_to_fuzzed = transition(
    implementation = _to_fuzzed_impl,
    inputs = ["//command_line_option:features"],
    outputs = ["//command_line_option:features"],
)

def _for_platform_impl(ctx):
    src = ctx.attr.src[0]
    executable = src[DefaultInfo].files_to_run.executable
    target = executable if executable else src[DefaultInfo].files.to_list()[0]
    out = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = out, target_file = target, is_executable = executable != None)
    runfiles = ctx.runfiles(files = [out, target]).merge(src[DefaultInfo].default_runfiles)
    return [DefaultInfo(files = depset([out]), executable = out, runfiles = runfiles)]

_ATTRS = {
    "src": attr.label(cfg = _to_platform, mandatory = True),
    "platform": attr.label(mandatory = True),
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

platform_binary = rule(
    implementation = _for_platform_impl,
    attrs = _ATTRS,
    executable = True,
)

platform_test = rule(
    implementation = _for_platform_impl,
    attrs = _ATTRS,
    test = True,
)

# A program of the same platform, all of it compiled with the toolchain's feature "fuzzer".
fuzzed_binary = rule(
    implementation = _for_platform_impl,
    attrs = {
        "src": attr.label(cfg = _to_fuzzed, mandatory = True),
        "_allowlist_function_transition": _ATTRS["_allowlist_function_transition"],
    },
    executable = True,
)
