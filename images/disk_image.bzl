"""disk_image: a bootable, reproducible disk from a list of files."""

def _impl(ctx):
    lines = ["d 0755 " + d if " " not in d else "d " + d for d in ctx.attr.dirs]
    for target, paths in ctx.attr.files.items():
        sources = target.files.to_list()
        if len(sources) != 1:
            fail("%s is %d files; a path on the disk takes one" % (target.label, len(sources)))
        lines += [
            "f %s %s %s" % (ctx.attr.modes.get(path, "-"), path, sources[0].path)
            for path in paths.split(" ")
        ]
    lines += ["l %s %s" % item for item in ctx.attr.symlinks.items()]
    if ctx.file.busybox:
        lines.append("b - /bin/busybox " + ctx.file.busybox.path)
    manifest = ctx.actions.declare_file(ctx.label.name + ".manifest")
    ctx.actions.write(manifest, "".join([line + "\n" for line in lines]))

    config = ctx.actions.declare_file(ctx.label.name + ".grub.cfg")
    ctx.actions.expand_template(
        template = ctx.file._grub_config,
        output = config,
        substitutions = {
            "@KERNEL@": ctx.attr.kernel,
            "@MODULES@": "\n".join(["module " + m for m in ctx.attr.modules]),
        },
    )

    out = ctx.actions.declare_file(ctx.label.name + ".img.tar")
    inputs = ctx.files.files + ctx.files._grub + ctx.files._tools + ctx.files.busybox + ctx.files._llvm
    ctx.actions.run(
        executable = ctx.executable._mkdisk,
        arguments = [
            out.path,
            config.path,
            manifest.path,
            ctx.file._boot_sector.dirname,
            ctx.file._mke2fs.dirname + "/..",
            ctx.file._objcopy.path,
        ],
        inputs = inputs + [config, manifest],
        outputs = [out],
        mnemonic = "DiskImage",
        progress_message = "Making disk image %s" % ctx.label,
        env = {"PATH": "/usr/bin:/bin"},
    )
    return [DefaultInfo(files = depset([out]), runfiles = ctx.runfiles([out]))]

_disk_image = rule(
    implementation = _impl,
    attrs = {
        "files": attr.label_keyed_string_dict(allow_files = True),
        "dirs": attr.string_list(),
        "symlinks": attr.string_dict(),
        "modes": attr.string_dict(),
        "kernel": attr.string(),
        "modules": attr.string_list(),
        "busybox": attr.label(allow_single_file = True),
        "_mkdisk": attr.label(
            default = "//images:mkdisk.sh",
            allow_single_file = True,
            executable = True,
            cfg = "exec",
        ),
        "_grub_config": attr.label(default = "//images:grub.cfg.in", allow_single_file = True),
        "_grub": attr.label(default = "@grub//:i386_pc"),
        "_boot_sector": attr.label(
            default = "@grub//:usr/lib/grub/i386-pc/boot.img",
            allow_single_file = True,
        ),
        "_tools": attr.label(default = "@disktools//:all"),
        "_llvm": attr.label(default = "@llvm//:objcopy"),
        "_objcopy": attr.label(
            default = "@llvm//:usr/lib/llvm-19/bin/llvm-objcopy",
            allow_single_file = True,
        ),
        "_mke2fs": attr.label(default = "@disktools//:bin/mke2fs", allow_single_file = True),
    },
)

def disk_image(name, files, directories = {}, kernel = "/boot/kernel", **kwargs):
    """A disk that boots with a BIOS: NAME.img.tar holds the sparse file disk.img.

    Partition 1 is an ext2 file system, partition 2 is swap (zeros). The same inputs give the same
    bytes.

    Args:
      name: the image.
      files: path on the disk to label. ELF files and scripts become executable.
      directories: directory on the disk to a list of source files that go there under their names.
      kernel: path on the disk of the multiboot kernel.
      **kwargs: dirs: list of "PATH" or "MODE PATH", beyond the directories of files;
        symlinks: path to target; modes: path to octal mode;
        modules: list of "PATH ARGUMENT...", the boot modules in order;
        busybox: label of a static busybox, installed with links for all of its applets.
    """
    placed = dict(files)
    for directory, sources in directories.items():
        placed.update([(directory + "/" + s.rpartition("/")[2], s) for s in sources])
    by_label = {}
    for path, label in placed.items():
        by_label[label] = (by_label[label] + " " if label in by_label else "") + path
    _disk_image(name = name, files = by_label, kernel = kernel, **kwargs)
