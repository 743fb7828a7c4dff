"""Repository rules that take pinned packages from the machine's Debian mirror through apt."""

_CONF = """Dir::State "{d}/state";
Dir::State::status "{d}/state/status";
Dir::Cache "{d}/cache";
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "{d}/sources.list.d";
APT::Architectures {{ "amd64"; "i386"; }};
APT::Sandbox::User "root";
Acquire::Languages "none";
"""

_UPDATE = """set -eu
mkdir -p sources.list.d state/lists/partial cache/archives/partial
: > state/status
# The machine's own sources, as seen by apt, without the host names ever being written in the repo.
apt-get indextargets --no-release-info --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)' 'Created-By: Packages' | sort -u |
while IFS='|' read -r uri rel comp key; do
  case $key in /*) ;; *) key=/usr/share/keyrings/debian-archive-keyring.gpg ;; esac   # apt may print fingerprints here
  printf 'Types: deb deb-src\\nURIs: %s\\nSuites: %s\\nComponents: %s\\nArchitectures: amd64 i386\\n%s\\n\\n' "$uri" "$rel" "$comp" "${key:+Signed-By: $key}"
done > sources.list.d/all.sources
APT_CONFIG=$PWD/apt.conf apt-get -q -q update || true   # one broken suite must not stop the rest
"""

def _apt_index_impl(ctx):
    ctx.file("apt.conf", _CONF.format(d = str(ctx.path("."))))
    ctx.file("BUILD", 'exports_files(["apt.conf"])\n')
    res = ctx.execute(["/bin/bash", "-c", _UPDATE], timeout = 600)
    if res.return_code:
        fail("apt-get update failed:\n" + res.stdout + res.stderr)

# Private package lists (never touches /var/lib/apt): fetched only when a pinned file is in no cache.
apt_index = repository_rule(implementation = _apt_index_impl)

def _get(ctx, name, pkg, pool, sha256):
    base = pool.split("/")[-1]
    out = "_dl/" + base

    # Bazel's repository cache or --distdir first: no network, no apt.
    hit = ctx.download(url = ["file:///nonexistent/" + base], output = out, sha256 = sha256, allow_fail = True)
    if hit.success:
        return out
    conf = str(ctx.path(ctx.attr._index)) if ctx.os.environ.get("APT_ARCHIVE_INDEX", "1") == "1" else ""
    ctx.report_progress("apt: " + base)
    res = ctx.execute(
        ["/bin/bash", str(ctx.path(ctx.attr._fetch)), str(ctx.path("_apt")), conf, pkg["kind"], pkg["package"], pkg["version"], pkg.get("arch", "all"), pool, sha256],
        timeout = 1800,
    )
    if res.return_code:
        fail("\n" + res.stdout + res.stderr)

    # Through Bazel's downloader: verified once more and kept in the repository cache.
    ctx.download(url = ["file://" + str(ctx.path("_apt/" + base))], output = out, sha256 = sha256)
    return out

def _run(ctx, cmd, what):
    res = ctx.execute(["/bin/bash", "-euo", "pipefail", "-c", cmd], timeout = 1800)
    if res.return_code:
        fail(what + ": " + cmd + "\n" + res.stdout + res.stderr)

def _apt_archive_impl(ctx):
    ctx.path(ctx.attr.build_file)  # declare every label first: a late one restarts the rule
    for name in ctx.attr.packages:
        pkg = json.decode(ctx.attr.lock[name])
        pools = pkg["files"].keys()  # json sorted them: the .orig tar must come first
        pools = [p for p in pools if ".orig" in p] + [p for p in pools if ".orig" not in p]
        for pool in pools:
            sha256 = pkg["files"][pool]
            f = _get(ctx, name, pkg, pool, sha256)
            if f.endswith(".deb"):
                _run(ctx, "dpkg-deb -x '%s' . && rm -rf usr/share/doc usr/share/man usr/share/lintian" % f, name)
            elif ".orig.tar." in f or ".orig-" in f:
                _run(ctx, "tar -xf '%s' --strip-components=1 --no-same-owner %s" % (f, " ".join(["--wildcards"] + ["'*/" + p + "'" for p in ctx.attr.include]) if ctx.attr.include else ""), name)
            elif ".debian.tar." in f:
                _run(ctx, "tar -xf '%s' --no-same-owner" % f, name)
                if ctx.attr.debian_patches:
                    _run(ctx, "for p in $(grep -v '^#' debian/patches/series); do patch -s -f -p1 < debian/patches/$p; done", name)
    for cmd in ctx.attr.cmds:
        _run(ctx, cmd, ctx.name)
    _run(ctx, "rm -rf _dl _apt", ctx.name)
    ctx.symlink(ctx.attr.build_file, "BUILD.bazel")

_apt_archive = repository_rule(
    implementation = _apt_archive_impl,
    attrs = {
        "packages": attr.string_list(mandatory = True),
        "lock": attr.string_dict(mandatory = True),
        "build_file": attr.label(mandatory = True, allow_single_file = True),
        "include": attr.string_list(doc = "of a source package, only these paths (tar wildcards)"),
        "cmds": attr.string_list(doc = "shell commands run in the unpacked tree"),
        "debian_patches": attr.bool(),
        "_fetch": attr.label(default = "//libs/tools/apt:fetch.sh"),
        "_index": attr.label(default = "@apt_index//:apt.conf"),
    },
    environ = ["APT_ARCHIVE_INDEX"],
)

def apt_archive(name, packages, lock, **kwargs):
    """Unpacks the locked packages (see libs/third_party/lock.bzl) into one external repository."""
    _apt_archive(
        name = name,
        packages = packages,
        lock = {p: json.encode(lock[p]) for p in packages},
        **kwargs
    )
