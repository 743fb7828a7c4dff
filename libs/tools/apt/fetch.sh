#!/bin/bash
# fetch.sh OUTDIR APTCONF KIND PACKAGE VERSION ARCH POOLPATH SHA256
# Puts one pinned Debian file in OUTDIR with the machine's own apt client.
# No mirror is named here: the sites are those of the machine's apt sources.
set -u
out=$1 conf=$2 kind=$3 pkg=$4 ver=$5 arch=$6 pool=$7 sha=$8
file=$(basename "$pool")
log=$out/apt.log
mkdir -p "$out"
: > "$log"
ok() { [ -f "$out/$file" ] && [ "$(sha256sum < "$out/$file" | cut -d' ' -f1)" = "$sha" ]; }
nohost() { sed 's#//[^/ ]*#//MIRROR#g' "$log" | tail -12; }

# 1. By name and version, from the private index (amd64 + i386 + sources).
if [ -n "$conf" ]; then
  export APT_CONFIG=$conf
  ( cd "$out"
    if [ "$kind" = source ]; then
      apt-get -q -q source --download-only --only-source "$pkg=$ver"
    else
      apt-get -q -q download "$pkg:$arch=$ver"
      # apt writes the epoch as %3a; the pool name has no epoch.
      for f in "${pkg}"_*.deb; do case $f in *%3a*) mv "$f" "$file" ;; esac; done
    fi ) >> "$log" 2>&1
  unset APT_CONFIG
  ok && exit 0
fi
# 2. By pool path, with apt's own downloader (needs no index; a version that
#    has left the index may still lie in the pool).
for site in $(apt-get indextargets --no-release-info --format '$(REPO_URI)' 'Created-By: Packages' | sort -u); do
  rm -f "$out/$file"
  /usr/lib/apt/apt-helper -o APT::Sandbox::User=root download-file "$site$pool" "$out/$file" "SHA256:$sha" >> "$log" 2>&1
  ok && exit 0
done
if grep -q 'Hash Sum mismatch' "$log" || { [ -f "$out/$file" ] && ! ok; }; then
  echo "apt_archive: $file ($pkg $ver): the mirror's file is not the locked one. Locked sha256: $sha, the mirror's: $(sed -n '/received file/,$s/.*SHA256:\([0-9a-f]\{64\}\).*/\1/p' "$log" | grep -v "$sha" | head -1)"
else
  echo "apt_archive: no configured Debian mirror has $kind package $pkg $ver ($arch): $file."
  if [ -n "$conf" ]; then
    now=$(if [ "$kind" = source ]; then APT_CONFIG=$conf apt-cache showsrc --only-source "$pkg" 2>/dev/null | sed -n 's/^Version: //p'; else APT_CONFIG=$conf apt-cache madison "$pkg:$arch" 2>/dev/null | awk -F'|' '{print $2}'; fi | sort -u | tr '\n' ' ')
    echo "  The mirror offers: ${now:-nothing of that name}."
  fi
  echo "  Update libs/third_party/lock.bzl (libs/tools/apt/lock.sh $kind $pkg), or put the file in a --distdir."
fi
echo "  apt said:"; nohost
exit 1
