"""Tests that run in a guest: on the whole system, or on the kernel alone."""

load("//images:disk_image.bzl", "disk_image")

def guest_test(name, program, args = [], options = [], image = "//rootfs:disk", tags = [], size = "medium", **kwargs):
    """Runs a program in a guest of the whole system (./machina exec).

    It passes when its status is 0 and its standard output, TAP or free text, has no "not ok" line.

    Args:
      name: the test.
      program: label of one executable, e.g. a user_cc_binary or a shell script; it is copied to
        /exec/NAME-OF-THE-FILE in the guest.
      args: its arguments.
      options: options of ./machina exec, e.g. ["--memory", "64"].
      image: the disk.
      tags: Bazel's tags; "long" keeps a test out of the normal run.
      size: Bazel's test size.
      **kwargs: further sh_test attributes.
    """
    native.sh_test(
        name = name,
        srcs = ["//images/runner:guest_test.sh"],
        args = ["$(location %s)" % image, "$(location %s)" % program] + options + ["--"] + args,
        data = [image, program, "//:machina", "//images/runner:scripts"],
        size = size,
        tags = tags,
        **kwargs
    )

def short_and_long_test(name, short, long, rule = None, args = [], tags = [], **kwargs):
    """A test in a form for every run and in one that takes long, which differ in their last arguments.

    Args:
      name: ends in "_test"; the long form, NAME_long_test, has the tag "long".
      short: the last arguments of the short form.
      long: those of the long form.
      rule: what makes one of them, e.g. guest_test; sh_test by default.
      args: the arguments before.
      tags: Bazel's tags of both.
      **kwargs: further attributes of both.
    """
    for form, last, form_tags in [("", short, []), ("_long", long, ["long"])]:
        (rule or native.sh_test)(
            name = name[:-len("_test")] + form + "_test",
            size = "medium",
            timeout = "eternal",  # a loaded machine is slow
            args = args + last,
            tags = tags + form_tags,
            **kwargs
        )

def kernel_program_image(name, program, kernel = "//kernel", modules = {}):
    """The disk of a kernel_test: the kernel, the program as its first module, nothing else.

    Args:
      name: the image.
      program: label of a user_cc_binary.
      kernel: label of the kernel.
      modules: further boot modules, name (also the module's string) to label.
    """
    files = {
        "/boot/kernel": kernel,
        "/servers/bootstrap": program,
    }
    files.update([("/servers/" + n, label) for n, label in modules.items()])
    disk_image(
        name = name,
        testonly = True,
        files = files,
        modules = ["/servers/bootstrap bootstrap"] + ["/servers/%s %s" % (n, n) for n in modules],
        tags = ["manual"],
    )

def kernel_test(name, program, kernel = "//kernel", modules = {}, memory = 64, kernel_args = "", mode = "", seconds = 250, tags = [], size = "medium", **kwargs):
    """Runs a program as the kernel's first task, without any server, and reads the console.

    The program reports TAP on the console and powers the machine off. It passes when the console shows
    a plan ("1..N") and exactly N "ok" lines, no "not ok" line, and the power-off was orderly.

    Args:
      name: the test.
      program: label of a user_cc_binary.
      kernel: label of the kernel.
      modules: further boot modules, name (also the module's string) to label.
      memory: MiB.
      kernel_args: kernel arguments.
      mode: "icount": the clock counts instructions; "reboots": the machine may restart.
      seconds: after which the guest is taken for hanging.
      tags: Bazel's tags; "long" keeps a test out of the normal run.
      size: Bazel's test size.
      **kwargs: further sh_test attributes.
    """
    kernel_program_image(
        name = name + ".disk",
        program = program,
        kernel = kernel,
        modules = modules,
    )
    native.sh_test(
        name = name,
        srcs = ["//images/runner:kernel_test.sh"],
        args = ["$(location :%s.disk)" % name, str(memory), "'%s'" % kernel_args, "'%s'" % mode],
        data = [":%s.disk" % name, "//images/runner:scripts"],
        env = {"GUEST_SECONDS": str(seconds)},
        size = size,
        tags = tags,
        **kwargs
    )
